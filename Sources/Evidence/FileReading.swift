import Records

/// The result of reading a file.
package struct FileReading: Sendable {
    /// The size in bytes; nil if unknown.
    package private(set) var size: Int?
    /// SHA-256 of the file's bytes in lower-case hexadecimal; nil if the file was not read to its
    /// end.
    package private(set) var sha256: String?
    /// Why the file is bad; nil if it is not.
    package var error: SnapshotError?
    /// The number of snapshots in a file that has been loaded before, and is not parsed again; nil
    /// for any other file.
    package private(set) var knownSnapshots: Int?
    /// What shows where the file comes from.
    package var provenance = Provenance()

    init(
        size: Int? = nil, sha256: String? = nil, error: SnapshotError? = nil,
        knownSnapshots: Int? = nil
    ) {
        self.size = size
        self.sha256 = sha256
        self.error = error
        self.knownSnapshots = knownSnapshots
    }

    /// Opens a file and reads it to its end, or to its first error.
    /// - Parameter take: called with each snapshot; returns whether to continue.
    /// - Returns: nil if `take` stopped the reading.
    init?(
        _ source: EvidenceSearch.Source, _ limits: SnapshotLimits, _ checks: EvidenceChecks,
        _ buffers: inout SnapshotBuffers, _ take: (Snapshot) -> Bool
    ) {
        do throws(SnapshotError) {
            self.init(try source.open(), of: source, limits, checks, &buffers, take)
        } catch {
            self.init(error: error)
        }
    }

    /// The same of a file that is open.
    init?(
        _ input: consuming EvidenceInput, of source: EvidenceSearch.Source,
        _ limits: SnapshotLimits, _ checks: EvidenceChecks, _ buffers: inout SnapshotBuffers,
        _ take: (Snapshot) -> Bool
    ) {
        var signature: SignatureCheck?
        do throws(SnapshotError) {
            signature = try checks.signature(of: source).map(SignatureCheck.init)
        } catch {
            self.error = error
        }
        var file = SnapshotFile(input, limits, checks.identities, buffers: buffers, signature)
        var isWanted = true
        let needsHosts = checks.needsHosts(source)
        var hosts = SignedHosts()
        do throws(SnapshotError) {
            while isWanted, let snapshot = try file.next() {
                if needsHosts { hosts.add(SignedHost(snapshot.host)) }
                isWanted = take(snapshot)
            }
        } catch {
            self.error = error
        }
        if isWanted && error?.code != .unreadable {
            // A concurrent change of the file takes precedence over an error in its content.
            do throws(SnapshotError) { sha256 = try file.finishDigest() } catch {
                self.error = error
            }
        }
        size = file.sizeOnDisk ?? (sha256 == nil ? nil : file.size)
        if let kinds = file.recipientKinds {
            provenance.encryption = "age: \(kinds.joined(separator: ", "))"
        }
        signature = file.signature
        buffers = file.close()
        if !isWanted { return nil }
        check(checks, source, signature, hosts.all)
    }

    /// Compares the file, which has been read to its end, with all else that is known.
    /// - Parameters:
    ///   - signature: with all bytes of the file; nil if it has none.
    ///   - hosts: of its snapshots.
    mutating func check(
        _ checks: EvidenceChecks, _ source: EvidenceSearch.Source, _ signature: SignatureCheck?,
        _ hosts: [SignedHost]
    ) {
        if error == nil {
            do throws(SnapshotError) {
                let signature = try checks.judge(signature, of: hosts)
                provenance.signature = signature
                error = checks.refusal(of: signature)
            } catch {
                self.error = error
            }
        }
        checks.complete(&self, of: source)
    }
}
