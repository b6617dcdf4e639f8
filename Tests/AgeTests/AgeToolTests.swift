import Age
import Crypto
import SystemPackage
import TestSupport
import Testing

/// Debian's `age` is the oracle: each reads what the other writes.
@Suite struct AgeToolTests {
    /// A directory with keys of both kinds, and their texts.
    private struct Keys {
        let directory: TemporaryDirectory
        /// The names of the identity files, and the recipients.
        let all: [(file: String, recipient: String)]

        init() throws {
            directory = try TemporaryDirectory()
            var keys: [(file: String, recipient: String)] = []
            for name in ["one.txt", "two.txt"] {
                let path = directory.path.appending(name).string
                let made = try TestSupport.run("age-keygen", ["-o", path])
                try #require(made.status == 0)
                let shown = try TestSupport.run("age-keygen", ["-y", path])
                keys.append((name, shown.output.trimmingLineEnd))
            }
            let path = directory.path.appending("ssh").string
            let made = try TestSupport.run(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "a comment", "-f", path])
            try #require(made.status == 0)
            let line = String(decoding: try directory.read("ssh.pub"), as: UTF8.self)
            keys.append(("ssh", line.trimmingLineEnd))
            all = keys
        }

        func identities(_ index: Int) throws -> AgeIdentities {
            try AgeIdentities(file: directory.read(all[index].file))
        }
    }

    private static let sizes = [
        0, 1, 100, 65_535, 65_536, 65_537, 131_072, 1_000_000,
    ]

    private func content(_ size: Int) -> [UInt8] {
        var generator = SplitMix64(state: UInt64(size))
        return (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    @Test(arguments: sizes) func whatAgeWritesIsRead(_ size: Int) throws {
        let keys = try Keys()
        let content = content(size)
        for chosen in [[0], [2], [1, 2, 0]] {
            for armor in [[], ["-a"]] {
                let recipients = chosen.flatMap { ["-r", keys.all[$0].recipient] }
                let encrypted = try run("age", armor + recipients, input: content)
                try #require(encrypted.status == 0, "\(encrypted.error)")
                let file = encrypted.outputBytes
                for index in keys.all.indices {
                    let identities = try keys.identities(index)
                    if chosen.contains(index) {
                        #expect(try identities.decrypt(file, limit: size) == content)
                    } else {
                        #expect {
                            try identities.decrypt(file, limit: size)
                        } throws: {
                            ($0 as? AgeError)?.kind == .noMatch
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: sizes) func whatIsWrittenAgeReads(_ size: Int) throws {
        let keys = try Keys()
        let content = content(size)
        for chosen in [[0], [2], [1, 2, 0]] {
            let recipients = try chosen.map { try AgeRecipient(keys.all[$0].recipient) }
            // In pieces of odd lengths.
            var writer = AgeWriter(recipients)
            var file: [UInt8] = []
            var start = 0
            while start < size {
                let end = min(start + 30_011, size)
                writer.write(content[start..<end], into: &file)
                start = end
            }
            writer.finish(into: &file)
            #expect(file.count == AgeWriter.file(of: content, for: recipients).count)
            for (index, key) in keys.all.enumerated() {
                let path = keys.directory.path.appending(key.file).string
                let decrypted = try run("age", ["-d", "-i", path], input: file)
                #expect((decrypted.status == 0) == chosen.contains(index), "\(decrypted.error)")
                #expect(decrypted.outputBytes == (chosen.contains(index) ? content : []))
            }
        }
    }

    /// Of the same content no two files are alike.
    @Test func eachFileHasKeysOfItsOwn() throws {
        let keys = try Keys()
        let recipients = try keys.all.map { try AgeRecipient($0.recipient) }
        let files = (0..<20).map { _ in AgeWriter.file(of: [1, 2, 3], for: recipients) }
        #expect(Set(files).count == 20)
        let bodies = files.map { $0.suffix(35) }
        #expect(Set(bodies).count == 20)
    }

    /// 10,000 changed bits of a file of three chunks: none is accepted, and of the content no byte of
    /// the changed chunk or of a later one is released.
    @Test func aChangedBitIsFound() throws {
        let keys = try Keys()
        let content = content(150_000)
        let recipients = try keys.all.map { try AgeRecipient($0.recipient) }
        let file = AgeWriter.file(of: content, for: recipients)
        let start = file.count - 16 - content.count - 3 * 16  // the nonce
        var generator = SplitMix64(state: 3)
        let identities = try keys.identities(1)
        for number in 0..<10_000 {
            // Every second one in the header.
            let place =
                number % 2 == 0
                ? Int.random(in: 0..<file.count, using: &generator)
                : Int.random(in: 0..<(start + 16), using: &generator)
            var changed = file
            changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let reading = AgeReading(changed, .binary, identities)
            #expect(reading.error != nil, "byte \(place)")
            let chunks = max(0, place - start - 16) / 65_552
            #expect(reading.content == Array(content.prefix(chunks * 65_536)), "byte \(place)")
        }
    }

    /// Every beginning of a file, and every file with bytes behind it, is refused.
    @Test func aFileThatIsNotWholeIsRefused() throws {
        let keys = try Keys()
        let content = content(66_000)
        let file = AgeWriter.file(of: content, for: [try AgeRecipient(keys.all[0].recipient)])
        let identities = try keys.identities(0)
        let ends =
            Array(0..<400) + (0..<60).map { file.count - 465 - 30 + $0 }
            + Array((file.count - 40)..<file.count)
        for end in ends {
            let reading = AgeReading(Array(file[..<end]), .binary, identities)
            #expect(reading.error != nil, "\(end) bytes")
            #expect(reading.content.isEmpty || reading.content == Array(content.prefix(65_536)))
        }
        for more in [1, 16, 17, 65_536, 65_552, 70_000] {
            let reading = AgeReading(
                file + [UInt8](repeating: 0, count: more), .binary, identities)
            #expect(reading.error?.kind == .payload)
        }
    }
}

extension String {
    /// The text without its line feed.
    fileprivate var trimmingLineEnd: String { last == "\n" ? String(dropLast()) : self }
}
