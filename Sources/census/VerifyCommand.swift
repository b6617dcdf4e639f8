import ArgumentParser
import Database
import Evidence
import Files
import Output
import SystemPackage
import Text

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check snapshot files without a database.",
        discussion: """
            Reports for each file whether it is complete, truncated, corrupt, unsupported (a newer \
            format, above a limit, inside a container such as an archive, or encrypted for other \
            keys than those of --identity), unreadable or untrusted (whole, but not as the options \
            of the origin, the custody log or the manifest have it), and why.

            Exit codes: 0 all files are complete, 1 failure, 2 some files are not complete, a path \
            has no snapshot file, with --known-hosts a file is not signed or by a key that is not \
            known as the host's, a file of the manifest is missing or changed, or the manifest is not \
            signed by --examiner-key, 64 usage error.

            Examples:
              census verify /media/usb
              census verify --format csv evidence/ > evidence.csv
              census verify --identity key.txt /media/usb
              census verify --manifest m.sha256 --examiner-key ana.pub /media/usb
              find evidence -type f -print0 | census verify --files0-from -
            """)

    @Argument(
        help: ArgumentHelp(
            "Snapshot files, directories of snapshot files, or - for standard input.",
            valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @OptionGroup var pathList: PathListOption

    /// The output formats of `verify`: those that write each verdict at once.
    struct OutputFormat: FormatArgument {
        /// Nil for human-readable lines.
        let rows: RowFormat?
        var name: String { rows?.name ?? "lines" }

        static let lines = OutputFormat(rows: nil)
        static var all: [OutputFormat] {
            [lines]
                + RowFormat.all.filter { !$0.formatter([]).measuresFirst }
                .map(OutputFormat.init(rows:))
        }
    }

    @Option(help: "The output format.")
    var format = OutputFormat.lines

    @OptionGroup var output: OutputOption

    @OptionGroup var identity: IdentityOption

    @OptionGroup(title: "Origin") var provenance: ProvenanceOptions

    @OptionGroup var search: SearchOptions

    @OptionGroup(title: "Layout") var layout: LayoutOptions

    @OptionGroup(title: "Limits") var limits: LimitsOptions

    func validate() throws {
        try layout.validate(writesCSV: format.name == RowFormat.csv.name)
        try pathList.validate(
            beside: paths, otherInputs: identity.identity + [provenance.knownHosts ?? ""])
    }

    func run() throws {
        let paths = try self.paths + pathList.read()
        let identities = try identity.read(beside: paths)
        let search = try search.search(paths)
        noteEmptyPaths(search)
        let inUse = FilesInUse(reading: search.sources)
        for list in provenance.lists + identity.lists + pathList.lists where list.path != "-" {
            try inUse.add(FilePath(list.path), list.use)
        }
        for file in search.signatures.values { try inUse.add(file, "a signature") }
        try inUse.requireOtherStreams()
        var checks = try provenance.checks(of: search, paths, beside: identity.identity)
        checks.identities = identities
        output.noteExtension(for: format)
        if !output.isFile { layout.pager.start() }
        var verdicts = VerdictWriter(
            format.rows.map(layout.applied), areToBeSigned: provenance.knownHosts != nil)
        var counts: [Verification.Verdict: Int] = [:]
        var signatures = DoubtfulSignatures()
        var isComplete = false
        try output.write(verdicts.kind, sparing: inUse) { write in
            var verification = Verification(limits: limits.limits, checks)
            try write(verdicts.begin())
            for source in search.sources {
                let finding = try verification.verify(source)
                counts[finding.verdict, default: 0] += 1
                signatures.add(finding.reading)
                try write(verdicts.add(finding))
            }
            try write(verdicts.end())
            isComplete = true
        }
        if !isComplete { return }  // the reader closed the pipe
        Console.note(verdicts.excess, in: "verify", remedy: Console.jsonRemedy)
        let areSigned = provenance.noteDoubts(signatures)
        let areAllThere = provenance.noteDifferences(checks, search, paths)
        let isManifestUnsigned = try provenance.isManifestUnsigned()
        Console.note(summary(counts, passedOver: search.passedOver))
        let areComplete = !counts.isEmpty && counts.keys.allSatisfy { $0 == .complete }
        if !areComplete || !areAllThere || !areSigned || isManifestUnsigned
            || !search.emptyPaths.isEmpty
        {
            throw ExitCode(2)
        }
    }

    private func summary(_ counts: [Verification.Verdict: Int], passedOver: Int) -> String {
        var parts = Verification.Verdict.allCases.compactMap { verdict in
            counts[verdict].map { "\($0) \(verdict)" }
        }
        if passedOver > 0 { parts.append("\(counted(passedOver, "other file")) skipped") }
        let files = counted(counts.values.reduce(0, +), "file")
        return parts.isEmpty ? files : "\(files): \(parts.joined(separator: ", "))"
    }
}

/// Formats findings one by one.
private struct VerdictWriter {
    private var formatter: (any RowFormatter)?
    private var count = 0
    /// Whether somebody has said which keys the hosts have.
    private let areToBeSigned: Bool
    /// What may be overwritten.
    let kind: OutputKind

    private static let columns = [
        "Path", "Verdict", "Line", "Reason", "Size_bytes", "SHA256", "Snapshots", "Signature",
        "Signer_Key", "Signer_Principal", "Encryption", "Custody", "Manifest",
    ]

    /// - Parameter format: nil for human-readable lines.
    init(_ format: RowFormat?, areToBeSigned: Bool) {
        self.areToBeSigned = areToBeSigned
        formatter = format?.formatter(Self.columns)
        let beginnings = Verification.Verdict.allCases.map(Self.padded)
        kind =
            format.map { .rows($0, Self.columns, of: "verify") }
            ?? .text("output of verify", beginnings: beginnings)
    }

    /// `complete     `.
    private static func padded(_ verdict: Verification.Verdict) -> String {
        verdict.rawValue + String(repeating: " ", count: 12 - verdict.rawValue.utf8.count)
    }

    var excess: SpreadsheetExcess? { formatter?.excess }

    mutating func begin() -> [UInt8] {
        var bytes: [UInt8] = []
        formatter?.begin(&bytes)
        return bytes
    }

    mutating func add(_ finding: Verification.VerifiedFile) -> [UInt8] {
        count += 1
        guard formatter != nil else { return Array((line(finding) + "\n").utf8) }
        var bytes: [UInt8] = []
        let error = finding.reading.error
        let signature = finding.reading.provenance.signature
        formatter?.add(
            [
                Value(finding.path), Value(finding.verdict.rawValue), Value(error?.line),
                Value(error?.reason), Value(finding.reading.size), Value(finding.reading.sha256),
                Value(finding.snapshots), Value(signature?.verdict.rawValue), Value(signature?.key),
                Value(signature?.principal), Value(finding.reading.provenance.encryption),
                Value(finding.reading.provenance.custody),
                Value(finding.reading.provenance.manifest?.rawValue),
            ], &bytes)
        return bytes
    }

    mutating func end() -> [UInt8] {
        var bytes: [UInt8] = []
        formatter?.end(rows: count, omitted: 0, &bytes)
        return bytes
    }

    /// `complete    web-01.jsonl.gz: 1 snapshot, signed by ssh-ed25519 SHA256:…`.
    private func line(_ finding: Verification.VerifiedFile) -> String {
        let provenance = finding.reading.provenance
        if let error = finding.reading.error {
            return visible("\(Self.padded(finding.verdict))\(finding.path): \(error.explanation)")
        }
        if finding.isCustodyLog {
            return visible(
                "\(Self.padded(finding.verdict))\(finding.path): "
                    + (provenance.custody ?? "a custody log"))
        }
        var parts = [counted(finding.snapshots, "snapshot")]
        if let text = provenance.signature?.text {
            parts.append(text)
        } else if areToBeSigned {
            parts.append("not signed")
        }
        if let encryption = provenance.encryption { parts.append("encrypted (\(encryption))") }
        if let custody = provenance.custody { parts.append(custody) }
        return visible(
            "\(Self.padded(finding.verdict))\(finding.path): \(parts.joined(separator: ", "))")
    }
}
