package import Database
import Records
import Text

/// Where in the fleet something occurs whose name matches a pattern.
package struct Find {
    /// What is searched.
    package enum Kind: String, CaseIterable, Sendable {
        /// The names of processes.
        case processes
        /// The names of packages.
        case packages
        /// Who is logged in, and as whom processes run.
        case users
        /// The ports, addresses, processes and packages of listeners.
        case ports
        /// The names of accounts.
        case accounts

        /// One of them, in the column `Kind`.
        package var one: String {
            switch self {
            case .processes: "process"
            default: String(rawValue.dropLast())
            }
        }
    }

    /// The titles of the columns.
    package static let columns = [
        "Kind", "Name", "Detail", "Servers", "Hosts", "First_seen", "Last_seen",
    ]
    /// The titles of the columns of a row for each host.
    package static let columnsByHost = [
        "Kind", "Name", "Detail", "Server_ID", "Host", "First_seen", "Last_seen",
    ]

    /// A row for each match, or for each match and host; sorted by kind, name and detail.
    package private(set) var rows: [[Value]] = []
    /// How many names were compared with the pattern.
    package private(set) var searched = 0

    private let database: any Database
    private let pattern: NamePattern

    /// The hosts of a match that are named in its row.
    private static let hostsShown = 10

    /// Searches, in one state of the database if the caller has begun a transaction.
    /// - Parameters:
    ///   - isPart: whether `selection` selects executions.
    ///   - byHost: whether each host of a match has a row.
    package init(
        _ pattern: NamePattern, in kinds: [Kind], of selection: ExecutionSelection, isPart: Bool,
        byHost: Bool, database: any Database
    ) throws(DatabaseError) {
        self.database = database
        self.pattern = pattern
        var occurrences: [Occurrence] = []
        for kind in Kind.allCases where kinds.contains(kind) {
            var found: [Occurrence] = []
            switch kind {
            case .processes: found = try named(.process, kind)
            case .users:
                found = try named(.owner, kind, detail: Array("owner of processes".utf8))
                found += try items(.users, kind, ["User_Name"]) { _ in Array("logged in".utf8) }
            case .packages:
                found = try items(.packages, kind, ["Package_Name"], ["Version"]) { $0[1] }
            case .accounts:
                found = try items(.accounts, kind, ["Username"], ["UID"]) {
                    $0[1].map { "uid ".utf8 + $0 }
                }
            case .ports:
                found = try items(
                    .listeners, kind, ["Port", "Address", "Process_Name", "Package_Name"],
                    ["Protocol"],
                    name: {
                        Array([$0[4], $0[1], $0[0]].map { $0 ?? [] }.joined(separator: "/".utf8))
                    },
                    detail: { $0[2] })
            }
            occurrences += Self.united(found)
        }
        let visits = try Visits(of: occurrences, selection, isPart: isPart, in: database)
        var hosts = try HostNames(database)
        for occurrence in occurrences {
            let seen = visits.servers(of: occurrence.runs)
            if seen.isEmpty { continue }
            let start = [
                Value.text(occurrence.kind.one), Value(bytes: occurrence.name),
                Value(bytes: occurrence.detail),
            ]
            if byHost {
                for (server, span) in seen {
                    rows.append(
                        start + [.integer(server), Value(bytes: try hosts.name(of: server))]
                            + span.values)
                }
                continue
            }
            var names: [[UInt8]] = []
            for (server, _) in seen.prefix(Self.hostsShown) {
                names.append(try hosts.name(of: server))
            }
            var list = Array(names.joined(separator: ", ".utf8))
            if seen.count > names.count { list += " and \(seen.count - names.count) more".utf8 }
            var span = seen[0].span
            for other in seen.dropFirst() { span.add(other.span) }
            rows.append(start + [.integer(Int64(seen.count)), Value(bytes: list)] + span.values)
        }
    }

    /// Something in certain executions. Its texts are UTF-8 unless another program stored them.
    struct Occurrence {
        let kind: Kind
        let name: [UInt8]
        let detail: [UInt8]?
        /// Its executions as ranges of ids.
        var runs: [ClosedRange<Int64>]
    }

    /// One for each name and detail, in the order of their bytes.
    private static func united(_ all: [Occurrence]) -> [Occurrence] {
        let sorted = all.sorted {
            $0.name == $1.name
                ? ($0.detail ?? []).lexicographicallyPrecedes($1.detail ?? [])
                : $0.name.lexicographicallyPrecedes($1.name)
        }
        var united: [Occurrence] = []
        for one in sorted {
            if let last = united.last, last.name == one.name,
                (last.detail ?? []) == (one.detail ?? [])
            {
                united[united.count - 1].runs += one.runs
            } else {
                united.append(one)
            }
        }
        return united
    }

    private mutating func named(
        _ index: NameIndex.Kind, _ kind: Kind, detail: [UInt8]? = nil
    ) throws(DatabaseError) -> [Occurrence] {
        let (matches, searched) = try NameIndex.matches(of: pattern, [index], in: database)
        self.searched += searched
        return matches.map {
            Occurrence(kind: kind, name: $0.name, detail: detail, runs: $0.runs)
        }
    }

    // MARK: Lists

    /// The items of lists of which a column matches.
    /// - Parameters:
    ///   - columns: those that are compared with the pattern.
    ///   - more: others of which `name` and `detail` are made.
    ///   - name: the name of an item by the values of all these columns, which is compared with the
    ///     pattern, too; nil if it is the first value.
    private mutating func items(
        _ list: ListedKind, _ kind: Kind, _ columns: [String], _ more: [String] = [],
        name: (([[UInt8]?]) -> [UInt8])? = nil, detail: ([[UInt8]?]) -> [UInt8]?
    ) throws(DatabaseError) -> [Occurrence] {
        let all = columns + more
        let statement = try database.prepare(
            "SELECT \(list.idColumn), \(all.joined(separator: ", ")) FROM \(list.table)")
        var occurrences: [Int64: Occurrence] = [:]
        var text: [UInt8] = []
        while try statement.step() {
            searched += 1
            var isMatch = columns.indices.contains { column in
                text.removeAll(keepingCapacity: true)
                statement.appendText(column + 1, to: &text)
                return !statement.isNull(column + 1) && pattern.matches(text[...])
            }
            if !isMatch && name == nil { continue }
            let values = all.indices.map {
                statement.isNull($0 + 1) ? nil : statement.bytes($0 + 1)
            }
            let shown = name?(values) ?? values[0] ?? []
            isMatch = isMatch || pattern.matches(shown[...])
            if !isMatch { continue }
            occurrences[statement.integer(0)] = Occurrence(
                kind: kind, name: shown, detail: detail(values), runs: [])
        }
        try add(list, to: &occurrences)
        return occurrences.values.filter { !$0.runs.isEmpty }
    }

    /// Fills in the executions of items, by their ids.
    private func add(
        _ list: ListedKind, to occurrences: inout [Int64: Occurrence]
    ) throws(DatabaseError) {
        let links = try pairs(
            list.linkColumn, list.idColumn, of: list.linkTable, list.idColumn,
            Array(occurrences.keys))
        if list.setTable == nil {
            for (execution, item) in links {
                occurrences[item]?.runs.append(execution...execution)
            }
            return
        }
        var executions: [Int64: [Int64]] = [:]
        let sets = Set(links.map(\.0))
        for (set, execution) in try pairs(
            list.linkColumn, "Execution_ID", of: "Executions", list.linkColumn, Array(sets))
        {
            executions[set, default: []].append(execution)
        }
        for (set, item) in links {
            for execution in executions[set] ?? [] {
                occurrences[item]?.runs.append(execution...execution)
            }
        }
    }

    /// The number of ids from which on a whole table is read.
    private static let manyIDs = 2000

    /// Two columns of the rows of which a column is one of `ids`.
    private func pairs(
        _ first: String, _ second: String, of table: String, _ column: String, _ ids: [Int64]
    ) throws(DatabaseError) -> [(Int64, Int64)] {
        var conditions: [String] = []
        if ids.count > Self.manyIDs {
            conditions = ["\(column) IS NOT NULL"]
        } else {
            conditions = idLists(of: ids).map { "\(column) IN (\($0))" }
        }
        var pairs: [(Int64, Int64)] = []
        for condition in conditions {
            let statement = try database.prepare(
                "SELECT \(first), \(second) FROM \(table) WHERE \(condition)")
            while try statement.step() {
                pairs.append((statement.integer(0), statement.integer(1)))
            }
        }
        return pairs
    }
}
