import ArgumentParser
import Database
import Files
import Output
import SQLite
import SystemPackage
import Text

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all tables of a database to files.",
        discussion: """
            Writes a file for each table to the directory, such as executions.csv. With --format \
            sql, writes one file, census.sql, from which sqlite3 makes a database that census reads. \
            Either all files are written or none. The article "Database" describes the tables. \
            Tables and columns that others have added to the database are left out; a line on \
            standard error names each.

            If executions are selected, the tables contain only these and what they refer to: their \
            hosts, files, processes and so on. Other files and retractions are left out.

            Exit codes: 0 success, 1 failure, 64 usage error.

            Examples:
              census export audit-2026
              census export audit-2026 --format json --db mysql://db.example.org/census
              census export audit-2026 --format sql
              census export web --host 'web-*' --host db-01 --since 2026-11-01
            """)

    /// The output formats of `export`: those of rows that are exact, and a script.
    struct OutputFormat: FormatArgument {
        /// Nil for a script.
        let rows: RowFormat?
        var name: String { rows?.name ?? "sql" }

        static let csv = OutputFormat(rows: .csv)
        static var all: [OutputFormat] {
            [RowFormat.csv, .json, .jsonLines].map(OutputFormat.init(rows:))
                + [OutputFormat(rows: nil)]
        }
    }

    @Argument(
        help: ArgumentHelp("The directory, which is created if absent.", valueName: "dir"),
        completion: .directory)
    var directory: String

    @OptionGroup var database: DatabaseOption

    @Option(help: "The output format.")
    var format = OutputFormat.csv

    @OptionGroup var force: ForceOption

    @OptionGroup(title: "Selection of executions") var selection: SelectionOptions

    func validate() throws {
        if directory.isEmpty { throw ValidationError("The directory is empty.") }
        if directory == "-" { throw ValidationError("Files are written to a directory, not to -.") }
    }

    func run() throws {
        let files = OutputFiles(sparing: try database.filesInUse(), isForced: force.force)
        let path = FilePath(directory)
        try files.makeDirectory(path)
        let others = try database.read(selecting: selection.selection(in:)) { database, selected in
            let executions = selection.isPart ? selected : nil
            let (tables, others) = try TableExport.all(
                in: database, schema: SQLiteDatabase.columnsOfTables())
            guard let format = format.rows else {
                let file = try files.file(named: "census.sql", in: path, TableExport.script)
                try TableExport.writeScript(of: tables, executions, from: database) {
                    try file.write($0)
                }
                return others
            }
            let outputs = try tables.map { table in
                try files.file(
                    named: "\(table.name).\(format.fileExtension)", in: path, table.kind(format))
            }
            for (table, file) in zip(tables, outputs) {
                let written = try table.write(format, of: executions, from: database) {
                    try file.write($0)
                }
                Console.note(written, in: file.path.text)
            }
            return others
        }
        try files.publish()
        for other in others { Console.note("left out: \(other)") }
    }
}
