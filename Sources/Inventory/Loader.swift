import Database
import Snapshot

/// Writes snapshots into a database.
///
/// The order of calls is `beginFile`, `load` for each of its snapshots, then `endFile`; and `commit`
/// at the end. Several files share a transaction; a file that turns out bad is undone alone.
struct Loader {
    private let database: any Database
    private let statements: LoaderStatements
    private let now: String

    private var userNames = NameTable()
    private var users: [UInt32: Int64] = [:]
    private var processNames = NameTable()
    /// By PID in the high half and the name's number in the low one.
    private var processes: [UInt64: Int64] = [:]

    private(set) var isInTransaction = false
    private var rowsInTransaction = 0
    private var filesInTransaction = 0
    private var receiptID: Int64 = 0
    private var links: [Link] = []
    private var newProcesses = Rows(columnCount: 2)
    private var linkRows = Rows(columnCount: 3)

    /// Whether the transaction is so large that its end, which waits for the medium, costs little.
    var isTransactionFull: Bool {
        rowsInTransaction >= database.rowsPerTransaction
            || filesInTransaction >= Self.filesPerTransaction
    }

    private static let filesPerTransaction = 2_000
    /// What is remembered at the most; the rest is looked up in the database.
    private static let rememberedProcesses = 3_000_000
    private static let rememberedNameBytes = 16 << 20

    private struct Link {
        var process: Int64
        var owner: Int64?
    }

    init(_ database: any Database) throws(DatabaseError) {
        self.database = database
        statements = try LoaderStatements(database)
        now = Timestamp.now()?.sqlText ?? ""
    }

    mutating func beginFile(path: String) throws(DatabaseError) {
        if !isInTransaction {
            try database.beginWriting()
            isInTransaction = true
        }
        try database.execute("SAVEPOINT census_file")
        // What is not known before the file's end follows there.
        receiptID = try insertReceipt(path, FileReading(), .ingested)
    }

    /// What became of a snapshot.
    enum Outcome {
        case loaded
        /// It was there already.
        case known
        /// Another one is there under its id.
        case conflicting
    }

    mutating func load(_ snapshot: Snapshot) throws(DatabaseError) -> Outcome {
        let known = try statements.findSnapshot.first([.text(snapshot.header.id)]) { $0.text(0) }
        if let known { return known == snapshot.sha256 ? .known : .conflicting }

        let serverFacts: [Value] = [
            Value(snapshot.host.hostname), Value(snapshot.host.ip),
            .integer(try operatingSystem(snapshot.osVersion)),
            Value(try processor(snapshot.cpuInfo)),
        ]
        let server = try server(snapshot, serverFacts)
        try statements.insertExecution.run(
            [.integer(server), .text(snapshot.header.takenAt.sqlText)] + serverFacts
                + observations(snapshot))
        let execution = database.lastInsertedID

        var addresses = Rows(columnCount: 2)
        let distinct = Set((snapshot.host.addresses ?? []).map { Array($0.utf8) })
        for address in distinct.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            addresses.append(execution)
            addresses.append(address[...])
        }
        try database.insert(
            addresses, into: "ADDRESSES_PER_EXECUTION", columns: ["Execution_ID", "Address"])
        try loadProcesses(snapshot.processes, execution)
        try loadUsers(snapshot.users, execution)
        return .loaded
    }

    /// Completes the receipt of the file.
    /// - Parameter rejection: why nothing of the file shall stay.
    mutating func endFile(
        path: String, _ reading: FileReading, hasNews: Bool, rejection: String?
    ) throws(DatabaseError) {
        if let rejection {
            try database.execute("ROLLBACK TO SAVEPOINT census_file")
            forget()
            receiptID = try insertReceipt(path, reading, .rejected, rejection)
        } else {
            try statements.completeReceipt.run([
                Value(reading.size), Value(reading.sha256),
                .text((hasNews ? Verdict.ingested : .duplicate).rawValue), .integer(receiptID),
            ])
        }
        try database.execute("RELEASE SAVEPOINT census_file")
        filesInTransaction += 1
    }

    mutating func commit() throws(DatabaseError) {
        guard isInTransaction else { return }
        try database.commit()
        isInTransaction = false
        rowsInTransaction = 0
        filesInTransaction = 0
    }

    private enum Verdict: String { case ingested, duplicate, rejected }

    private func insertReceipt(
        _ path: String, _ reading: FileReading, _ verdict: Verdict, _ reason: String? = nil
    ) throws(DatabaseError) -> Int64 {
        try statements.insertReceipt.run([
            .text(path), Value(reading.size), Value(reading.sha256), .text(verdict.rawValue),
            Value(reason), .text(now),
        ])
        return database.lastInsertedID
    }

    /// Lets go of what is remembered of the database: it is too much, or has been undone there.
    private mutating func forget() {
        userNames = NameTable()
        users = [:]
        processNames = NameTable()
        processes = [:]
    }

    private func operatingSystem(_ os: OSVersionRecord) throws(DatabaseError) -> Int64 {
        var key = Rows(columnCount: 2)
        key.append(os.name)
        key.append(os.version)
        return try database.ids(of: key, in: .os)[0]
    }

    private func processor(_ cpu: CPUInfoRecord) throws(DatabaseError) -> Int64? {
        guard let model = cpu.model else { return nil }
        var key = Rows(columnCount: 1)
        key.append(model)
        return try database.ids(of: key, in: .processors)[0]
    }

    /// The host's row, which keeps the facts of the newest execution by date. Of two at the same
    /// second the one with the greater snapshot id counts, in whatever order they come.
    private func server(
        _ snapshot: Snapshot, _ facts: [Value]
    ) throws(DatabaseError) -> Int64 {
        let hostID = Value.text(snapshot.host.hostID)
        guard let id = try statements.findServer.first([hostID], { $0.integer(0) }) else {
            try statements.insertServer.run([hostID] + facts)
            return database.lastInsertedID
        }
        let newest = try statements.findNewest.first([.integer(id)]) { row in
            (date: row.text(0), snapshot: row.text(1))
        }
        let (date, snapshotID) = (snapshot.header.takenAt.sqlText, snapshot.header.id)
        if newest.map({ ($0.date, $0.snapshot) < (date, snapshotID) }) ?? true {
            try statements.updateServer.run(facts + [.integer(id)])
        }
        return id
    }

    /// The columns of `Executions` from `Processes_known` on.
    private func observations(_ snapshot: Snapshot) -> [Value] {
        let (header, host) = (snapshot.header, snapshot.host)
        let (os, cpu, collection) = (snapshot.osVersion, snapshot.cpuInfo, snapshot.collection)
        return [
            Value(snapshot.areProcessesKnown), Value(snapshot.areUsersKnown),
            Value(host.hostIDSource),
            Value(host.bootTime.flatMap(Timestamp.init(unixSeconds:))?.sqlText),
            Value(header.utcOffsetSeconds), Value(host.kernel), Value(host.arch),
            Value(host.container),
            Value(os.platform), Value(os.platformLike), Value(os.codename),
            Value(cpu.manufacturer), Value(cpu.sockets), Value(cpu.numberOfCores),
            Value(cpu.logicalProcessors), Value(cpu.maxClockSpeedMHz),
            Value(collection?.euid), Value(collection?.sessionSource),
            Value(collection?.processesHidden), Value(collection?.processesUnreadable),
            Value(header.generator), .text(header.id), .text(snapshot.sha256),
            .integer(receiptID),
        ]
    }

    private mutating func loadProcesses(
        _ list: ProcessList, _ execution: Int64
    ) throws(DatabaseError) {
        if processes.count > Self.rememberedProcesses
            || processNames.byteCount + userNames.byteCount > Self.rememberedNameBytes
        {
            forget()
        }
        try findLinks(list)
        // In the order of the key, so that the table grows at its end. A process that is listed
        // twice is one; an owner that is known counts before one that is not.
        links.sort { ($0.process, $0.owner ?? .max) < ($1.process, $1.owner ?? .max) }
        linkRows.removeAll()
        var previous: Int64 = -1
        for link in links where link.process != previous {
            linkRows.append(execution)
            linkRows.append(link.process)
            linkRows.append(link.owner)
            previous = link.process
        }
        try database.insert(
            linkRows, into: "PROCESSES_PER_EXECUTION",
            columns: ["Execution_ID", "Process_ID", "Owner_ID"])
        rowsInTransaction += linkRows.count
    }

    /// Puts the ids of the processes and of their owners into `links`.
    private mutating func findLinks(_ list: ProcessList) throws(DatabaseError) {
        links.removeAll(keepingCapacity: true)
        newProcesses.removeAll()
        var newKeys: [UInt64] = []
        for row in list.rows {
            let name = list.name(of: row)
            let key = UInt64(row.pid) << 32 | UInt64(processNames.number(of: name))
            var link = Link(process: 0)
            if let id = processes[key] {
                link.process = id
            } else {
                // Not known yet: for now the place among the new ones, counted down from -1.
                link.process = -1 - Int64(newKeys.count)
                processes[key] = link.process
                newKeys.append(key)
                newProcesses.append(Int64(row.pid))
                newProcesses.append(name)
            }
            if let owner = list.owner(of: row) { link.owner = try user(owner) }
            links.append(link)
        }
        if newKeys.isEmpty { return }
        let ids = try database.ids(of: newProcesses, in: .processes)
        for (key, id) in zip(newKeys, ids) { processes[key] = id }
        for index in links.indices where links[index].process < 0 {
            links[index].process = ids[Int(-1 - links[index].process)]
        }
    }

    private mutating func user(_ name: ArraySlice<UInt8>) throws(DatabaseError) -> Int64 {
        let number = userNames.number(of: name)
        if let id = users[number] { return id }
        var key = Rows(columnCount: 1)
        key.append(name)
        let id = try database.ids(of: key, in: .users)[0]
        users[number] = id
        return id
    }

    private mutating func loadUsers(
        _ names: [String], _ execution: Int64
    ) throws(DatabaseError) {
        var ids: Set<Int64> = []
        for name in names { ids.insert(try user(ArraySlice(name.utf8))) }
        var rows = Rows(columnCount: 2)
        for id in ids.sorted() {
            rows.append(execution)
            rows.append(id)
        }
        try database.insert(
            rows, into: "USERS_PER_EXECUTION", columns: ["Execution_ID", "User_ID"])
    }
}

extension EntityTable {
    fileprivate static let os = EntityTable(
        name: "OS", idColumn: "OS_ID", keyColumns: ["OS_Name", "OS_Version"])
    fileprivate static let processors = EntityTable(
        name: "Processors", idColumn: "Processor_ID", keyColumns: ["Brand"])
    fileprivate static let processes = EntityTable(
        name: "Processes", idColumn: "Process_ID", keyColumns: ["PID", "Process_Name"])
    fileprivate static let users = EntityTable(
        name: "USERS", idColumn: "User_ID", keyColumns: ["User_Name"])
}
