import ArgumentParser
import Database
import Inventory
import Linux
import SystemPackage

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Load snapshot files into a database and print the five reports.",
        discussion: """
            A snapshot that is in the database already changes nothing. Of a file that is damaged \
            nothing is loaded; it is named, with the reason, and the others are loaded.

            Examples:
              census ingest /media/usb
              census ingest --db audit-2026.sqlite --csv reports evidence/
              ssh web-01 census snap -o - | census ingest -
            """)

    @Argument(
        help: ArgumentHelp(
            "Snapshot files, directories of them, or - for standard input.", valueName: "path"))
    var paths: [String]

    @OptionGroup var database: DatabaseOption

    @Option(
        help: ArgumentHelp("Also write each report as CSV to this directory.", valueName: "dir"))
    var csv: String?

    @Flag(help: "Print nothing but errors: no progress, no summary, no reports.")
    var quiet = false

    @OptionGroup var limit: LimitOption

    func run() throws {
        let search = try EvidenceSearch(paths)
        if search.sources.isEmpty {
            Console.note("no file in \(paths.joined(separator: ", ")) ends in .jsonl.gz or .jsonl")
        }
        let csvDirectory = csv.map { FilePath($0) }
        if let csvDirectory { try Directory.make(csvDirectory) }
        let database = try database.open(.create)
        try Schema.install(in: database)

        let progress = Progress(files: search.sources.count, isShown: !quiet)
        var ingest = Ingest()
        ingest.onProgress = { progress.update($0) }
        ingest.onRejection = { path, error in
            progress.clear()
            Console.note("\(path): \(error)")
        }
        let summary = try ingest.run(search.sources, into: database)
        progress.clear()
        if !quiet { Console.note(progress.summary(summary, passedOver: search.passedOver)) }

        if let csvDirectory {
            try ReportOutput(database: database, format: .csv, limit: nil)
                .write(Report.all, to: csvDirectory)
        }
        if !quiet {
            try ReportOutput(database: database, format: .table, limit: limit.forStandardOutput)
                .print(Report.all)
        }
        if summary.rejectedFiles > 0 { throw ExitCode(2) }
    }
}

/// The line on a terminal that tells how far an ingest has come.
private final class Progress {
    private let files: Int
    private let isShown: Bool
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var lastUpdate: ContinuousClock.Instant
    private var isOnScreen = false

    init(files: Int, isShown: Bool) {
        self.files = files
        self.isShown = isShown && Console.isErrorTerminal
        start = clock.now
        lastUpdate = start
    }

    func update(_ summary: Ingest.Summary) {
        guard isShown, clock.now - lastUpdate > .milliseconds(100) else { return }
        lastUpdate = clock.now
        isOnScreen = true
        let elapsed = seconds
        let left = elapsed / Double(summary.files) * Double(files - summary.files)
        Console.progress(
            """
            \(summary.files) of \(counted(files, "file")), \(counted(summary.processes, "row")), \
            \(Int(Double(summary.processes) / elapsed)) rows/s, \(Int(left.rounded(.up))) s left
            """)
    }

    func clear() {
        if isOnScreen { Console.clearProgress() }
        isOnScreen = false
    }

    func summary(_ summary: Ingest.Summary, passedOver: Int) -> String {
        var parts = [
            "\(counted(summary.loadedSnapshots, "snapshot")) loaded with "
                + "\(counted(summary.processes, "process")) and \(counted(summary.users, "login"))"
        ]
        if summary.knownSnapshots > 0 { parts.append("\(summary.knownSnapshots) already ingested") }
        if summary.rejectedFiles > 0 {
            parts.append("\(counted(summary.rejectedFiles, "file")) rejected")
        }
        if passedOver > 0 {
            parts.append("\(counted(passedOver, "other file")) passed over")
        }
        let tenths = Int((seconds * 10).rounded())
        return "\(counted(summary.files, "file")) read in \(tenths / 10).\(tenths % 10) s: "
            + parts.joined(separator: ", ")
    }

    private var seconds: Double { (clock.now - start) / .seconds(1) }
}
