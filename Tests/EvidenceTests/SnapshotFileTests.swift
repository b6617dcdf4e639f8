import Files
import SystemPackage
import TestSupport
import Testing

@testable import Evidence
@testable import Records

/// Files, plain and gzipped by the system's gzip.
@Suite struct SnapshotFileTests {
    static let text = SnapshotText(users: [#"{"record":"user","user":"kim"}"#])

    private func id(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }

    /// The snapshots of the file, which must be valid.
    private func facts(_ bytes: [UInt8]) throws -> [Facts] {
        let reading = try Reading(bytes)
        #expect(reading.error == nil)
        return reading.snapshots
    }

    @Test func readsPlainAndGzipAlike() throws {
        let plain = try facts(Self.text.bytes)
        #expect(plain.count == 1)
        #expect(plain.first?.sha256 == Self.text.sha256)
        #expect(try facts(gzip(Self.text.bytes)) == plain)
    }

    @Test func readsCRLF() throws {
        var text = Self.text
        text.lines = text.lines.map { $0 + "\r" }
        let facts = try facts(text.bytes)
        #expect(facts.first?.processes == [Facts.Process(1, "systemd")])
        #expect(facts.first?.users == ["kim"])
    }

    // MARK: Several snapshots

    @Test func readsOneSnapshotAfterTheOther() throws {
        let texts = (1...3).map { SnapshotText(id: id($0), hostname: "web-\($0)").bytes }
        let expected = try texts.flatMap(facts)
        #expect(expected.map(\.header.id) == (1...3).map(id))
        #expect(try facts(texts.flatMap { $0 }) == expected)
        #expect(try facts(texts.flatMap(gzip)) == expected)
        #expect(try facts(gzip(texts.flatMap { $0 })) == expected)
    }

    /// A gzip member may end anywhere, and may be empty.
    @Test(arguments: [1, 2, 60, 113, 114, 115, 300])
    func readsMembersThatDivideALine(_ count: Int) throws {
        let (bytes, empty) = (Self.text.bytes, try gzip([]))
        let members =
            try gzip(Array(bytes.prefix(count))) + empty + empty
            + gzip(Array(bytes.dropFirst(count))) + empty
        #expect(try facts(members) == facts(bytes))
    }

    @Test func countsLinesOverTheWholeFile() throws {
        var third = SnapshotText(id: id(3))
        third.lines[4] = #"{"record":"process","name":"x"}"#
        let bytes = SnapshotText(id: id(1)).bytes + SnapshotText(id: id(2)).bytes + third.bytes
        let gzipped = try gzip(Array(bytes.prefix(700))) + gzip(Array(bytes.dropFirst(700)))
        for file in [bytes, gzipped] {
            let reading = try Reading(file)
            #expect(reading.snapshots.map(\.header.id) == [id(1), id(2)])
            #expect(reading.error?.description == "line 17: \"pid\" is missing")
        }
    }

    @Test(arguments: ["", " ", "{}", #"{"record":"disk"}"#, #"{"record":"end"}"#, "\u{FEFF}"])
    func refusesLinesBetweenSnapshots(_ line: String) throws {
        let bytes = Self.text.bytes + Array("\(line)\n".utf8) + SnapshotText(id: id(2)).bytes
        let error = try Reading(bytes).error
        #expect(error?.code == .corrupt)
        #expect(error?.line == 8)
    }

    // MARK: Damage

    @Test func refusesEveryPrefix() throws {
        let directory = try TemporaryDirectory()
        for file in [Self.text.bytes, try gzip(Self.text.bytes)] {
            for count in 0..<file.count {
                let reading = try Reading(Array(file.prefix(count)), in: directory)
                #expect(reading.error?.code == .truncated, "\(count) bytes of \(file.count)")
            }
        }
    }

    @Test func saysWhereAPlainFileStops() throws {
        let bytes = Self.text.bytes
        let lineEnds = bytes.indices.filter { bytes[$0] == 0x0A }
        let inLine3 = try Reading(Array(bytes.prefix(lineEnds[1] + 5))).error
        #expect(inLine3?.line == 3)
        let behindLine3 = try Reading(Array(bytes.prefix(lineEnds[2] + 1))).error
        #expect(behindLine3?.line == 3)
    }

    /// Any changed bit is detected, except for bits without meaning, such as those of the file name
    /// in gzip's header.
    @Test(arguments: [false, true]) func noticesEveryFlippedBit(_ isGzip: Bool) throws {
        let file = isGzip ? try gzip(Self.text.bytes) : Self.text.bytes
        let directory = try TemporaryDirectory()
        let expected = try facts(file)
        var refused = 0
        for bit in 0..<file.count * 8 {
            var bytes = file
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let reading = try Reading(bytes, in: directory)
            if reading.error != nil { refused += 1 }
            #expect(reading.error != nil || reading.snapshots == expected, "bit \(bit)")
        }
        #expect(refused > file.count * 7)
    }

    /// Another 10,000 bits of a file of the reference fleet, compressed as by `gzip` and by `snap`.
    @Test(arguments: [1, 6, 9] as [Int32]) func noticesFlippedBits(_ level: Int32) throws {
        let fleet = referenceFleet.appending("lubuntu-vm_20200224T134744Z_5042948c.jsonl")
        let file = Deflater(level: level).deflate(try contents(of: fleet), isLast: true)
        let directory = try TemporaryDirectory()
        let expected = try facts(file)
        var generator = SplitMix64(state: UInt64(level))
        for _ in 0..<3334 {
            let bit = Int.random(in: 0..<file.count * 8, using: &generator)
            var bytes = file
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let reading = try Reading(bytes, in: directory)
            #expect(reading.error != nil || reading.snapshots == expected, "bit \(bit)")
        }
    }

    @Test func refusesWhatFollowsGzip() throws {
        let file = try gzip(Self.text.bytes)
        for (garbage, code) in [
            ([0], .corrupt), (Array("\n".utf8), .corrupt), (Self.text.bytes, .corrupt),
            (Array(repeating: 0, count: 100_000), .corrupt), ([0x1F, 0x8C], .corrupt),
            ([0x1F], .truncated), (Array(file.prefix(12)), .truncated),
        ] as [([UInt8], SnapshotError.Code)] {
            #expect(try Reading(file + garbage).error?.code == code)
        }
        // Plain text followed by gzip data.
        #expect(try Reading(Self.text.bytes + file).error != nil)
    }

    @Test func refusesFilesWithoutSnapshots() throws {
        #expect(try Reading("").error?.code == .truncated)
        #expect(try Reading(gzip([])).error != nil)
        #expect(try Reading("\n").error?.code == .corrupt)
        #expect(try Reading("name,version\n").error?.code == .corrupt)
        #expect(try Reading([0x1F, 0x8B] + Array(repeating: 0, count: 50)).error?.code == .corrupt)
        var generator = SplitMix64(state: 7)
        #expect(try Reading([UInt8].random(count: 200_000, using: &generator)).error != nil)
    }

    @Test func reportsWhatTheSystemRefuses() throws {
        let directory = try TemporaryDirectory()
        do throws(SnapshotError) {
            _ = try EvidenceInput.file(directory.path)
            Issue.record("a directory was opened")
        } catch {
            #expect(error == SnapshotError(.unreadable, "Is a directory"))
        }
    }

    /// Bytes that are appended or replaced while the file is read.
    @Test(arguments: [false, true]) func refusesAFileThatIsWrittenTo(_ grows: Bool) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.text.bytes, to: "x.jsonl")
        var file = try SnapshotFile(EvidenceInput.file(path))
        let writer = try FileDescriptor.open(path, .writeOnly, options: grows ? .append : [])
        try writer.closeAfter { _ = try writer.writeAll(grows ? Self.text.bytes : [0x7B]) }
        do throws(SnapshotError) {
            while try file.next() != nil {}
            Issue.record("it was taken")
        } catch {
            #expect(
                error == SnapshotError(.unreadable, "the file changed while it was read; try again")
            )
        }
    }

    // MARK: Gzip's header, RFC 1952, 2.3

    /// The bytes in a member whose header has the flags and their fields.
    private func member(
        _ bytes: [UInt8], flags: UInt8, fields: [UInt8], method: UInt8 = 8
    ) throws -> [UInt8] {
        let member = try gzip(bytes)
        // gzip(1) sets FNAME or nothing.
        let name = member[3] & 8 == 0 ? 0 : member[10...].firstIndex(of: 0)! - 9
        return [0x1F, 0x8B, method, flags, 1, 2, 3, 4, 0, 255] + fields + member[(10 + name)...]
    }

    private func crc16(_ bytes: [UInt8]) -> [UInt8] {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return [UInt8(truncatingIfNeeded: ~crc), UInt8(truncatingIfNeeded: ~crc >> 8)]
    }

    @Test func readsEveryHeaderField() throws {
        let bytes = Self.text.bytes
        let expected = try facts(bytes)
        let extra: [UInt8] = [5, 0, 0x41, 0x42, 1, 0, 0x1F]
        let long: [UInt8] = [0xFF, 0xFF] + Array(repeating: 0x0A, count: 65_535)
        let (name, comment) = (Array("a\n{\0".utf8), Array("b\u{E9}\0".utf8))
        for (flags, fields) in [
            (0, []), (1, []), (4, extra), (4, long), (8, name), (16, comment),
            (28, extra + name + comment), (29, long + name + comment),
        ] as [(UInt8, [UInt8])] {
            let file = try member(bytes, flags: flags, fields: fields)
            #expect(try facts(file) == expected)
            #expect(try facts(file + gzip([]) + file) == expected + expected)
            let header = [0x1F, 0x8B, 8, flags | 2, 1, 2, 3, 4, 0, 255] + fields
            let checked = try member(bytes, flags: flags | 2, fields: fields + crc16(header))
            #expect(try facts(checked) == expected)
            let wrong = try member(bytes, flags: flags | 2, fields: fields + [0, 0])
            #expect(try Reading(wrong).error?.code == .corrupt)
        }
        for reserved in [32, 64, 128] as [UInt8] {
            let file = try member(bytes, flags: reserved, fields: [])
            #expect(try Reading(file).error?.code == .corrupt)
        }
        #expect(try Reading(member(bytes, flags: 0, fields: [], method: 7)).error?.code == .corrupt)
    }

    // MARK: Long lines and limits

    /// The snapshot with a process whose line has this length in bytes, without its line feed.
    private func text(lineBytes: Int) -> SnapshotText {
        let empty = #"{"record":"process","pid":2,"name":"x","later":""}"#
        let padding = String(repeating: "é", count: (lineBytes - empty.utf8.count) / 2)
        let odd = (lineBytes - empty.utf8.count) % 2 == 1 ? "a" : ""
        return SnapshotText(processes: [empty.dropLast(2) + odd + padding + #""}"#])
    }

    @Test(arguments: [65_535, 65_536, 131_071, 131_072, 131_073, 300_001, 1 << 19, 1 << 20])
    func readsLinesLongerThanItsBuffers(_ size: Int) throws {
        var text = text(lineBytes: size)
        #expect(text.lines.last?.utf8.count == size)
        text.lines.append(SnapshotAssemblyTests.process)
        let expected = [Facts.Process(2, "x"), Facts.Process(1, "systemd")]
        #expect(try facts(text.bytes + text.bytes).map(\.processes) == [expected, expected])
        let gzipped = try gzip(text.bytes)
        #expect(try facts(gzipped + gzipped).map(\.processes) == [expected, expected])
    }

    @Test(arguments: [200, 1000, 65_536, 131_072, 200_000, 1 << 20])
    func limitsLines(_ limit: Int) throws {
        var limits = SnapshotLimits()
        limits.lineBytes = limit
        for isGzip in [false, true] {
            func reading(_ size: Int) throws -> Reading {
                let bytes = text(lineBytes: size).bytes
                return try Reading(isGzip ? gzip(bytes) : bytes, limits: limits)
            }
            #expect(try reading(limit).error == nil)
            for size in [limit + 1, limit + 2, limit * 3 / 2, limit * 3] {
                let error = try reading(size).error
                #expect(error?.code == .tooLarge(.line), "\(size) bytes, gzip: \(isGzip)")
                #expect(error?.line == 5, "\(size) bytes, gzip: \(isGzip)")
            }
        }
    }

    /// A small file that would decompress to an endless line.
    @Test func limitsALineThatIsNotWhole() throws {
        let file = try gzip(Self.text.bytes + Array(repeating: 0x20, count: 20_000_000))
        let reading = try Reading(file)
        #expect(reading.snapshots.count == 1)
        #expect(reading.error?.code == .tooLarge(.line))
        #expect(reading.error?.line == 8)
    }

    @Test func limitsTheSnapshot() throws {
        let bytes = Self.text.bytes
        var limits = SnapshotLimits()
        limits.snapshotBytes = bytes.count
        #expect(try Reading(bytes + bytes, limits: limits).snapshots.count == 2)
        #expect(try Reading(bytes + bytes, limits: limits).error == nil)
        limits.snapshotBytes = bytes.count - 1
        for file in [bytes, try gzip(bytes)] {
            let reading = try Reading(file, limits: limits)
            #expect(reading.snapshots == [])
            #expect(reading.error?.code == .tooLarge(.snapshot))
            #expect(reading.error?.line == 7)
        }
    }

    // MARK: The file's own digest

    @Test func digestsTheFile() throws {
        var many = Self.text
        many.lines += Array(repeating: SnapshotAssemblyTests.process, count: 5000)
        let broken = Array("not JSON\n".utf8) + many.bytes
        for bytes in [
            [], Self.text.bytes, try gzip(Self.text.bytes), many.bytes, many.bytes + many.bytes,
            try gzip(many.bytes), Array(many.bytes.prefix(200_000)), broken,
            try gzip(many.bytes) + broken,
        ] {
            let sha256sum = try run("sha256sum", [], input: bytes).output
                .prefix(64)
            let reading = try Reading(bytes)
            #expect(reading.digest == String(sha256sum))
            #expect(reading.size == bytes.count)
            // Without reading any snapshot first.
            let directory = try TemporaryDirectory()
            let path = try directory.write(bytes, to: "snapshot")
            var file = try SnapshotFile(EvidenceInput.file(path))
            let digest = try file.finishDigest()
            #expect(digest == String(sha256sum))
        }
    }
}
