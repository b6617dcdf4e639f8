import Database
package import Query
import Records
import Text

extension HostSheet {
    /// The page of a host: what it is, where that is known from, what runs and is installed on it,
    /// and what changed.
    package init(_ overview: HostOverview) {
        self.init(of: overview.host.description)
        add(overview)
    }

    /// Adds what is known of the host.
    mutating func add(_ overview: HostOverview) {
        add(overview.identity)
        add(overview.evidence)
        add(overview.running)
        add(overview.users)
        add(overview.packages)
        add(overview.accounts)
        add(overview.listeners)
        for kind in ListedKind.all where !HostOverview.kindsWithSection.contains(kind.record) {
            if let section = overview.count(of: kind) { add(section) }
        }
        add(overview.changes)
    }
}

extension HostOverview {
    /// The kinds of lists of which the page has rows.
    fileprivate static let kindsWithSection = ["user", "package", "account", "listening_port"]

    /// The compared facts that stand in rows with others, or elsewhere. Every other one has a row.
    private static let factsInOtherRows: Set = [
        "hardware UUID", "hardware model", "hardware serial", "hardware vendor", "interfaces",
        "kernel",
    ]

    private var id: Int64 { host.serverID }

    fileprivate var identity: HostSheet.Section {
        var rows: [[String]] = []
        func add(_ label: String, _ parts: String?..., separator: String = ", ") {
            let parts = parts.compactMap(\.self).filter { !$0.isEmpty }
            if !parts.isEmpty { rows.append([label, parts.joined(separator: separator)]) }
        }
        func count(_ count: Int64?, _ noun: String) -> String? { count.map { counted($0, noun) } }
        add("Server_ID", String(id))
        add("Host id", host.hostID, facts.hostIDSource.map { "(\($0))" }, separator: " ")
        add("Earlier names", otherNames.joined(separator: ", "))
        add("Other addresses", otherAddresses.joined(separator: ", "))
        add("Interfaces", facts.interfaces)
        add(
            "System", facts.system, facts.systemVersion, facts.codename.map { "(\($0))" },
            separator: " ")
        add("Kernel", facts.kernel, facts.arch)
        add(
            "Processor", facts.processor, count(facts.sockets, "socket"),
            count(facts.cores, "core"), count(facts.logicalProcessors, "logical processor"))
        add(
            "Hardware", [facts.vendor, facts.model].compactMap(\.self).joined(separator: " "),
            facts.serial.map { "serial \($0)" }, facts.uuid.map { "UUID \($0)" })
        add("Memory", facts.memory.map { "\($0 / 1_048_576) MiB" })
        for fact in comparedFacts where !Self.factsInOtherRows.contains(fact.what) {
            add(fact.what.prefix(1).uppercased() + fact.what.dropFirst(), fact.text)
        }
        add("Container", facts.container)
        add("Booted", facts.bootTime)
        add("Collected", newest.date, facts.generator.map { "by \($0)" })
        add("Incomplete", facts.doubts.joined(separator: ", "))
        return HostSheet.Section("Identity", ["Fact", "Value"], rows)
    }

    fileprivate var evidence: HostSheet.Section {
        let dates = visits.map(\.date).sorted()
        return HostSheet.Section(
            "Evidence: \(counted(visits.count, "execution")), \(dates.first ?? "") to "
                + "\(dates.last ?? "")",
            ["Exec_date", "Execution", "SHA256", "Signature", "File", "Origin"],
            visits.map { visit in
                [
                    visit.date, "execution \(visit.id)", visit.sha256,
                    visit.signature.map {
                        signatureText($0, by: visit.signerKey, as: visit.principal)
                    },
                    visit.file ?? "no file", visit.origin.parts.joined(separator: "; "),
                ]
            }, all: "census list evidence --host \(id)")
    }

    fileprivate var running: HostSheet.Section {
        guard let processes else { return HostSheet.Section("Processes: unknown") }
        var counts: [ListedItem: Int] = [:]
        for process in processes {
            counts[ListedItem([process.name, process.owner]), default: 0] += 1
        }
        let groups = counts.sorted { a, b in
            a.value != b.value ? a.value > b.value : precedes(a.key, b.key)
        }
        return HostSheet.Section(
            "Processes: \(processes.count)", ["Count", "Name", "Owner"],
            groups.map { group in
                [
                    String(group.value), group.key.name,
                    group.key.values[1]?.text,
                ]
            }, all: "census report 3 --latest --host \(id)")
    }

    private func precedes(_ a: ListedItem, _ b: ListedItem) -> Bool {
        a.values.lexicographicallyPrecedes(b.values) { x, y in
            guard let x, let y else { return x == nil && y != nil }
            return x < y
        }
    }

    fileprivate var users: HostSheet.Section {
        section(of: .users, ["User"], all: "1") { [$0.name] }
    }

    fileprivate var packages: HostSheet.Section {
        guard let list = lists[ListedKind.packages.index] else {
            return HostSheet.Section("Packages: unknown")
        }
        var counts: [String: Int] = [:]
        for item in list.items {
            counts[item.text("Package_Type", of: .packages) ?? "", default: 0] += 1
        }
        return HostSheet.Section(
            title(of: .packages, list), ["Type", "Count"],
            counts.sorted { $0.key < $1.key }.map { [$0.key, String($0.value)] }
                + (counts.isEmpty ? [] : [["all", "census report packages --latest --host \(id)"]]))
    }

    fileprivate var accounts: HostSheet.Section {
        func isUsable(_ item: ListedItem) -> Bool {
            item.text("Is_enabled", of: .accounts) != "0"
        }
        func state(_ item: ListedItem) -> String? {
            item.text("Is_enabled", of: .accounts).map { $0 == "0" ? "disabled" : "enabled" }
        }
        func precedes(_ a: ListedItem, _ b: ListedItem) -> Bool { isUsable(a) && !isUsable(b) }
        return section(
            of: .accounts, ["Name", "UID", "State", "Password", "Shell"], all: "accounts",
            sortedBy: precedes
        ) { item in
            [
                item.name, item.text("UID", of: .accounts).map { "uid \($0)" }, state(item),
                item.text("Password_status", of: .accounts).map { "password \($0)" },
                item.text("Shell", of: .accounts),
            ]
        }
    }

    fileprivate var listeners: HostSheet.Section {
        let kind = ListedKind.all.first { $0.record == "listening_port" }!
        return section(of: kind, ["Protocol", "Address", "Process"], all: "listening") { item in
            let address = item.text("Address", of: kind) ?? ""
            return [
                item.text("Protocol", of: kind),
                address.contains(":") ? "[\(address)]:\(item.name)" : "\(address):\(item.name)",
                item.text("Process_Name", of: kind),
            ]
        }
    }

    private func title(of kind: ListedKind, _ list: ObservedList) -> String {
        let name = kind.title.replacing("_", with: " ")
        return "\(name): \(list.items.count)" + (list.isComplete ? "" : ", others are unknown")
    }

    /// - Parameter report: the report of all items.
    private func section(
        of kind: ListedKind, _ columns: [String], all report: String,
        sortedBy precedes: ((ListedItem, ListedItem) -> Bool)? = nil,
        _ row: (ListedItem) -> [String?]
    ) -> HostSheet.Section {
        guard let list = lists[kind.index] else {
            return HostSheet.Section("\(kind.title.replacing("_", with: " ")): unknown")
        }
        // A sort that is stable: of those that are equal the order of the query.
        let items =
            precedes.map { precedes in
                list.items.enumerated().sorted { a, b in
                    if precedes(a.element, b.element) { return true }
                    return !precedes(b.element, a.element) && a.offset < b.offset
                }.map(\.element)
            } ?? list.items
        return HostSheet.Section(
            title(of: kind, list), columns, items.map(row),
            all: "census report \(report) --latest --host \(id)")
    }

    /// The number of items; nil if the collector did not look for them.
    fileprivate func count(of kind: ListedKind) -> HostSheet.Section? {
        lists[kind.index].map { HostSheet.Section(title(of: kind, $0)) }
    }

    fileprivate var changes: HostSheet.Section {
        guard let previous, let comparison else {
            return HostSheet.Section("Changes: no earlier execution to compare with")
        }
        let unknown =
            comparison.unknown.isEmpty
            ? "" : "; not compared: \(comparison.unknown.joined(separator: ", "))"
        func text(_ value: Value) -> String? {
            var bytes: [UInt8] = []
            [value].appendText(0, to: &bytes)
            return bytes.isEmpty ? nil : String(carrying: bytes)
        }
        return HostSheet.Section(
            "Changes since \(previous.date): \(comparison.changes.count)\(unknown)",
            ["Change", "What", "Name", "From", "To"],
            comparison.changes.map { change in
                [
                    change.kind.rawValue, change.what,
                    [change.name, change.owner.map { "(\($0))" }].compactMap(\.self)
                        .joined(separator: " "),
                    text(change.from), text(change.to),
                ]
            }, lastSeparator: " > ", all: "census diff --host \(id)")
    }
}

extension ListedItem {
    /// The value of a column of the kind's table; nil if unknown.
    fileprivate func text(_ column: String, of kind: ListedKind) -> String? {
        kind.columns.firstIndex { $0.name == column }.flatMap { values[$0]?.text }
    }
}
