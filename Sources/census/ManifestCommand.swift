import ArgumentParser
import Evidence
import Files
import Loading
import Output
import SystemPackage
import Text

struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "List snapshot files with their digests, to be signed by the examiner.",
        discussion: """
            Writes a line for each snapshot file, signature and custody log of a directory, in the form \
            that sha256sum -c checks. A comment above each line describes the file. census verify \
            --manifest and census ingest --manifest compare a directory with it.

            Exit codes: 0 success, 1 failure, 2 success but some files are not complete or missing, or the \
            directory has no snapshot file, 64 usage error.

            Examples:
              census manifest /media/usb --case 2026-17 -o 2026-17.sha256
              census manifest evidence --known-hosts known_hosts -o evidence.sha256
              ssh-keygen -Y sign -n census-manifest@census -f id_ed25519 2026-17.sha256
              cd /media/usb && sha256sum -c 2026-17.sha256
            """)

    @Argument(
        help: ArgumentHelp("The directory of the snapshot files.", valueName: "dir"),
        completion: .directory)
    var directory: String

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("The case name or number.", valueName: "text"))
    var name: String?

    @Option(help: ArgumentHelp("The examiner's name.", valueName: "text"))
    var examiner: String?

    @Option(help: ArgumentHelp("Where the files were collected.", valueName: "text"))
    var place: String?

    @Option(help: ArgumentHelp("A note.", valueName: "text"))
    var note: String?

    @Option(
        name: .customLong("known-hosts"),
        help: ArgumentHelp(
            "Compare the keys that signed the files with this known_hosts file of SSH.",
            valueName: "file"), completion: .file())
    var knownHosts: String?

    @OptionGroup var identity: IdentityOption

    @OptionGroup var output: OutputOption

    @OptionGroup(title: "Limits") var limits: LimitsOptions

    func validate() throws {
        if directory.isEmpty { throw ValidationError("The directory is empty.") }
        if directory == "-" { throw ValidationError("A manifest is of a directory, not of -.") }
        if knownHosts?.isEmpty == true { throw ValidationError("--known-hosts is empty.") }
    }

    private static let kind = OutputKind.text("manifest", beginnings: [Manifest.heading])

    func run() throws {
        let root = FilePath(directory)
        guard try OpenFile.kind(at: root) == .directory else {
            throw FileError("list", root, .notDirectory)
        }
        let identities = try identity.read(beside: [])
        let search = try EvidenceSearch([directory])
        noteEmptyPaths(search)
        if search.isEmpty {
            noteLogs(search)
            throw ExitCode(2)
        }
        let inUse = FilesInUse(reading: search.sources)
        let known = knownHosts.map { [($0, "the list of known hosts")] } ?? []
        for (path, use) in known + identity.lists.map({ ($0.path, $0.use) }) where path != "-" {
            try inUse.add(FilePath(path), use)
        }
        for file in search.signatures.values { try inUse.add(file, "a signature") }
        if knownHosts == "-" && identity.identity.contains("-") {
            throw ValidationError("standard input cannot be --known-hosts and --identity.")
        }
        try inUse.requireOtherStreams()
        try output.requirePlace(sparing: inUse)
        var checks = EvidenceChecks(search)
        checks.identities = identities
        if let knownHosts { checks.knownHosts = try ProvenanceOptions.knownHosts(knownHosts) }

        let signatures = try signaturesOfEarlier()
        var text = try heading()
        var verification = Verification(limits: limits.limits, checks)
        var (files, bytes) = (0, 0)
        var areComplete = true
        for source in search.sources {
            let finding = try verification.verify(source)
            let isListed = finding.reading.sha256 != nil
            if let error = finding.reading.error {
                areComplete = false
                Console.note(
                    "\(finding.path): \(error.explanation)\(isListed ? "" : "; not listed")")
            }
            guard let sha256 = finding.reading.sha256, case .file(let path, _) = source else {
                continue
            }
            text += "\n# \(visible(Self.comment(finding)))\n".utf8
            text += Self.line(sha256, path, in: root)
            (files, bytes) = (files + 1, bytes + (finding.reading.size ?? 0))
            if let companion = search.signatures[path], try isRegular(companion) {
                let content = try OpenFile(reading: companion, followingLink: false).contents()
                text += Self.line(
                    ContentDigest(of: content).hexadecimal, companion, in: root)
                (files, bytes) = (files + 1, bytes + content.count)
            }
        }
        try output.write(Self.kind, sparing: inUse) { try $0(text) }
        for signature in signatures {
            Console.note("\(signature.text) no longer matches the manifest: sign it again")
        }
        Console.note("\(counted(files, "file")) with \(bytes) bytes")
        Console.note(
            "SHA-256 of the manifest: \(groupedHexadecimal(ContentDigest(of: text).bytes))")
        if let path = output.path, output.isFile {
            Console.note(
                "to sign it: ssh-keygen -Y sign -n \(Manifest.namespace) -f ~/.ssh/id_ed25519 "
                    + Self.shellWord(path))
        }
        if !areComplete || !search.emptyPaths.isEmpty { throw ExitCode(2) }
    }

    /// A signature that is none, such as a link, was reported with its file.
    private func isRegular(_ signature: FilePath) throws -> Bool {
        try OpenFile.status(at: signature, followingLink: false)?.kind == .regular
    }

    /// The signatures of an earlier manifest at the place of the output.
    /// - Throws: `OutputRefusal` unless they may become worthless.
    private func signaturesOfEarlier() throws -> [FilePath] {
        guard let path = output.path, output.isFile,
            try OpenFile.status(at: FilePath(path), followingLink: true) != nil
        else { return [] }
        let signatures = try [".sig", ".minisig"].map { FilePath(path).withSuffix($0) }.filter {
            try OpenFile.status(at: $0, followingLink: false) != nil
        }
        if let first = signatures.first, !output.force.force {
            throw OutputRefusal(
                FilePath(path), "it is signed, see \(first.text)",
                "give another name, or use --force to overwrite it")
        }
        return signatures
    }

    private func heading() throws -> [UInt8] {
        let desk = try Ingest.Desk.here()
        let by = [desk.user, desk.machine.map { "on \($0)" }, desk.program.map { "with \($0)" }]
        var lines = [
            "created: \(try Timestamp.present().description) by "
                + by.compactMap(\.self).joined(separator: " ")
        ]
        for (title, value) in [
            ("case", name), ("examiner", examiner), ("place", place), ("note", note),
        ] {
            for line in value?.split(separator: "\n") ?? [] { lines.append("\(title): \(line)") }
        }
        return Array(Manifest.heading.utf8) + lines.flatMap { Array("# \(visible($0))\n".utf8) }
    }

    /// `web-01, 2026-11-30T09:00:00Z, 41234 bytes, complete, signed by …`.
    private static func comment(_ finding: Verification.VerifiedFile) -> String {
        let provenance = finding.reading.provenance
        var parts = [finding.first].compactMap(\.self)
        if finding.snapshots > 1 { parts.append("\(finding.snapshots) snapshots") }
        parts.append("\(finding.reading.size ?? 0) bytes")
        parts.append(finding.verdict.rawValue)
        if let error = finding.reading.error { parts.append(error.description) }
        if let signature = provenance.signature { parts.append(signature.text ?? "not signed") }
        if let encryption = provenance.encryption { parts.append("encrypted (\(encryption))") }
        if let custody = provenance.custody { parts.append(custody) }
        return parts.joined(separator: ", ")
    }

    /// `DIGEST  web-01.jsonl.gz`.
    private static func line(_ sha256: String, _ path: FilePath, in root: FilePath) -> [UInt8] {
        let (name, hasEscapes) = Manifest.escaped(Manifest.relative(path, to: root))
        return Array((hasEscapes ? "\\" : "").utf8) + Array("\(sha256)  ".utf8) + name + [0x0A]
    }

    /// A word as a shell takes it.
    private static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
                || "/-_.+,@%".utf8.contains(byte)
        }
        return isPlain && !text.hasPrefix("-")
            ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
