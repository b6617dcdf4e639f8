import Foundation
import TestSupport
import Testing

@testable import Evidence
@testable import Records

@Suite struct GzipTests {
    static let sizes = [0, 1, 2, 32_767, 32_768, 32_769, 65_536, 1_000_000]
    static let chunks = [1009, 32_768, 65_537]

    /// Bytes that are incompressible, or that compress a thousandfold.
    private func sample(_ size: Int, isRandom: Bool) -> [UInt8] {
        var generator = SplitMix64(state: UInt64(size + 1))
        return isRandom
            ? .random(count: size, using: &generator) : [UInt8](repeating: 0x61, count: size)
    }

    private func deflate(_ bytes: [UInt8], chunk: Int, level: Int32 = 6) -> [UInt8] {
        let deflater = Deflater(level: level)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            let end = min(start + chunk, bytes.count)
            output += deflater.deflate(Array(bytes[start..<end]), isLast: false)
        }
        return output + deflater.deflate([], isLast: true)
    }

    /// Decompresses all members, `chunk` bytes of input and `room` bytes of output at a time.
    private func inflate(_ input: [UInt8], chunk: Int, room: Int) throws -> (text: [UInt8], Bool) {
        var inflater = Inflater()
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: room)
        for start in stride(from: 0, to: input.count, by: chunk) {
            var range = start..<min(start + chunk, input.count)
            var filled: Int
            repeat {
                filled = 0
                try inflater.inflate(input, &range, into: &buffer, at: &filled)
                text += buffer.prefix(filled)
            } while !range.isEmpty || (filled == room && inflater.isInsideMember)
        }
        return (text, inflater.isInsideMember)
    }

    @Test(arguments: sizes, chunks) func isReadByZcat(_ size: Int, _ chunk: Int) throws {
        for isRandom in [false, true] {
            let bytes = sample(size, isRandom: isRandom)
            let zcat = try run("zcat", [], input: deflate(bytes, chunk: chunk))
            #expect(zcat.status == 0)
            #expect(zcat.outputBytes == bytes)
        }
    }

    @Test(arguments: sizes, chunks) func readsWhatGzipWrites(_ size: Int, _ chunk: Int) throws {
        for isRandom in [false, true] {
            let bytes = sample(size, isRandom: isRandom)
            let (text, isInsideMember) = try inflate(gzip(bytes), chunk: chunk, room: 4093)
            #expect(text == bytes)
            #expect(!isInsideMember)
        }
    }

    @Test(arguments: [1, 6, 9] as [Int32]) func readsItsOwnByteByByte(_ level: Int32) throws {
        for size in [0, 1, 300] {
            let bytes = sample(size, isRandom: true) + sample(size, isRandom: false)
            let member = deflate(bytes, chunk: 1, level: level)
            let (text, isInsideMember) = try inflate(member + member, chunk: 1, room: 1)
            #expect(text == bytes + bytes)
            #expect(!isInsideMember)
        }
    }

    @Test func knowsWhenAMemberIsNotWhole() throws {
        let member = try gzip(Array("text\n".utf8))
        for count in 1..<member.count {
            #expect(try inflate(Array(member.prefix(count)), chunk: 7, room: 7).1)
        }
    }

    @Test func stopsAtTheEndOfAMember() throws {
        let member = try gzip(Array("text\n".utf8))
        var range = 0..<member.count + 3
        var output = [UInt8](repeating: 0, count: 100)
        var count = 0
        var inflater = Inflater()
        try inflater.inflate(member + [1, 2, 3], &range, into: &output, at: &count)
        #expect(range == member.count..<member.count + 3)
        #expect(output.prefix(count).elementsEqual("text\n".utf8))
    }
}
