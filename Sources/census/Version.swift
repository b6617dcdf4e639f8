import Evidence
import SQLite
import Snap

#if MySQL
    import MySQL

    private let serverLibraries = [MySQLDatabase.library]
#else
    private let serverLibraries: [String] = []
#endif

#if Spreadsheet
    import Output
    import Spreadsheet

    private let spreadsheetLibraries = [WorkbookFormat.library]
#else
    private let spreadsheetLibraries: [String] = []
#endif

extension Census {
    static let version = "\(Snap.version)"

    /// The output of `--version`: the program's version, and those of its libraries.
    static var versionText: String {
        let libraries =
            [SQLiteDatabase.library] + gzipLibraries + serverLibraries + spreadsheetLibraries
        return "census \(version) (\(commit))\n\(libraries.joined(separator: ", "))"
    }
}
