import Records
import Text

/// What /proc/cpuinfo says of the processor, on any architecture.
///
/// Each architecture of the kernel prints keys of its own (`show_cpuinfo` under `arch/`). Keys are
/// compared in lower case: LoongArch writes `Model Name`.
struct CPUInfo {
    /// The first value of each key.
    private var fields: [String: String] = [:]
    /// `CPU implementer` and `CPU part` of the kinds of core there are, in the file's order.
    private var armCores: [ARMCore] = []
    private var listedProcessors: Int64 = 0
    /// What SPARC and Alpha give in place of a list.
    private var activeProcessors: Int64?
    private var physicalIDs: Set<String> = []
    private var coreIDs: Set<[String]> = []

    init(_ bytes: [UInt8]) {
        var implementer = ""
        var physicalID = ""
        for line in RawText(bytes).repaired.split(whereSeparator: { $0.isNewline }) {
            guard let field = line.divided(at: ":"), !field.behind.isEmpty else { continue }
            let (key, value) = (field.before.lowercasedASCII(), String(field.behind))
            if fields[key] == nil { fields[key] = value }
            switch key {
            // s390 has `processor 0: version = …`, and ARM's oldest kernels `Processor : ARMv7 …`.
            case "processor": if Int64(value) != nil { listedProcessors += 1 }
            case _ where key.hasPrefix("processor ") && Int64(key.dropFirst(10)) != nil:
                listedProcessors += 1
                if fields["s390 processor"] == nil { fields["s390 processor"] = value }
            case "ncpus active", "cpus active": activeProcessors = Int64(value)
            case "cpu implementer": implementer = value
            case "cpu part":
                let core = ARMCore(implementer: implementer, part: value)
                if !armCores.contains(core) { armCores.append(core) }
            case "physical id":
                physicalID = value
                if !value.hasPrefix("-") { physicalIDs.insert(value) }
            // A negative number says that it is not known; Xtensa has a word there.
            case "core id":
                if let core = Int64(value), core >= 0 { coreIDs.insert([physicalID, value]) }
            default: break
            }
        }
    }

    var logicalProcessors: Int64? { listedProcessors > 0 ? listedProcessors : activeProcessors }
    var sockets: Int64? { physicalIDs.isEmpty ? nil : Int64(physicalIDs.count) }
    var numberOfCores: Int64? { coreIDs.isEmpty ? nil : Int64(coreIDs.count) }

    /// x86 writes `unknown` for what it cannot tell. Itanium's key has no `_id`.
    var manufacturer: String? {
        [fields["vendor_id"], fields["vendor"]].compactMap { $0 }.first { $0 != "unknown" }
            ?? armCores.first?.manufacturer
    }

    /// The name that a person would recognise; nil if the file has none of the keys known here.
    var model: String? {
        let known = armCores.compactMap { $0.name }
        if !known.isEmpty { return known.joined(separator: " + ") }
        // PA-RISC has the machine's name there.
        if let name = fields["model name"], name != "unknown", !isPlaceholder(name),
            fields["cpu family"]?.hasPrefix("PA-RISC") != true
        {
            return name
        }
        if let machine = ibmMachine { return machine }
        // Alpha: `cpu : Alpha`, `cpu model : EV56`. MIPS has the latter only.
        if let model = fields["cpu model"] {
            return fields["cpu"].map { "\($0) \(model)" } ?? model
        }
        // POWER: `POWER9 (architected), altivec supported`; SPARC: `UltraSparc T5 (Niagara5)`.
        if let cpu = fields["cpu"] { return String(cpu.prefix { $0 != "," }) }
        if let core = armCores.first { return fields["hardware"] ?? fields["model"] ?? "\(core)" }
        for key in ["uarch", "hardware", "cpu type", "machine", "system type", "isa", "processor"] {
            if let value = fields[key], Int64(value) == nil { return value }
        }
        if let manufacturer {
            let family = (fields["cpu family"] ?? fields["family"]).map { " family \($0)" }
            let model = fields["model"].map { " model \($0)" }
            return manufacturer + (family ?? "") + (model ?? "")
        }
        return nil
    }

    /// `05/02`, which x86 writes where the processor has no name: family and model.
    private func isPlaceholder(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.isHexDigit } }
    }

    /// s390: `vendor_id : IBM/S390`, `processor 0: version = FF, identification = …, machine = 8561`.
    private var ibmMachine: String? {
        guard fields["vendor_id"] == "IBM/S390" else { return nil }
        let parts = fields["s390 processor"]?.split(separator: ",") ?? []
        let type = parts.lazy.map { $0.trimmingWhitespace() }
            .first { $0.hasPrefix("machine = ") }?.dropFirst("machine = ".count)
        guard let type = type ?? fields["machine"].map({ $0[...] }) else { return "IBM/S390" }
        return ibmMachineNames[String(type)].map { "IBM \($0) (\(type))" } ?? "IBM \(type)"
    }

    /// The record, with what sysfs knows better.
    static func record(_ info: CPUInfo?, _ topology: CPUTopology?, arch: String?) -> CPUInfoRecord {
        var record = CPUInfoRecord()
        if let info {
            record.model = info.model ?? arch
            record.manufacturer = info.manufacturer
            record.logicalProcessors = info.logicalProcessors
        }
        record.sockets = topology?.sockets ?? info?.sockets
        record.numberOfCores = topology?.cores ?? info?.numberOfCores
        record.maxClockSpeedMHz = topology?.maxClockSpeedMHz
        return record
    }
}

/// Machine types of IBM Z, from the machines' technical guides.
private let ibmMachineNames = [
    "2064": "z900", "2066": "z800", "2084": "z990", "2086": "z890", "2094": "z9 EC",
    "2096": "z9 BC", "2097": "z10 EC", "2098": "z10 BC", "2817": "z196", "2818": "z114",
    "2827": "zEC12", "2828": "zBC12", "2964": "z13", "2965": "z13s", "3906": "z14",
    "3907": "z14 ZR1", "8561": "z15", "8562": "z15 T02", "3931": "z16", "3932": "z16 A02",
    "9175": "z17",
]
