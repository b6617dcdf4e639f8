package import Database
import Evidence
import Records
import SQLScripts

/// What is known of one host by its newest execution, and what changed since the one before.
package struct HostOverview: Sendable {
    /// The host.
    package let host: Server
    /// The names that it had before.
    package let otherNames: [String]
    /// The addresses in the newest execution besides the host's first one.
    package let otherAddresses: [String]
    /// What the newest execution says of the host, if known.
    package let facts: Facts
    /// The facts of the newest execution that `census diff` compares, by its names for them; each is
    /// nil if unknown.
    package let comparedFacts: [(what: String, text: String?)]
    /// All executions, newest first, with their files.
    package let visits: [Visit]
    /// The newest execution.
    package let newest: Execution
    /// The execution that it is compared with; nil if there is none.
    package let previous: Execution?
    /// What changed between both; nil if there is only one.
    package let comparison: Comparison?
    /// The processes, sorted by PID; nil if unknown.
    package let processes: [ObservedProcess]?
    /// Each of `ListedKind.all`; nil if unknown.
    package let lists: [ObservedList?]

    /// An execution of the host.
    package struct Visit: Sendable {
        /// Its `Execution_ID`.
        package let id: Int64
        /// Its time in UTC: `2026-11-23 05:13:11`.
        package let date: String
        /// The path of its file; nil if it came from none.
        package let file: String?
        /// The SHA-256 of that file.
        package let sha256: String?
        /// The newest verdict on its signature: `valid`; nil if it was not read.
        package let signature: String?
        /// The key that signed it.
        package let signerKey: String?
        /// The name under which known_hosts has the key; nil if it has none.
        package let principal: String?
        /// Where the file comes from besides; its manifest is the last that it was compared with.
        package let origin: FileOrigin
    }

    /// Reads a host, in one state of the database if the caller has begun a transaction.
    /// - Throws: also if it has no execution.
    package init(
        of host: Server, _ hosts: HostQuery, in database: any Database
    ) throws(DatabaseError) {
        self.host = host
        let query = hosts.executions
        guard let (newest, previous) = try hosts.newest(of: host) else {
            throw database.damaged("server \(host.serverID) has no execution")
        }
        self.newest = newest
        self.previous = previous
        comparison = try previous.map { (previous) throws(DatabaseError) in
            try query.comparison(from: previous.id, to: newest.id)
        }
        facts = try Facts(of: newest.id, hosts.facts, in: database)
        comparedFacts = try query.comparedFacts(of: newest.id)
        otherAddresses = try query.addresses(of: newest.id).filter {
            !$0.utf8.elementsEqual((host.ip ?? "").utf8)
        }
        processes = facts.areProcessesKnown ? try query.processes(of: newest.id) : nil
        var lists: [ObservedList?] = []
        for kind in ListedKind.all { lists.append(try query.items(kind, of: newest.id)) }
        self.lists = lists

        otherNames = try hosts.names(of: host).filter {
            !$0.utf8.elementsEqual((host.name ?? "").utf8)
        }
        let signatures = try query.signatures()
        let manifests = try query.lastManifests()
        let statement = try hosts.evidence(of: host)
        var visits: [Visit] = []
        while try statement.step() {
            var row = ColumnReader(statement)
            let (id, date, file, sha256) = (
                row.integer(), row.text(), row.textOrNil(), row.textOrNil()
            )
            let said = signatures.said(
                of: sha256,
                first: SignatureVerdicts.Said(
                    verdict: row.textOrNil().flatMap(FileSignature.Verdict.init),
                    key: row.textOrNil(), principal: row.textOrNil()))
            let database = row.textOrNil()
            let origin = FileOrigin(&row, joinedFrom: database).with(manifests, of: sha256)
            visits.append(
                Visit(
                    id: id, date: date, file: file, sha256: sha256,
                    signature: said.verdict?.rawValue, signerKey: said.key,
                    principal: said.key == nil ? nil : said.principal, origin: origin))
        }
        self.visits = visits
    }
}

extension HostOverview {
    /// Single values of an execution; each is nil if unknown.
    package struct Facts: Sendable {
        /// Where the host id comes from: `machine-id`.
        package let hostIDSource: String?
        /// The name of the operating system: `Debian GNU/Linux`.
        package let system: String
        /// Its version: `12`.
        package let systemVersion: String?
        /// Its code name: `bookworm`.
        package let codename: String?
        /// The kernel's release: `6.1.0-28-amd64`.
        package let kernel: String?
        /// The machine's hardware name: `x86_64`.
        package let arch: String?
        /// The model of the processor.
        package let processor: String?
        /// Sockets in use.
        package let sockets: Int64?
        /// Cores in all sockets together.
        package let cores: Int64?
        /// Threads in all cores together.
        package let logicalProcessors: Int64?
        /// The kind of container: `docker`; `none` outside of one.
        package let container: String?
        /// Who made the hardware.
        package let vendor: String?
        /// The maker's name of the model.
        package let model: String?
        /// The serial number of the hardware.
        package let serial: String?
        /// The UUID of the hardware, in lower case.
        package let uuid: String?
        /// The memory that the system can use, in bytes.
        package let memory: Int64?
        /// The network interfaces with their MAC addresses: `eth0 52:54:00:12:34:56`.
        package let interfaces: String?
        /// When the system was started, in UTC: `2026-11-23 05:13:11`.
        package let bootTime: String?
        /// The program that wrote the snapshot, with its version.
        package let generator: String?
        /// Why the execution may not have seen everything; empty if nothing is known to be missing.
        package let doubts: [String]
        fileprivate let areProcessesKnown: Bool

        /// - Parameter statement: the query of the facts of an execution.
        fileprivate init(
            of execution: Int64, _ statement: any Statement, in database: any Database
        ) throws(DatabaseError) {
            try statement.bind([.integer(execution)])
            guard try statement.step() else {
                throw database.damaged("execution \(execution) has no operating system")
            }
            defer { statement.reset() }
            var row = ColumnReader(statement)
            hostIDSource = row.textOrNil()
            system = row.text()
            systemVersion = row.textOrNil()
            codename = row.textOrNil()
            kernel = row.textOrNil()
            arch = row.textOrNil()
            processor = row.textOrNil()
            sockets = row.integerOrNil()
            cores = row.integerOrNil()
            logicalProcessors = row.integerOrNil()
            container = row.textOrNil()
            vendor = row.textOrNil()
            model = row.textOrNil()
            serial = row.textOrNil()
            uuid = row.textOrNil()
            memory = row.integerOrNil()
            interfaces = row.textOrNil()
            bootTime = row.textOrNil()
            generator = row.textOrNil()
            var doubts: [String] = []
            let user = row.integerOrNil()
            if let user, user != 0 { doubts.append("not run as root") }
            if row.integerOrNil() == 0 { doubts.append("not run as administrator") }
            if row.integerOrNil() == 1 { doubts.append("some processes hidden") }
            areProcessesKnown = row.integerOrNil() == 1
            if let files = row.textOrNil().map(UnreadFiles.init(stored:)) {
                doubts += files.doubts(isRoot: user == nil || user == 0)
            }
            self.doubts = doubts
        }
    }
}
