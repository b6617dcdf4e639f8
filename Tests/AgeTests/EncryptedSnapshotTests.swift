import Age
import Evidence
import Records
import SystemPackage
import TestSupport
import Testing

/// The reader of snapshot files over encrypted ones.
@Suite struct EncryptedSnapshotTests {
    private let recipient = try! AgeRecipient(
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj")
    private let identities = try! AgeIdentities(
        file: Array(
            "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX".utf8))

    private func read(
        _ bytes: [UInt8], in directory: TemporaryDirectory
    ) throws -> (snapshots: Int, error: SnapshotError?, kinds: [String]?) {
        let path = directory.path.appending("snapshot")
        let descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        var file = try SnapshotFile(EvidenceInput.file(path), identities: identities)
        var snapshots = 0
        var error: SnapshotError?
        do throws(SnapshotError) {
            while try file.next() != nil { snapshots += 1 }
        } catch let failure {
            error = failure
        }
        let digest = try file.finishDigest()
        #expect(digest == ContentDigest(of: bytes).hexadecimal)
        #expect(file.size == bytes.count)
        return (snapshots, error, file.recipientKinds)
    }

    /// 10,000 changed bits: no snapshot comes of any.
    @Test func aFileWithAChangedBitHasNoSnapshot() throws {
        let directory = try TemporaryDirectory()
        let file = AgeWriter.file(of: try gzip(SnapshotText().bytes), for: [recipient])
        let whole = try read(file, in: directory)
        #expect(whole.snapshots == 1 && whole.error == nil && whole.kinds == ["X25519"])
        var generator = SplitMix64(state: 5)
        for number in 0..<10_000 {
            // Every bit at least once, and then any.
            let bit =
                number < file.count * 8
                ? number : .random(in: 0..<(file.count * 8), using: &generator)
            var changed = file
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let reading = try read(changed, in: directory)
            #expect(reading.snapshots == 0 && reading.error != nil, "bit \(bit)")
        }
    }

    /// Several snapshots in gzip members and in plain text, of sizes around those of the buffers.
    @Test func encryptedFilesHaveTheSnapshotsOfPlainOnes() throws {
        let directory = try TemporaryDirectory()
        for count in [0, 1, 2_000, 9_000, 20_000] {
            let text = SnapshotText(processes: (0..<count).map { process($0 + 1, "p\($0 * 7919)") })
            for content in [
                text.bytes, try gzip(text.bytes), try gzip(text.bytes) + gzip(text.bytes),
            ] {
                let plain = try read(content, in: directory)
                let encrypted = try read(
                    AgeWriter.file(of: content, for: [recipient]), in: directory)
                #expect(plain.error == nil && encrypted.error == nil)
                #expect(plain.snapshots == encrypted.snapshots)
                #expect(plain.kinds == nil)
            }
        }
    }

    /// The buffers serve encrypted and plain files in turn.
    @Test func buffersAreReused() throws {
        let directory = try TemporaryDirectory()
        let plain = SnapshotText(processes: (0..<20_000).map { process($0 + 1, "p\($0)") }).bytes
        let encrypted = AgeWriter.file(of: plain, for: [recipient])
        let files = [
            plain, encrypted, encrypted, Array(encrypted.dropLast()), plain, plain, encrypted,
        ]
        for (index, bytes) in files.enumerated() { try directory.write(bytes, to: "\(index).age") }
        var checks = EvidenceChecks()
        checks.identities = identities
        var verification = Verification(limits: SnapshotLimits(), checks)
        let verdicts = try files.indices.map { index in
            try verification.verify(
                .file(directory.path.appending("\(index).age"), followingLink: true))
        }
        #expect(verdicts.map(\.snapshots) == [1, 1, 1, 0, 1, 1, 1])
        #expect(
            verdicts.map { $0.reading.error == nil } == [true, true, true, false, true, true, true])
    }
}
