import Crypto
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Evidence

/// Custody logs, with the faults that a stick, and somebody who wants to hide something, can cause.
@Suite struct CustodyLogTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func digest(_ line: String) -> String {
        SHA256.hash(data: Data(line.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    /// Lines of a log, each with the digest of the one before.
    /// - Parameter number: of the first of them; nil for one more than there are whole ones before.
    private func lines(
        _ files: [String], after before: [String] = [], log: String = "00112233aabbccdd",
        from number: Int? = nil
    ) -> [String] {
        var lines = before
        let first = number ?? before.count { $0.hasSuffix("}") } + 1
        for (index, file) in files.enumerated() {
            let previous = lines.last.map(Self.digest) ?? String(repeating: "0", count: 64)
            lines.append(
                #"{"record":"custody","log":"\#(log)","number":\#(first + index),"#
                    + #""previous":"\#(previous)","time":"2026-11-30T10:00:00Z","user":"root","#
                    + #""host":"web-01","host_id":"h","file":"\#(file)","size":3,"#
                    + #""sha256":"\#(Self.digest(file))","signature":null,"generator":"census 0.1.0"}"#
            )
        }
        return lines
    }

    private func write(_ lines: [String], to path: String = "custody.jsonl", end: String = "\n")
        throws
        -> FilePath
    {
        try directory.write(Array((lines.joined(separator: "\n") + end).utf8), to: path)
        return directory.path.appending(path)
    }

    private func fault(_ lines: [String], end: String = "\n") throws -> String? {
        CustodyLog(try write(lines, end: end)).reading.error?.description
    }

    @Test func aWholeLog() throws {
        let log = CustodyLog(try write(lines(["a", "b", "c"])))
        #expect(log.reading.error == nil)
        #expect(log.lines.map(\.line.file) == ["a", "b", "c"])
        #expect(log.lines[2].line.text == "root on web-01, 2026-11-30T10:00:00Z")
    }

    @Test func aLineThatWasChangedRemovedOrAdded() throws {
        let all = lines(["a", "b", "c", "d"])
        let notFollowing =
            "does not follow line"
        var changed = all
        changed[1] = changed[1].replacing("root", with: "anna")
        #expect(try fault(changed)?.contains("line 3: this line \(notFollowing) 2") == true)
        #expect(
            try fault([all[0], all[2], all[3]])?.contains("line 2: this line \(notFollowing) 1")
                == true)
        #expect(
            try fault(Array(all.dropFirst()))?.contains("line 1: the log does not begin here")
                == true)
        #expect(try fault([all[0], all[2], all[1], all[3]])?.contains("line 2") == true)
        #expect(
            try fault(all + ["x"])?.contains("line 5: this is not a line of a custody log") == true)
        #expect(try fault([all[0], "{}", all[1]])?.contains("line 2: this is not a line") == true)
        let other = lines(["z"], after: Array(all.prefix(2)), log: "ffffffffffffffff")
        #expect(try fault(other)?.contains("line 3: this line belongs to another log") == true)
    }

    /// Nothing follows the last line, so that its digest does not tell that it was changed.
    @Test(arguments: [-7, 0, 1, 2, 4, Int.max]) func aLineWithAnotherNumber(_ number: Int) throws {
        let wrong = lines(["c"], after: lines(["a", "b"]), from: number)
        #expect(
            try fault(wrong)
                == "line 3: this line has the number \(number) instead of 3: it was changed")
    }

    /// Lines that are not whole are not counted, unless they end as if they were.
    @Test func theNumberBehindATornLine() throws {
        let torn = lines(["a"]) + [#"{"record":"cust"#]
        let next = lines(["b"], after: torn, from: 2)
        #expect(try fault(next)?.hasPrefix("line 2: the line is incomplete") == true)
        #expect(
            try fault(lines(["b"], after: torn, from: 3))
                == "line 3: this line has the number 3 instead of 2: it was changed")
        let holed = [torn[0], torn[1] + "\0\0}"]
        for number in 2...3 {
            let after = lines(["b"], after: holed, from: number)
            #expect(try fault(after)?.hasPrefix("line 2: the line is incomplete") == true)
        }
    }

    /// Of what a pulled stick leaves, the log goes on behind it.
    @Test func aTornLine() throws {
        let all = lines(["a", "b"])
        let torn = String(all[1].prefix(40))
        #expect(
            try fault([all[0], torn], end: "")?.hasPrefix(
                "line 2: the line is incomplete: the stick was pulled")
                == true)
        let after = lines(["c"], after: [all[0], torn])
        #expect(try fault(after)?.hasPrefix("line 2: the line is incomplete") == true)
        // Storage that was never written.
        let zeros = String(repeating: "\0", count: 40)
        #expect(
            try fault(lines(["c"], after: [all[0], zeros]))?.hasPrefix(
                "line 2: the line is incomplete")
                == true)
        // Something else that was altered is told before it.
        var altered = lines(["c", "d"], after: [all[0], torn])
        altered[2] = altered[2].replacing("root", with: "anna")
        #expect(try fault(altered)?.contains("line 4") == true)
    }

    @Test func twoCollectorsAtOnce() throws {
        let one = lines(["a", "b"])
        let other = lines(["c"], after: [one[0]])
        #expect(
            try fault(one + [other[1]])
                == "line 3: this line follows line 1, as line 2 does: two collectors wrote at once, or "
                + "lines of a copy of the log were added")
    }

    @Test func aStickThatWasCopied() throws {
        let common = lines(["a", "b"])
        let first = try write(lines(["c"], after: common), to: "1/custody.jsonl")
        let older = try write(common, to: "2/custody.jsonl")
        #expect(
            CustodyRecords([first, older].map { CustodyLog($0) }).reading(
                of: .file(older, followingLink: false))?.error
                == nil)
        let second = try write(lines(["d"], after: common), to: "3/custody.jsonl")
        let records = CustodyRecords([first, second].map { CustodyLog($0) })
        let errors = [first, second].compactMap {
            records.reading(of: .file($0, followingLink: false))?.error?.description
        }
        #expect(errors.count == 1)
        #expect(errors[0].hasPrefix("line 3: the first 2 lines are those of "))
        #expect(errors[0].hasSuffix("the stick was copied, and both copies were used"))
        // Two sticks have nothing in common.
        let another = try write(lines(["e"], log: "0000000000000001"), to: "4/custody.jsonl")
        #expect(
            CustodyRecords([first, another].map { CustodyLog($0) }).reading(
                of: .file(another, followingLink: false))?
                .error
                == nil)
    }

    @Test func whatALogSaysOfFiles() throws {
        let log = try write(lines(["a", "b"]))
        let records = CustodyRecords([CustodyLog(log)])
        let path = directory.path.appending("a.jsonl.gz")
        #expect(
            records.text(of: Self.digest("b"), at: path)
                == "\(log.string):2: root on web-01, 2026-11-30T10:00:00Z")
        #expect(records.text(of: Self.digest("x"), at: path) == "not in \(log.string)")
        #expect(records.text(of: Self.digest("x"), at: "/elsewhere/a") == nil)
        func missing(besides digests: Set<ContentDigest>) -> String? {
            records.reading(of: .file(log, followingLink: false), besides: digests)?.error?.reason
        }
        let (a, b) = (
            ContentDigest(hexadecimal: Self.digest("a"))!,
            ContentDigest(hexadecimal: Self.digest("b"))!
        )
        #expect(missing(besides: [a, b]) == nil)
        #expect(missing(besides: [a]) == "b is not among these files")
        #expect(missing(besides: []) == "a, b are not among these files")
        // A file of that name is none of that content.
        try directory.write(Array("xyz".utf8), to: "b")
        #expect(missing(besides: [a]) == "b is not among these files")
    }

    /// That one of several logs is corrupt says nothing of the others.
    @Test func aLongerLogThatIsCorrupt() throws {
        let all = lines(["a", "b", "c"])
        let whole = try write(Array(all.prefix(2)), to: "1/custody.jsonl")
        var changed = all
        changed[1] = changed[1].replacing("root", with: "anna")
        let corrupt = try write(changed, to: "2/custody.jsonl")
        let records = CustodyRecords([corrupt, whole].map { CustodyLog($0) })
        #expect(records.reading(of: .file(whole, followingLink: false))?.error == nil)
        #expect(records.reading(of: .file(corrupt, followingLink: false))?.error?.code == .corrupt)
    }

    @Test func whatIsNoLog() throws {
        #expect(try fault([], end: "")?.hasPrefix("the log is empty: its lines were ") == true)
        let directoryPath = directory.path.appending("d/custody.jsonl")
        try FileManager.default.createDirectory(
            atPath: directoryPath.string, withIntermediateDirectories: true)
        #expect(CustodyLog(directoryPath).reading.error?.code == .unreadable)
        #expect(CustodyLog(directory.path.appending("none")).reading.error?.code == .unreadable)
    }
}
