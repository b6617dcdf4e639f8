import Records

extension PackageList {
    /// Reads rpm's table of packages: a number and a header in each row, lib/backend/sqlite.c of rpm.
    /// - Returns: what is wrong with it, if it could be read in part.
    mutating func readSQLite(
        _ main: consuming HostFile, _ path: String, _ tree: borrowing HostTree
    ) throws(SourceFailure) -> SourceFailure? {
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
        table.begin(try table.root(of: "Packages"))
        var failure = table.isCut ? SourceFailure.cut : nil
        var isMore = true
        while isMore {
            do throws(SourceFailure) {
                isMore = try table.advance()
                for index in 0..<table.rowCount {
                    failure = addRow(index, table) ?? failure
                }
            } catch {
                failure = error
            }
        }
        // By another program, which has moved pages from the log to the database.
        if try SQLiteFile.head(file, log) != head { failure = .changed }
        if let log, try log.isChanged() { failure = .changed }
        return failure
    }

    private mutating func addRow(_ index: Int, _ table: SQLiteFile) -> SourceFailure? {
        do throws(SourceFailure) {
            var row = try table.row(index)
            try row.record.removeFirst(try row.column(1).lowerBound)
            return addRPM(row.record)
        } catch {
            return error
        }
    }
}
