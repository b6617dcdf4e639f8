/// The rows of a table of a database of SQLite, one after the other, as far as they can be read.
final class SQLiteRows {
    private let file: DatabaseFile
    private let log: SQLiteLog?
    private let head: [UInt8]
    private let table: SQLiteFile
    private var index = 0
    /// What is wrong with the table.
    var failure: SourceFailure?

    /// - Parameters:
    ///   - main: the database; its journal and its log are beside it at `path`.
    /// - Throws: if there is no such table.
    init(
        of name: StaticString, _ main: consuming HostFile, _ path: String,
        _ tree: borrowing HostTree
    ) throws(SourceFailure) {
        // A transaction that was not completed, whose pages may be in the database: a journal that
        // is not needed any more is removed, or begins with zeros.
        if let journal = try DatabaseFile.open(path + "-journal", tree),
            try journal.beginning(at: 0, count: 1).first ?? 0 != 0
        {
            throw .journal
        }
        let logFile = try DatabaseFile.open(path + "-wal", tree)
        let file = try DatabaseFile.open(main, log: logFile)
        var log: SQLiteLog?
        if let logFile { log = try SQLiteLog(logFile) }
        let head = try SQLiteFile.head(file, log)
        let table = try SQLiteFile(file, log)
        table.begin(try table.root(of: name))
        if table.isCut { failure = .cut }
        (self.file, self.log, self.head, self.table) = (file, log, head, table)
        index = table.rowCount
    }

    /// The next row that can be read; nil behind the last one, where `failure` is complete.
    @inline(never)
    func next() -> SQLiteRow? {
        while true {
            do throws(SourceFailure) {
                if index < table.rowCount {
                    index += 1
                    return try table.row(index - 1)
                }
                index = 0
                if try !table.advance() { break }
            } catch {
                failure = error
            }
        }
        do throws(SourceFailure) {
            // By another program, which has moved pages from the log to the database.
            if try SQLiteFile.head(file, log) != head { failure = .changed }
            if let log, try log.isChanged() { failure = .changed }
        } catch {
            failure = error
        }
        return nil
    }
}
