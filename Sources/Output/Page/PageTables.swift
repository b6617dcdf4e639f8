import Database
import Query
import Records

// The rows of tables that are not reports.
extension Page {
    static let findingColumns = [
        "Severity", "Finding", "Server_ID", "Host", "IP", "Seen", "What", "File", "SHA256",
    ]

    static func serverColumns(_ kinds: [ListedKind]) -> [String] {
        ["Server_ID", "Hostname", "IP", "Executions", "Processes"] + kinds.map(\.title)
            + ["First_seen", "Last_seen", "OS", "Processor"]
    }

    func add(
        _ server: PageData.ServerSummary, to table: inout PageTable, _ axis: TimeAxis?
    ) throws {
        let facts = [
            Value(server.id), Value(server.hostname), Value(server.ip), Value(server.executions),
        ]
        let row =
            facts + server.newestCounts.map { Value($0) } + [
                .text(server.firstSeen), .text(server.lastSeen), .text(server.system),
                Value(server.processor),
            ]
        try table.add(row) { column in
            let list = column - facts.count
            guard let axis, server.samples.indices.contains(list) else { return nil }
            return sparkline(server.samples[list], over: axis)
        }
    }

    static func changeColumns(_ kinds: [ListedKind]) -> [String] {
        ["Server_ID", "Hostname", "IP", "From", "To"] + ChangeCounts.columns(kinds)
    }

    func row(_ server: ServerChanges, _ kinds: [ListedKind]) -> [Value] {
        [
            Value(server.server.id), Value(server.server.hostname), Value(server.server.ip),
            .text(server.older), .text(server.newer),
        ] + server.counts.row(kinds)
    }
}

/// Looks up the files that findings are known from.
struct FindingEvidence {
    let query: ExecutionQuery
    /// By `Server_ID`: the `Execution_ID` of the newest execution.
    private let newest: [Int64: Int64]

    init(newest: [Int64: Int64], _ database: any Database) throws(DatabaseError) {
        query = try ExecutionQuery(database)
        self.newest = newest
    }

    init(_ data: PageData, _ database: any Database) throws(DatabaseError) {
        var newest: [Int64: Int64] = [:]
        for server in data.servers { newest[server.id] = server.newest?.id }
        try self.init(newest: newest, database)
    }

    func file(of finding: PageFinding) throws(DatabaseError) -> CitedFile? {
        switch finding.source {
        case .file(let file): return file
        case .execution(let id): return try query.file(of: id)
        case .newestExecution:
            guard let id = finding.serverID.flatMap({ newest[$0] }) else { return nil }
            return try query.file(of: id)
        }
    }

    /// A row of `Page.findingColumns`.
    func row(of finding: PageFinding) throws(DatabaseError) -> [Value] {
        let file = try file(of: finding)
        return [
            .text(finding.weight), .text(finding.name), Value(finding.serverID),
            Value(finding.host), Value(finding.ip), Value(finding.seen), .text(finding.what),
            Value(file?.path), Value(file?.sha256),
        ]
    }
}
