import ArgumentParser
import Evidence
import Files
import Loading
import Output
import Records
import SystemPackage
import Text

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Load snapshot files into a database and print the reports.",
        discussion: """
            A snapshot that is already in the database is not loaded again. A damaged file is \
            rejected with a reason, and the other files are loaded. Directories are searched for \
            files whose names contain .jsonl or end with .age, and for other .gz and .json files \
            that contain a snapshot; archives are reported. Symbolic links, trash folders and all other files \
            are skipped (see --verbose).

            A path can be another census database, a file or mysql://…: executions that are not in \
            this database yet are copied from it, with their receipts.

            Exit codes: 0 success, 1 failure, 2 success but some files were rejected, are missing \
            or differ from the manifest, the manifest is not signed by --examiner-key, or a path has no \
            snapshot file, 64 usage error, 130 interrupted by Ctrl-C; what was loaded before stays.

            Examples:
              census ingest /media/usb
              census ingest --db audit-2026.sqlite --csv reports evidence/
              census ingest --identity key.txt /media/usb
              census ingest --manifest m.sha256 --examiner-key ana.pub /media/usb
              ssh web-01 census snap -o - | census ingest -
              census ingest --db all.sqlite anna.sqlite ben.sqlite
            """)

    @Argument(
        help: ArgumentHelp(
            "Snapshot files, directories of snapshot files, other census databases, or - for standard "
                + "input.",
            valueName: "path"),
        completion: .file())
    var paths: [String]

    @OptionGroup var database: DatabaseOption

    @OptionGroup var identity: IdentityOption

    @Option(
        name: [.customShort("d"), .customLong("output-dir"), .customLong("csv")],
        help: ArgumentHelp("Also write each report as CSV to this directory.", valueName: "dir"),
        completion: .directory)
    var csv: String?

    @OptionGroup var force: ForceOption

    @Flag(help: "Also load snapshots that were retracted (see census retract).")
    var again = false

    @Flag(help: "Print only errors: no progress, no summary, no reports.")
    var quiet = false

    @OptionGroup(title: "Origin") var provenance: ProvenanceOptions

    @OptionGroup var search: SearchOptions

    @Option(
        help: ArgumentHelp("Maximum number of rows of each report, or all.", valueName: "rows"))
    var limit = RowLimit.screenful

    @OptionGroup(title: "Layout") var layout: LayoutOptions

    @OptionGroup(title: "Limits") var limits: LimitsOptions

    func validate() throws {
        if quiet && search.verbose {
            throw ValidationError("--quiet and --verbose cannot be used together.")
        }
        try layout.validate(writesCSV: csv != nil, with: "--output-dir")
        if csv?.isEmpty == true { throw ValidationError("--output-dir is empty.") }
        if csv == "-" {
            throw ValidationError(
                "--output-dir takes a directory; for standard output use census report 3 --format csv."
            )
        }
    }

    func run() throws {
        let identities = try identity.read(beside: paths)
        let others = try DatabaseSources(paths)
        if provenance.areGiven && !others.databases.isEmpty {
            throw ValidationError(
                "--known-hosts, --require-signature and --manifest are about files; ingest databases "
                    + "without them.")
        }
        let search = try search.search(others.paths, isQuiet: quiet)
        noteEmptyPaths(search)
        if search.isEmpty && others.databases.isEmpty {
            noteLogs(search)
            throw ExitCode(2)
        }
        let outputs = OutputFiles(
            sparing: try database.filesInUse(
                reading: search.sources + others.evidence,
                provenance.lists + identity.lists
                    + search.signatures.values.map { ($0.string, "a signature") }),
            isForced: force.force)
        let csvFormat = layout.applied(to: .csv)
        let csvFiles = try csv.map {
            try outputs.files(for: Report.usual, csvFormat, in: FilePath($0))
        }
        var checks = try provenance.checks(
            of: search, others.paths, beside: identity.identity)
        checks.identities = identities
        Interruption.expect(
            stoppingStatements: true, outcome: "nothing was loaded; the same command begins again")
        let database = try database.open(.create)
        try limits.require(in: database)
        try Schema.install(in: database)
        try Interruption.check()

        CallingProcess.returnFreedMemory()
        let progress = Progress(files: search.sources.count, isShown: !quiet)
        defer { progress.clear() }  // an error starts on a new line
        var ingest = Ingest(limits: limits.limits, checks, at: try .here(), again: again)
        ingest.onProgress = { progress.update($0) }
        ingest.onIndexing = { progress.say("making the index of processes") }
        ingest.onRejection = { path, error in
            progress.clear()
            Console.note("\(path): \(error.explanation)")
        }
        // What was begun is committed.
        Interruption.expect(
            stoppingStatements: false, outcome: "what was loaded is in \(database.name)")
        ingest.isInterrupted = { Interruption.hasHappened }
        let summary = try ingest.run(search.sources, into: database)
        progress.clear()
        if !quiet && !search.sources.isEmpty {
            Console.note(
                summaryLine(summary, passedOver: search.passedOver, seconds: progress.seconds))
        }

        if summary.isInterrupted {
            let left = search.sources.count - summary.files
            Console.note(
                "interrupted: what was loaded is in \(database.name); the same command loads the "
                    + "\(counted(left, "file")) that \(left == 1 ? "is" : "are") left")
            throw ExitCode(130)
        }

        _ = provenance.noteDoubts(
            summary.signatures, hint: " (see census list evidence and coverage)")
        let areAllThere = provenance.noteDifferences(checks, search, others.paths)
        let isManifestUnsigned = try provenance.isManifestUnsigned()
        let areAccepted = try others.join(into: database, at: .here(), again: again, quiet: quiet)
        if Interruption.hasHappened && !others.databases.isEmpty {
            Console.note(
                "interrupted: what was added is in \(database.name); the same command adds the rest"
            )
            throw ExitCode(130)
        }

        if let csvFiles {
            Interruption.expect(
                stoppingStatements: true,
                outcome: """
                    what was loaded is in \(database.name), and no CSV file was written: \
                    census report --format csv writes them
                    """)
            try database.reading {
                try ReportOutput(
                    database: database, format: csvFormat, limit: nil,
                    remedy:
                        "select fewer rows with census report --host or --since, or use --format json"
                )
                .write(Report.usual, to: csvFiles)
            }
        }
        try outputs.publish()
        if !quiet {
            layout.pager.start()
            try database.reading {
                try ReportOutput(database: database, format: .table, limit: limit.rows)
                    .print(Report.usual)
            }
        }
        if summary.rejectedFiles > 0 || !search.emptyPaths.isEmpty || !areAccepted
            || !areAllThere || isManifestUnsigned
        {
            throw ExitCode(2)
        }
    }
}

/// Reports the paths without a snapshot file, such as an empty mount point.
func noteEmptyPaths(_ search: EvidenceSearch) {
    for path in search.emptyPaths {
        Console.note("no snapshot file in \(path)")
    }
}

/// Reports what is wrong with the custody logs of directories without a snapshot file, such as that the
/// files that they have are gone.
func noteLogs(_ search: EvidenceSearch) {
    let checks = EvidenceChecks(search)
    for source in search.sources {
        guard let error = checks.custody.reading(of: source, besides: [])?.error else { continue }
        Console.note("\(source.path): \(error.explanation)")
    }
}

/// The progress line of an ingest on a terminal.
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
        say(progressLine(summary, files: files, seconds: seconds))
    }

    func say(_ line: String) {
        guard isShown else { return }
        lastUpdate = clock.now
        isOnScreen = true
        Console.progress(line)
    }

    func clear() {
        if isOnScreen { Console.clearProgress() }
        isOnScreen = false
    }

    var seconds: Double { (clock.now - start) / .seconds(1) }
}

/// `17 of 50 files, 51000 rows, 203187 rows/s, 1 s left`.
/// - Parameters:
///   - files: the total number of files.
///   - seconds: the elapsed time.
func progressLine(_ summary: Ingest.Summary, files: Int, seconds: Double) -> String {
    // Processes and the items of lists that many hosts have in common.
    let rows =
        summary.processes
        + ListedKind.all.filter { $0.setTable != nil }.reduce(0) { $0 + summary.items[$1.index] }
    var parts = ["\(summary.files) of \(counted(files, "file"))", counted(rows, "row")]
    if let rate = Int(exactly: (Double(rows) / seconds).rounded()) {
        parts.append("\(rate) rows/s")
    }
    // No estimate yet.
    let left = seconds / Double(summary.files) * Double(files - summary.files)
    if let left = Int(exactly: left.rounded(.up)) { parts.append("\(left) s left") }
    return parts.joined(separator: ", ")
}

/// `9 files read in 0.3 s: 8 snapshots loaded with 1729 processes and 8 logins, 1 file rejected`.
func summaryLine(_ summary: Ingest.Summary, passedOver: Int, seconds: Double) -> String {
    let rows =
        [counted(summary.processes, "process")]
        + ListedKind.all.filter { $0 == .users || summary.items[$0.index] > 0 }
        .map { counted(summary.items[$0.index], $0.noun) }
    var parts = [
        "\(counted(summary.loadedSnapshots, "snapshot")) loaded with "
            + "\(rows.dropLast().joined(separator: ", ")) and \(rows.last!)"
    ]
    if summary.knownSnapshots > 0 { parts.append("\(summary.knownSnapshots) already ingested") }
    if summary.rejectedFiles > 0 {
        parts.append("\(counted(summary.rejectedFiles, "file")) rejected")
    }
    if passedOver > 0 { parts.append("\(counted(passedOver, "other file")) skipped") }
    let tenths = Int((seconds * 10).rounded())
    return "\(counted(summary.files, "file")) read in \(tenths / 10).\(tenths % 10) s: "
        + parts.joined(separator: ", ")
}
