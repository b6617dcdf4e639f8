import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Age

/// What a collector that has written an encrypted file still has of its keys: nothing but what functions
/// leave on the stack until others overwrite it.
@Suite struct KeysInMemoryTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A pipe into which nothing more can be written.
    private func fullPipe() -> Pipe {
        let pipe = Pipe()
        let end = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(end, F_GETFL)
        _ = fcntl(end, F_SETFL, flags | O_NONBLOCK)
        for count in [4096, 1] {
            let zeros = [UInt8](repeating: 0, count: count)
            while write(end, zeros, count) > 0 {}
        }
        _ = fcntl(end, F_SETFL, flags)
        return pipe
    }

    /// Whether a process waits to write to a pipe.
    private func isWaiting(_ process: Process) throws -> Bool {
        let path = FilePath("/proc/\(process.processIdentifier)/stat")
        let status = String(decoding: try contents(of: path), as: UTF8.self)
        return status[status.lastIndex(of: ")")!...].hasPrefix(") S ")
    }

    /// What the process may write to in its memory, in parts that lie together.
    private func memory(of process: Process, besides stack: String?) throws -> [[UInt8]] {
        let base = "/proc/\(process.processIdentifier)"
        let map = String(decoding: try contents(of: FilePath(base + "/maps")), as: UTF8.self)
        let memory = try FileDescriptor.open(FilePath(base + "/mem"), .readOnly)
        defer { try? memory.close() }
        return try map.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if !words[1].hasPrefix("rw") || words.last.map(String.init) == stack { return nil }
            let bounds = words[0].split(separator: "-").map { Int($0, radix: 16)! }
            var part = [UInt8](repeating: 0, count: bounds[1] - bounds[0])
            let count = try part.withUnsafeMutableBytes {
                try memory.read(fromAbsoluteOffset: Int64(bounds[0]), into: $0)
            }
            return Array(part[..<count])
        }
    }

    @Test(.enabled("of this processor only") { SamenessTests.collectors.contains("linux-x86_64") })
    func theKeysOfAFileAreGone() throws {
        try makeEncryptionKeys(in: directory.path)
        let recipient = try run("age-keygen", ["-y", "one.txt"], in: directory.path).output
            .trimmingCharacters(in: .newlines)
        let file = directory.path.appending("x.age")
        let pipe = fullPipe()
        let process = Process()
        process.executableURL = URL(filePath: SamenessTests.program("linux-x86_64"))
        process.arguments = [
            "-o", file.string, "--only", "user", "--no-sign", "--recipient", recipient,
        ]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        // It tells the path when all is done.
        while process.isRunning, !FileManager.default.fileExists(atPath: file.string) {
            usleep(1000)
        }
        while process.isRunning, try !isWaiting(process) { usleep(1000) }
        try #require(process.isRunning)

        let encrypted = try contents(of: file)
        var reader = AgeHeaderReader()
        var range = encrypted.indices
        let header = try #require(try reader.read(encrypted[...], &range))
        let fileKey = try AgeIdentities(file: try directory.read("one.txt")).fileKey(in: header)
        let nonce = Array(encrypted[range.prefix(16)])
        let contentKey = AgePrimitives.derive(
            fileKey, salt: nonce, info: AgeWriter.contentLabel)
        let parts = try memory(of: process, besides: "[stack]")
        #expect(parts.map(\.count).reduce(0, +) > 4096)
        for key in [fileKey, contentKey] {
            let bytes = AgePrimitives.bytes(of: key)
            #expect(!parts.contains { $0.firstRange(of: bytes) != nil })
        }
        // What is there is found.
        let all = try memory(of: process, besides: nil)
        #expect(all.contains { $0.firstRange(of: Array(recipient.utf8)) != nil })
    }
}
