package import Database
import Files
import SQLScripts
package import SystemPackage
import Text

/// Finds the executions that a user means by the id of one, by a host, or by a file that was loaded.
package struct ExecutionSearch {
    /// What the user means.
    package enum Kind: String, CaseIterable, Sendable {
        case execution, host, file
    }

    private let database: any Database
    private let hosts: HostSearch
    private let directory: FilePath?
    private let files: [LoadedFile]

    /// A receipt.
    private struct LoadedFile {
        let path: String
        let absolutePath: String?
        let sha256: String?
        fileprivate(set) var executions: [Int64] = []
    }

    /// Reads the hosts and the receipts, in one state of the database if the caller has begun a
    /// transaction.
    /// - Parameter directory: the working directory, to which paths are relative; nil if unknown.
    package init(in database: any Database, from directory: FilePath?) throws(DatabaseError) {
        self.database = database
        self.directory = directory
        hosts = try HostSearch(in: database)
        files = try Self.files(in: database)
    }

    private static func files(in database: any Database) throws(DatabaseError) -> [LoadedFile] {
        var files: [LoadedFile] = []
        var last: Int64?
        let statement = try database.prepare(Scripts.Query.receiptPaths)
        while try statement.step() {
            if statement.integer(0) != last {
                files.append(
                    LoadedFile(
                        path: statement.text(1), absolutePath: statement.textOrNil(2),
                        sha256: statement.textOrNil(3)))
                last = statement.integer(0)
            }
            if !statement.isNull(4) {
                files[files.count - 1].executions.append(statement.integer(4))
            }
        }
        return files
    }

    /// The executions that a text means, by `Execution_ID`. `execution:3`, `host:3` and `file:3` say
    /// which of the three it is.
    package func executions(called text: String) throws -> [Int64] {
        for kind in Kind.allCases where text.hasPrefix("\(kind.rawValue):") {
            let name = String(text.dropFirst(kind.rawValue.count + 1))
            return try find(name, as: kind).executions
        }
        var found: [(kind: Kind, text: String, executions: [Int64])] = []
        var meant: String?
        for kind in Kind.allCases {
            do {
                let (executions, description) = try find(text, as: kind)
                found.append((kind, description, executions))
            } catch ExecutionsNotFound.none {
                continue
            } catch HostNotFound.none(_, meant: let name) {
                meant = name
            }
        }
        switch found.count {
        case 0: throw ExecutionsNotFound.none(text, meant: meant)
        case 1: return found[0].executions
        default:
            throw ExecutionsNotFound.ambiguous(
                text, meanings: found.map(\.text),
                remedies: found.map { "\($0.kind.rawValue):\(text)" })
        }
    }

    private func find(
        _ text: String, as kind: Kind
    ) throws -> (executions: [Int64], description: String) {
        switch kind {
        case .execution:
            guard let id = Int64(text), try exists(id) else {
                throw ExecutionsNotFound.none(text, meant: nil)
            }
            return ([id], "execution \(id)")
        case .host:
            let host = try hosts.host(called: text)
            return (try executions(of: host), "the host \(host.description)")
        case .file:
            let named = files(called: text)
            if named.isEmpty { throw ExecutionsNotFound.none(text, meant: nil) }
            let contents = contents(of: named)
            if contents.isEmpty { throw ExecutionsNotFound.nothing(from: text) }
            if contents.count > 1 {
                throw ExecutionsNotFound.ambiguous(
                    text, meanings: contents.map { "the file \($0.path)" },
                    remedies: contents.map(\.name))
            }
            return (contents[0].executions, "the file \(contents[0].path)")
        }
    }

    /// The contents of files of which executions are left, each with the path of one of its files, with
    /// what identifies it, and with its executions. The same bytes may have been loaded several times.
    private func contents(
        of named: [LoadedFile]
    ) -> [(path: String, name: String, executions: [Int64])] {
        var seen: Set<String> = []
        return named.compactMap { file in
            if let sha256 = file.sha256, !seen.insert(sha256).inserted { return nil }
            let same = files.filter { $0.sha256 != nil && $0.sha256 == file.sha256 }
            let executions = Set((same + [file]).flatMap(\.executions)).sorted()
            guard let first = executions.first else { return nil }
            return (file.path, file.sha256 ?? "\(Kind.execution.rawValue):\(first)", executions)
        }
    }

    private func exists(_ id: Int64) throws(DatabaseError) -> Bool {
        let statement = try database.prepare(Scripts.Query.execution)
        try statement.bind([.integer(id)])
        defer { statement.reset() }
        return try statement.step()
    }

    private func executions(of host: Server) throws(DatabaseError) -> [Int64] {
        let statement = try database.prepare(Scripts.Query.hostExecutions)
        try statement.bind([.integer(host.serverID)])
        var ids: [Int64] = []
        while try statement.step() { ids.append(statement.integer(0)) }
        return ids
    }

    /// The files of this SHA-256, or at this path, or else of this name; or else those whose path or name
    /// tables show so.
    private func files(called text: String) -> [LoadedFile] {
        let digest = ExactText(text.lowercased())
        let exact = ExactText(text)
        let absolute = directory.map { ExactText($0.pushing(FilePath(text)).text) }
        let found = files.filter { file in
            file.sha256.map(ExactText.init) == digest || ExactText(file.path) == exact
                || file.absolutePath.map { [exact, absolute].contains(ExactText($0)) } ?? false
        }
        if !found.isEmpty { return found }
        func named(_ name: (String) -> String) -> [LoadedFile] {
            files.filter { file in
                let paths = [file.path, file.absolutePath].compactMap(\.self)
                let names = file.path.split(separator: "/").suffix(1).map { String($0) }
                return (text.contains("/") ? paths : paths + names)
                    .contains { ExactText(name($0)) == exact }
            }
        }
        let called = named { $0 }
        return called.isEmpty ? named(readable) : called
    }

    /// The hosts of which nothing is left without these executions, sorted by `Server_ID`.
    package func hosts(onlyIn executions: Set<Int64>) throws(DatabaseError) -> [Server] {
        var counts: [Int64: Int64] = [:]
        let all = try database.prepare(Scripts.Query.executionCounts)
        while try all.step() { counts[all.integer(0)] = all.integer(1) }
        let statement = try database.prepare(Scripts.Query.execution)
        for id in executions {
            try statement.bind([.integer(id)])
            if try statement.step() { counts[statement.integer(1), default: 0] -= 1 }
            statement.reset()
        }
        return hosts.hosts.filter { counts[$0.serverID] == 0 }
    }
}

/// Why no executions are meant by a text.
package enum ExecutionsNotFound: Error, CustomStringConvertible {
    /// It is neither an execution nor a host nor a file; perhaps a host was meant.
    case none(String, meant: String?)
    /// It is several of these.
    case ambiguous(String, meanings: [String], remedies: [String])
    /// It is a file that brought no execution that is in the database.
    case nothing(from: String)

    /// The message for the user.
    package var description: String {
        switch self {
        case .none(let text, let meant):
            "there is no execution, host or file \(text) (see census list executions, hosts or "
                + "evidence)" + (meant.map { ". Did you mean '\($0)'?" } ?? "")
        case .ambiguous(let text, let meanings, let remedies):
            "\(text) is ambiguous: it is \(Self.list(meanings, "and")): give "
                + Self.list(remedies, "or")
        case .nothing(let text):
            "no execution in the database came from \(text) (see census list evidence)"
        }
    }

    private static let shown = 10

    private static func list(_ texts: [String], _ conjunction: String) -> String {
        let more = texts.count - shown
        return texts.prefix(shown).joined(separator: " \(conjunction) ")
            + (more > 0 ? " \(conjunction) \(more) more" : "")
    }
}
