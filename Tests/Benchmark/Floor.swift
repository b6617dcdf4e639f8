import ArgumentParser
import CSQLite
import Foundation
import SQLScripts

/// The floor under any program that loads into SQLite: the rows, which are normalised and sorted
/// already, are read from memory and inserted by a loop, in one transaction.
struct FloorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor", abstract: "Insert rows that are normalised and sorted already.")

    @Flag(help: "Write the rows of a census database to a file for later runs.")
    var prepare = false
    @Option(help: "The census database.") var database: String
    @Option(help: "The rows of its large tables.") var rows: String
    @Option(help: "The new database.") var output = ""

    func run() throws {
        if prepare {
            try writeRows()
        } else {
            try insertRows()
        }
    }

    /// Processes by PID and name, numbered in that order, then the links in the order of their key:
    /// 32-bit integers in the byte order of the machine, and a name's length before its bytes.
    private func writeRows() throws {
        let source = try Connection(database)
        var bytes = Data()
        func append(_ number: Int64) {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: number)) { bytes.append(contentsOf: $0) }
        }
        append(try source.integer("SELECT COUNT(*) FROM Processes"))
        var newIDs = [Int64](
            repeating: 0,
            count: Int(try source.integer("SELECT MAX(Process_ID) FROM Processes")) + 1)
        var next: Int64 = 1
        try source.forEach(
            "SELECT PID, Process_Name, Process_ID FROM Processes ORDER BY PID, Process_Name"
        ) { row in
            append(sqlite3_column_int64(row, 0))
            let count = Int(sqlite3_column_bytes(row, 1))
            append(Int64(count))
            bytes.append(Data(bytes: sqlite3_column_blob(row, 1), count: count))
            newIDs[Int(sqlite3_column_int64(row, 2))] = next
            next += 1
        }
        append(try source.integer("SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION"))
        var links: [(process: Int64, owner: Int64)] = []
        var execution: Int64 = 0
        func appendLinks() {
            for link in links.sorted(by: { $0 < $1 }) {
                append(execution)
                append(link.process)
                append(link.owner)
            }
            links = []
        }
        try source.forEach("SELECT * FROM PROCESSES_PER_EXECUTION") { row in
            if sqlite3_column_int64(row, 0) != execution { appendLinks() }
            execution = sqlite3_column_int64(row, 0)
            links.append(
                (newIDs[Int(sqlite3_column_int64(row, 1))], sqlite3_column_int64(row, 2)))
        }
        appendLinks()
        try bytes.write(to: URL(filePath: rows))
    }

    private func insertRows() throws {
        let bytes = try Data(contentsOf: URL(filePath: rows), options: .alwaysMapped)
        let target = try Connection(output)
        for script in Scripts.sqliteSchema { try target.execute(script) }
        try target.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; BEGIN")
        try target.execute("ATTACH '\(database)' AS source")
        for table in [
            "Receipts", "OS", "Processors", "USERS", "Servers", "Executions",
            "ADDRESSES_PER_EXECUTION", "USERS_PER_EXECUTION",
        ] {
            try target.execute("INSERT INTO main.\(table) SELECT * FROM source.\(table)")
        }
        let process = try target.prepare("INSERT INTO Processes (PID, Process_Name) VALUES (?, ?)")
        let link = try target.prepare("INSERT INTO PROCESSES_PER_EXECUTION VALUES (?, ?, ?)")
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            func next() -> Int64 {
                offset += 4
                return Int64(bytes.loadUnaligned(fromByteOffset: offset - 4, as: UInt32.self))
            }
            for _ in 0..<next() {
                sqlite3_bind_int64(process, 1, next())
                let count = Int(next())
                census_bind_text(process, 2, bytes.baseAddress! + offset, CInt(count))
                offset += count
                sqlite3_step(process)
                sqlite3_reset(process)
            }
            for _ in 0..<next() {
                sqlite3_bind_int64(link, 1, next())
                sqlite3_bind_int64(link, 2, next())
                let owner = next()
                if owner == 0 {
                    sqlite3_bind_null(link, 3)
                } else {
                    sqlite3_bind_int64(link, 3, owner)
                }
                sqlite3_step(link)
                sqlite3_reset(link)
            }
        }
        sqlite3_finalize(process)
        sqlite3_finalize(link)
        try target.execute("COMMIT")
    }
}

private struct SQLiteFailure: Error, CustomStringConvertible {
    let description: String
}

/// A database of SQLite, no more than the floor needs of it.
private final class Connection {
    private var handle: OpaquePointer?

    init(_ path: String) throws { try check(sqlite3_open(path, &handle)) }

    deinit { sqlite3_close_v2(handle) }

    private func check(_ result: CInt) throws {
        if result != SQLITE_OK {
            throw SQLiteFailure(description: String(cString: sqlite3_errmsg(handle)))
        }
    }

    func execute(_ sql: String) throws { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    func prepare(_ sql: String) throws -> OpaquePointer {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
        return statement!
    }

    func forEach(_ sql: String, _ body: (OpaquePointer) -> Void) throws {
        let statement = try prepare(sql)
        while sqlite3_step(statement) == SQLITE_ROW { body(statement) }
        try check(sqlite3_finalize(statement))
    }

    func integer(_ sql: String) throws -> Int64 {
        var integer: Int64 = 0
        try forEach(sql) { integer = sqlite3_column_int64($0, 0) }
        return integer
    }
}
