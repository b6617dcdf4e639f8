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
            "Compare the keys that signed the files with this known_hosts file of SSH.",
            valueName: "file"), completion: .file())
    var knownHosts: String?

    @Flag(
        name: .customLong("require-signature"),
        help: ArgumentHelp(
            "Reject files without a signature; with --known-hosts, also those signed by another "
                + "key than the host's."))
    var requiresSignature = false

    @Option(
        help: ArgumentHelp(
            "Compare the directory with this list of census manifest, or of sha256sum; reject files "
                + "that are not in it.", valueName: "file"), completion: .file())
    var manifest: String?

    @Option(
        name: .customLong("examiner-key"),
        help: ArgumentHelp(
            "Read nothing unless the manifest is signed by this public key of SSH, or one in this list of "
                + "allowed signers.", valueName: "file"), completion: .file())
    var examinerKey: String?

    /// The input files.
    var lists: [(path: String, use: String)] {
        let signature = manifest.map { Self.signature(of: $0).string }
        return [
            (knownHosts, "the list of known hosts"), (manifest, "the manifest"),
            (signature, "the signature of the manifest"), (examinerKey, "the examiner's key"),
        ].compactMap { list in list.0.map { ($0, list.1) } }
    }

    /// Whether any of them is given.
    var areGiven: Bool { knownHosts != nil || requiresSignature || manifest != nil }

    func validate() throws {
        if knownHosts?.isEmpty == true { throw ValidationError("--known-hosts is empty.") }
        if manifest?.isEmpty == true { throw ValidationError("--manifest is empty.") }
        if manifest == "-" { throw ValidationError("--manifest takes a file.") }
        if examinerKey?.isEmpty == true { throw ValidationError("--examiner-key is empty.") }
        if examinerKey == "-" { throw ValidationError("--examiner-key takes a file.") }
        if examinerKey != nil && manifest == nil {
            throw ValidationError("--examiner-key is about the signature of --manifest.")
        }
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
        if let manifest { checks.manifest = try readManifest(manifest, paths, checks.knownHosts) }
        return checks
    }

    /// The path of the signature beside a manifest.
    static func signature(of manifest: String) -> FilePath { FilePath(manifest).withSuffix(".sig") }

    /// Whether a manifest is given that has no signature, though one is required.
    func isManifestUnsigned() throws -> Bool {
        guard requiresSignature, let manifest else { return false }
        return try OpenFile.status(at: Self.signature(of: manifest), followingLink: false) == nil
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

    private static func examinerKeys(_ path: String) throws -> ExaminerKeys {
        let bytes = try OpenFile(reading: FilePath(path)).contents(limit: 1 << 20)
        do throws(ExaminerKeys.InvalidFile) { return try ExaminerKeys(bytes) } catch {
            throw Failure(message: "\(path): \(error.reason)")
        }
    }

    private func readManifest(
        _ path: String, _ paths: [String], _ knownHosts: KnownHosts?
    ) throws -> Manifest {
        let directories = try paths.map { FilePath($0) }.filter { path in
            try OpenFile.kind(at: path) == .directory
        }
        guard directories.count == 1, paths.count == 1 else {
            throw ValidationError("--manifest takes one directory to compare with.")
        }
        let bytes = try OpenFile(reading: FilePath(path)).contents(limit: 1 << 30)
        do {
            var manifest = try Manifest(bytes, of: directories[0])
            manifest.setSigner(try noteSigner(of: path, bytes, knownHosts))
            return manifest
        } catch let error as Manifest.InvalidManifest {
            throw Failure(message: "\(path)\(error.line.map { ":\($0)" } ?? ""): \(error.reason)")
        }
    }

    /// Says who has signed a manifest.
    /// - Returns: the key, and what is known of it; nil if the manifest is not signed.
    /// - Throws: exit code 2 unless that is whom `--examiner-key` names.
    private func noteSigner(
        of path: String, _ bytes: [UInt8], _ knownHosts: KnownHosts?
    ) throws -> String? {
        let examiners = try examinerKey.map(Self.examinerKeys)
        func refuse(_ reason: String) -> ExitCode {
            Console.note("\(path): \(reason); nothing is read")
            return ExitCode(2)
        }
        let own = examinerKey ?? ""
        let place = Self.signature(of: path)
        // One that cannot be read is an error.
        guard try OpenFile.status(at: place, followingLink: false) != nil else {
            if examiners != nil { throw refuse("not signed, and so not by the key of \(own)") }
            Console.note("\(path): not signed")
            return nil
        }
        let signature = try OpenFile(reading: place).contents(limit: 1 << 16)
        let signer: FileSignature
        do throws(Manifest.InvalidManifest) {
            signer = try Manifest.signer(of: bytes, signature, knownHosts, examiners)
        } catch {
            throw examiners == nil ? error : refuse(error.reason)
        }
        var by = signer.key ?? ""
        switch signer.verdict {
        case .valid:
            by += ", the key of \(signer.principal.flatMap { $0.isEmpty ? nil : $0 } ?? own)"
        case .wrongKey: throw refuse("signed by \(by), which is not the key of \(own)")
        case .unknownHost: by += ", which --known-hosts does not have"
        case .unsigned, .signed, .revoked: break
        }
        Console.note("\(path): signed by \(by)")
        return by
    }

    /// Reports the files of a manifest that are missing, changed or not read.
    /// - Parameter paths: the arguments.
    /// - Returns: whether all files of the manifest are as it has them.
    func noteDifferences(
        _ checks: EvidenceChecks, _ search: EvidenceSearch, _ paths: [String]
    ) -> Bool {
        guard let own = checks.manifest, let manifest else { return true }
        let differences = own.differences(besides: search.sources)
        let outside = "outside of \(paths[0]), and not read: only the digest was compared"
        let texts: [(Manifest.Difference, String)] = [
            (.missing, "missing"), (.changed, "not as listed"),
            (.linked, "behind a symbolic link, and not read"), (.outside, outside),
        ]
        for (difference, text) in texts {
            let paths = differences.filter { $0.difference == difference }.map(\.path.text)
            if !paths.isEmpty { Console.note("\(manifest): \(Self.list(paths)) \(text)") }
        }
        return differences.allSatisfy { $0.difference == .outside }
    }

    /// Reports files whose signatures are not good.
    /// - Parameter hint: where more is said of them; empty if nowhere.
    /// - Returns: whether there are none.
    func noteDoubts(_ signatures: DoubtfulSignatures, hint: String = "") -> Bool {
        var parts: [String] = []
        func add(_ count: Int, _ what: String) {
            if count > 0 { parts.append("\(counted(count, "file")) \(what)") }
        }
        add(signatures.unknownKeys, "signed by a key that is not known as the host's")
        add(signatures.revokedKeys, "signed by a revoked key")
        // Without a list nobody has said that files are to be signed.
        if knownHosts != nil { add(signatures.unsigned, "not signed") }
        for part in parts { Console.note(part + hint) }
        return parts.isEmpty
    }

    /// `a.jsonl.gz, b.jsonl.gz and 3 more are`.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return shown + more + (names.count == 1 ? " is" : " are")
    }
}
