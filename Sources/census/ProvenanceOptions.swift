import ArgumentParser
import Evidence
import Files
import SystemPackage
import Text

/// The options that say what the origin of files is compared with.
struct ProvenanceOptions: ParsableArguments {
    @Option(
        name: .customLong("known-hosts"),
        help: ArgumentHelp(
            "Compare the keys that signed the files with this known_hosts of SSH.",
            valueName: "file"), completion: .file())
    var knownHosts: String?

    @Flag(
        name: .customLong("require-signature"),
        help: ArgumentHelp(
            "Reject files without a signature; with --known-hosts, also those of another key than the "
                + "host's."))
    var requiresSignature = false

    @Option(
        help: ArgumentHelp(
            "Compare the directory with this list of census manifest, or of sha256sum; reject what it "
                + "does not have.", valueName: "file"), completion: .file())
    var manifest: String?

    /// The input files.
    var lists: [(path: String, use: String)] {
        [(knownHosts, "the list of known hosts"), (manifest, "the manifest")].compactMap { list in
            list.0.map { ($0, list.1) }
        }
    }

    /// Whether any of them is given.
    var areGiven: Bool { knownHosts != nil || requiresSignature || manifest != nil }

    func validate() throws {
        if knownHosts?.isEmpty == true { throw ValidationError("--known-hosts is empty.") }
        if manifest?.isEmpty == true { throw ValidationError("--manifest is empty.") }
        if manifest == "-" { throw ValidationError("--manifest takes a file.") }
    }

    /// - Parameters:
    ///   - paths: the arguments. A manifest is about one of them, a directory.
    ///   - inputs: the other files that are read.
    func checks(
        of search: EvidenceSearch, _ paths: [String], beside inputs: [String]
    ) throws -> EvidenceChecks {
        if knownHosts == "-" && (paths + inputs).contains("-") {
            throw ValidationError("standard input cannot be --known-hosts and something else.")
        }
        var checks = EvidenceChecks(search)
        checks.requiresSignature = requiresSignature
        if let knownHosts { checks.knownHosts = try Self.knownHosts(knownHosts) }
        if let manifest { checks.manifest = try Self.manifest(manifest, paths) }
        return checks
    }

    static func knownHosts(_ path: String) throws -> KnownHosts {
        let bytes = try OpenFile(readingOrStandardInput: path).contents()
        do throws(KnownHosts.InvalidList) {
            let list = try KnownHosts(bytes)
            if let line = list.linesWithoutKey.first {
                let more = list.linesWithoutKey.count - 1
                Console.note(
                    "\(path):\(line): no name with its key in this line; skipped"
                        + (more > 0 ? ", and \(counted(more, "more line"))" : ""))
            }
            return list
        } catch {
            throw Failure(message: "\(path): \(error.reason)")
        }
    }

    private static func manifest(_ path: String, _ paths: [String]) throws -> Manifest {
        let directories = try paths.map { FilePath($0) }.filter { path in
            try OpenFile.kind(at: path) == .directory
        }
        guard directories.count == 1, paths.count == 1 else {
            throw ValidationError("--manifest takes one directory to compare with.")
        }
        let bytes = try OpenFile(reading: FilePath(path)).contents(limit: 1 << 30)
        let signaturePath = FilePath(path).withSuffix(".sig")
        // One that cannot be read is an error.
        let signed =
            try OpenFile.status(at: signaturePath, followingLink: false) == nil
            ? nil : OpenFile(reading: signaturePath).contents(limit: 1 << 16)
        do throws(Manifest.InvalidManifest) {
            let manifest = try Manifest(bytes, of: directories[0])
            if let signed {
                let key = try Manifest.signer(of: bytes, signed)
                Console.note("\(path): signed by \(key)")
            }
            return manifest
        } catch {
            throw Failure(message: "\(path)\(error.line.map { ":\($0)" } ?? ""): \(error.reason)")
        }
    }

    /// Reports the files of a manifest that are missing or changed, and those of a custody log that were
    /// not among the files read.
    /// - Parameter digests: of the files that were read.
    /// - Returns: whether all files of the manifest are as it has them.
    func noteDifferences(
        _ checks: EvidenceChecks, _ search: EvidenceSearch, _ digests: Set<ContentDigest>
    ) -> Bool {
        for (log, files) in checks.custody.missing(besides: digests) {
            Console.note("\(log): \(Self.list(files)) not among these files")
        }
        guard let own = checks.manifest, let manifest else { return true }
        let differences = own.differences(besides: search.sources)
        for (verdict, text) in [(Manifest.Verdict.missing, "missing"), (.changed, "not as listed")]
        {
            let paths = differences.filter { $0.verdict == verdict }.map(\.path.text)
            if !paths.isEmpty { Console.note("\(manifest): \(Self.list(paths)) \(text)") }
        }
        return differences.isEmpty
    }

    /// Reports signatures by keys that are not known as the hosts'.
    /// - Parameter count: of the files.
    func noteUnknownKeys(_ count: Int) {
        if count == 0 { return }
        Console.note(
            "\(counted(count, "file")) signed by a key that is not known as the host's (see census list "
                + "evidence and coverage)")
    }

    /// `a.jsonl.gz, b.jsonl.gz and 3 more are`.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return shown + more + (names.count == 1 ? " is" : " are")
    }
}
