import Evidence
import SQLite

#if MySQL
    import MySQL

    private let serverLibraries = [MySQLDatabase.library]
#else
    private let serverLibraries: [String] = []
#endif

extension Census {
    static let version = "0.1.0"

    /// The output of `--version`: the program's version, and those of its libraries.
    static var versionText: String {
        let libraries = [SQLiteDatabase.library] + gzipLibraries + serverLibraries
        return "census \(version) (\(commit))\n\(libraries.joined(separator: ", "))"
    }
}
