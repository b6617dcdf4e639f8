import Records

extension PackageList {
    /// Reads rpm's table of packages: a number and a header in each row, lib/backend/sqlite.c of rpm.
    /// - Returns: what is wrong with it, if it could be read in part.
    mutating func readSQLite(
        _ main: consuming HostFile, _ path: String, _ tree: borrowing HostTree
    ) throws(SourceFailure) -> SourceFailure? {
        let rows = try SQLiteRows(of: "Packages", main, path, tree)
        while var row = rows.next() {
            do throws(SourceFailure) {
                try row.record.removeFirst(try row.column(1).lowerBound)
                rows.failure = addRPM(row.record) ?? rows.failure
            } catch {
                rows.failure = error
            }
        }
        return rows.failure
    }
}
