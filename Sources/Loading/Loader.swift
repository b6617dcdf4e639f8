import Database
import Evidence
import Records
import Text

/// Writes the snapshots of files into a database.
///
/// It writes many files at once, table by table and not row by row. A server needs few statements,
/// and programs that write to one server lock the tables that they share in the same order.
struct Loader {
    let database: any Database
    private let updateServer: any Statement
    private var receipts: Receipts
    private var retracted: RetractedSnapshots

    var operatingSystems = EntityIDs(.os, ItemKeys(Self.osColumns))
    var processors = EntityIDs(.processors, ItemKeys([.text]))
    var processes = EntityIDs(.processes, ProcessKeys())
    /// The items of each of `ListedKind.all`.
    var items = ListedKind.all.map { EntityIDs(EntityTable($0), ItemKeys($0)) }
    /// The sets of each of `ListedKind.all`; nil if executions have links of their own.
    var sets = ListedKind.all.map { ItemSets($0) }
    /// The position in `items` of the users, who are also the owners of processes.
    static let users = ListedKind.users.index

    private static let osColumns: [ItemKey.Column] = [.text, .nullableText]

    /// The maximum number of bytes of cached names and ids; the rest is looked up again. These are 6.7 million
    /// processes: with more, their hash table would double.
    private static let rememberedBytes = 112 << 20
    /// The maximum number of bytes of names among them. Millions of processes share a few hundred
    /// names, unless an input is made to exhaust memory.
    private static let rememberedNameBytes = 32 << 20

    /// A snapshot to be loaded, with its rows of other tables by their numbers in the `EntityIDs`.
    struct Entry {
        let snapshot: Snapshot
        /// The index of its file.
        let file: Int
        let isDatePossible: Bool
        let operatingSystem: Int
        let processor: Int?
        /// The range of its processes in `links`.
        var links: Range<Int> = 0..<0
        /// Its items, for each of `ListedKind.all`.
        var items: [Items] = []
    }

    /// The items of a kind in a snapshot.
    enum Items {
        /// The numbers of the distinct items.
        case links(Set<Int>)
        /// The number of their set; nil if there are none and they are unknown.
        case set(Int?)
    }

    /// A process and its owner, by their numbers; an owner of -1 is unknown.
    struct Link {
        var process: Int32
        var owner: Int32
    }

    init(_ database: any Database, _ options: Ingest.Options) throws(DatabaseError) {
        self.database = database
        receipts = try Receipts(database, options.desk)
        retracted = try RetractedSnapshots(database, areLoaded: options.areRetractedLoaded)
        // Compares the age again, because another program may have changed the row.
        let age = Age.columns.joined(separator: ", ")
        updateServer = try database.prepare(
            """
            UPDATE Servers
            SET Hostname = ?, IP = ?, OS_ID = ?, Processor_ID = ?,
                \(Age.columns.map { "\($0) = ?" }.joined(separator: ", "))
            WHERE Server_ID = ? AND (\(age)) < (?, ?, ?)
            """)
    }

    /// The order of executions by age, as in sql/query/newest_first.sql: the greatest is the
    /// newest.
    private struct Age: Comparable {
        let isDatePossible: Bool
        let date: String
        let snapshotID: String

        /// The columns of `Servers` that hold it.
        static let columns = [
            "Newest_date_is_possible", "Newest_Exec_date", "Newest_Snapshot_ID",
        ]

        init(isDatePossible: Bool, date: String, snapshotID: String) {
            self.isDatePossible = isDatePossible
            self.date = date
            self.snapshotID = snapshotID
        }

        init(_ entry: Entry) {
            isDatePossible = entry.isDatePossible
            date = entry.snapshot.header.takenAt.sqlText
            snapshotID = entry.snapshot.header.id
        }

        var values: [Value] { [Value(isDatePossible), .text(date), .text(snapshotID)] }

        static func < (left: Age, right: Age) -> Bool {
            if left.isDatePossible != right.isDatePossible { return right.isDatePossible }
            return (left.date, left.snapshotID) < (right.date, right.snapshotID)
        }
    }

    /// The outcome of writing a file.
    struct Outcome {
        var loaded = Ingest.Summary()
        /// Why the file was rejected; nil if it was not.
        var error: SnapshotError?
    }

    /// Writes files, or one part of a large file, in the transaction that the caller has begun.
    /// - Returns: an outcome for each file. A part with an error is not written, and the caller
    ///   rolls back the parts before it.
    mutating func load(_ files: [EvidenceFile]) throws(DatabaseError) -> [Outcome] {
        // A retraction has deleted rows whose ids are cached.
        if try retracted.haveChanged() { forgetIDs() }
        makeRoom(for: files)
        var outcomes = files.map { Outcome(error: $0.reading?.error) }
        var links: [Link] = []
        var entries: [Entry] = []
        for (file, snapshot) in try newSnapshots(files, &outcomes) {
            let isDatePossible = files[file].isPossible(snapshot.header.takenAt)
            entries.append(entry(snapshot, file, isDatePossible, &links))
        }
        // The tables that hosts share come first: other programs may be writing them too.
        try operatingSystems.resolve(in: database)
        try processors.resolve(in: database)
        for kind in items.indices {
            try items[kind].resolve(in: database)
            try sets[kind]?.resolve(items[kind], in: database)
        }
        try processes.resolve(in: database)
        let servers = try serverIDs(entries)
        let receiptIDs = try receipts.ids(files, outcomes)
        try insertExecutions(entries, servers, receiptIDs, links)
        return outcomes
    }

    private mutating func makeRoom(for files: [EvidenceFile]) {
        let remembered =
            operatingSystems.byteCount + processors.byteCount + processes.byteCount
            + items.reduce(0) { $0 + $1.byteCount }
            + sets.reduce(0) { $0 + ($1?.byteCount ?? 0) }
        let names =
            processes.keys.nameByteCount + items.reduce(0) { $0 + $1.keys.byteCount }
        var newProcesses = 0
        var newItems = 0
        var newNames = 0
        for snapshot in files.lazy.flatMap(\.snapshots) {
            newProcesses += snapshot.processes.rows.count
            newNames += snapshot.processes.text.count
            for list in snapshot.lists {
                newItems += list.count
                newNames += list.byteCount
            }
        }
        let new =
            processes.keys.byteCount(adding: newProcesses) - processes.keys.byteCount
            // Each has a key, an id and two slots of a hash table.
            + newItems * 24
        if remembered + new > Self.rememberedBytes || names + newNames > Self.rememberedNameBytes {
            forgetIDs()
        }
    }

    /// Makes the index that was left out while a new database was filled. It takes the memory of the caches, which
    /// are cleared.
    mutating func makeKeyIndex() throws(DatabaseError) {
        forgetIDs()
        try processes.makeKeyIndex(in: database)
    }

    /// Clears all caches after a rollback.
    mutating func forget() {
        forgetIDs()
        receipts.forget()
    }

    private mutating func forgetIDs() {
        operatingSystems.forget()
        processors.forget()
        processes.forget()
        for kind in items.indices {
            items[kind].forget()
            sets[kind]?.forget()
        }
    }

    /// The snapshots that are not in the database yet, with the indices of their files. Fills in
    /// the outcomes.
    private func newSnapshots(
        _ files: [EvidenceFile], _ outcomes: inout [Outcome]
    ) throws(DatabaseError) -> [(file: Int, snapshot: Snapshot)] {
        /// The digest of each snapshot in the database, or about to be, by the snapshot's id.
        var known: [String: String] = [:]
        var ids = Rows(columnCount: 1)
        for id in Set(files.flatMap { $0.snapshots.map(\.header.id) }).sorted() { ids.append(id) }
        let found = try database.find(["Snapshot_SHA256"], in: .executions, by: ids)
        for row in 0..<ids.count { known[ids.string(row, 0)!] = found.string(row, 0) }
        let retracted = try retracted.reasons(ids, besides: known)

        var new: [(file: Int, snapshot: Snapshot)] = []
        for (index, file) in files.enumerated() where outcomes[index].error == nil {
            var loaded = Ingest.Summary()
            loaded.knownSnapshots = file.reading?.knownSnapshots ?? 0
            var ofFile: [String: String] = [:]
            let newBefore = new.count
            for snapshot in file.snapshots {
                let id = snapshot.header.id
                if let digest = known[id] ?? ofFile[id] {
                    loaded.knownSnapshots += 1
                    if digest == snapshot.sha256 { continue }
                    outcomes[index].error = SnapshotError(
                        .corrupt, "snapshot \(id) is in the database with other content",
                        cause: .otherContent)
                    break
                }
                if let reason = retracted[id] {
                    let others = file.snapshots.count {
                        known[$0.header.id] == nil && retracted[$0.header.id] == nil
                    }
                    outcomes[index].error = SnapshotError(
                        .unsupported, reason + RetractedSnapshots.text(ofOthers: others),
                        cause: others == 0 ? .retracted : nil)
                    break
                }
                ofFile[id] = snapshot.sha256
                new.append((index, snapshot))
                loaded.loadedSnapshots += 1
                loaded.processes += snapshot.processes.rows.count
                for kind in ListedKind.all {
                    loaded.items[kind.index] += snapshot.lists[kind.index].count
                }
            }
            if outcomes[index].error == nil {
                outcomes[index].loaded = loaded
                known.merge(ofFile) { old, _ in old }
            } else {
                new.removeSubrange(newBefore...)
            }
        }
        return new
    }

    private mutating func entry(
        _ snapshot: Snapshot, _ file: Int, _ isDatePossible: Bool, _ links: inout [Link]
    ) -> Entry {
        var entry = Entry(
            snapshot: snapshot, file: file, isDatePossible: isDatePossible,
            operatingSystem: operatingSystems.keys.number(of: key(of: snapshot.osVersion).span),
            processor: snapshot.cpuInfo.model.map { processors.keys.number(of: $0.utf8.span) })
        let list = snapshot.processes
        let text = list.text.span
        let start = links.count
        for row in list.rows {
            let process = processes.keys.number(of: row.pid, text.extracting(row.name))
            let owner: Int? =
                if !row.user.isEmpty {
                    items[Self.users].keys.number(of: text.extracting(row.user))
                } else if let uid = row.uid {
                    // The user id in digits, as shown by ps(1).
                    items[Self.users].keys.number(of: String(uid).utf8.span)
                } else {
                    nil
                }
            links.append(Link(process: Int32(process), owner: owner.map { Int32($0) } ?? -1))
        }
        entry.links = start..<links.count
        entry.items = ListedKind.all.map { kind in
            let list = snapshot.lists[kind.index]
            if sets[kind.index] != nil {
                return list.isEmpty && snapshot.isKnown(kind) != true
                    ? .set(nil) : .set(sets[kind.index]!.number(of: list, &items[kind.index]))
            }
            return .links(
                Set((0..<list.count).map { items[kind.index].keys.number(of: list[$0].span) }))
        }
        return entry
    }

    private func key(of system: OSVersionRecord) -> [UInt8] {
        var key: [UInt8] = []
        ItemKey.append(ArraySlice(system.name.utf8), Self.osColumns[0], isLast: false, to: &key)
        if let version = system.version {
            ItemKey.append(ArraySlice(version.utf8), Self.osColumns[1], isLast: true, to: &key)
        } else {
            ItemKey.appendUnknown(to: &key)
        }
        return key
    }

    /// The id of the host of each entry. The row of a host keeps the facts of the newest execution,
    /// in whatever order executions are loaded.
    private func serverIDs(_ entries: [Entry]) throws(DatabaseError) -> [Int64] {
        var newest: [[UInt8]: Entry] = [:]
        var hosts: [[UInt8]] = []  // in the order of `entries`
        for entry in entries {
            let host = Array(entry.snapshot.host.hostID.utf8)
            if newest[host] == nil { hosts.append(host) }
            if newest[host].map({ Age($0) < Age(entry) }) ?? true { newest[host] = entry }
        }
        var keys = Rows(columnCount: 1)
        for host in hosts { keys.append(host[...]) }
        let found = try database.find(["Server_ID"] + Age.columns, in: .servers, by: keys)

        var ids: [[UInt8]: Int64] = [:]
        var new: [[UInt8]] = []
        let columns = ["Host_ID", "Hostname", "IP", "OS_ID", "Processor_ID"] + Age.columns
        var rows = Rows(columnCount: columns.count)
        for (row, host) in hosts.enumerated() {
            let entry = newest[host]!
            let age = Age(entry)
            guard let id = found.integer(row, 0) else {
                new.append(host)
                rows.append(host[...])
                append(facts(entry) + age.values, to: &rows)
                continue
            }
            ids[host] = id
            guard let isDatePossible = found.integer(row, 1), let date = found.string(row, 2),
                let snapshotID = found.string(row, 3)
            else {
                throw database.damaged(
                    "the row of Servers with Server_ID \(id) has no date")
            }
            let known = Age(
                isDatePossible: isDatePossible != 0, date: date, snapshotID: snapshotID)
            if known < age {
                try updateServer.run(facts(entry) + age.values + [.integer(id)] + age.values)
            }
        }
        let newIDs = try database.insert(rows, into: .servers, columns: columns)
        for (host, id) in zip(new, newIDs) { ids[host] = id }
        return entries.map { ids[Array($0.snapshot.host.hostID.utf8)]! }
    }

    /// The columns of `Servers` apart from the age.
    private func facts(_ entry: Entry) -> [Value] {
        [
            Value(entry.snapshot.host.hostname), Value(entry.snapshot.host.ip),
            .integer(operatingSystems.id(entry.operatingSystem)),
            Value(entry.processor.map(processors.id)),
        ]
    }

    private func append(_ values: [Value], to rows: inout Rows) {
        for value in values {
            switch value {
            case .null: rows.append(nil as String?)
            case .integer(let integer): rows.append(integer)
            case .text(let text): rows.append(text.carriedBytes[...])
            case .bytes(let text): rows.append(text[...])
            }
        }
    }
}
