import Evidence
import SQLite
import Snap

#if MySQL
    import MySQL

    private let serverLibraries = [MySQLDatabase.library]
#else
    private let serverLibraries: [String] = []
#endif

extension Census {
    static let version = "\(Snap.version)"

    /// The output of `--version`: the program's version, and those of its libraries.
    static var versionText: String {
        let libraries = [SQLiteDatabase.library] + gzipLibraries + serverLibraries
        return "census \(version) (\(commit))\n\(libraries.joined(separator: ", "))"
    }
}
