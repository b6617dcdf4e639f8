import Crypto
import Testing

@testable import Snap

/// What is read of a custody log before a line is appended.
@Suite struct CustodyEntryTests {
    private static let log = "0123456789abcdef"
    private static func line(_ number: String, log: String = log) -> String {
        #"{"record":"custody","log":"\#(log)","number":\#(number),"previous":"x"}"#
    }

    @Test(arguments: [
        // The text, the number of the last whole line, the last line.
        ("", nil, nil), ("\n", nil, ""), ("torn", nil, "torn"), ("torn\n", nil, "torn"),
        (line("1") + "\n", 1, line("1")), (line("7"), 7, line("7")),
        (line("1") + "\n" + line("2") + "\n", 2, line("2")),
        (line("1") + "\n" + line("2") + "\n\n", 2, ""),
        (line("4") + "\n" + #"{"record":"custo"#, 4, #"{"record":"custo"#),
        (line("4") + "\n" + line("5").dropLast(), 4, "\(line("5").dropLast())"),
        (line("4") + "\nx\ny\nz\n", 4, "z"),
        (line("4") + "\n\0\0\0\0", 4, "\0\0\0\0"),
        (line("999999999999999999"), 999_999_999_999_999_999, line("999999999999999999")),
        (line("9999999999999999999"), nil, line("9999999999999999999")),
        (line("-1"), nil, line("-1")), (line(""), nil, line("")), (line("1x"), nil, line("1x")),
        (line("1", log: "0123456789ABCDEF"), nil, line("1", log: "0123456789ABCDEF")),
        (line("1", log: "0123456789abcde"), nil, line("1", log: "0123456789abcde")),
        (#"{"record":"custody","log":"}"#, nil, #"{"record":"custody","log":"}"#),
        ("\u{FEFF}" + line("1"), nil, "\u{FEFF}" + line("1")),
    ])
    func theLastLine(text: String, number: Int?, last: String?) throws {
        let found = try CustodyEntry.last(of: Array(text.utf8))
        #expect(found.chain.map { Int($0.number) } == number)
        if number != nil { #expect(found.chain?.log == Array(Self.log.utf8)) }
        #expect(found.digest == last.map { Array(SHA256.hash(data: Array($0.utf8))) })
    }

    /// What a stick that was pulled out has of a log's first lines.
    @Test(arguments: [
        "", "\n", "\n\n", "\0\0\0\0", "{", "{\"record\":\"custo", "{\"record\":\"custo\0\0",
        "\0\n{\"rec\n", #"{"record":"custody","log":"x"}"#, "{\"record\":\"custo\n{\"record\"",
    ])
    func whatIsLeftOfALog(text: String) { #expect(CustodyEntry.isTorn(Array(text.utf8))) }

    /// The file of another program is none.
    @Test(arguments: [
        "precious\0data", "torn", "\0{", " ", "{}", #"{"record":"host","host_id":"x"}"#,
        "{\"record\":\"custo\nmine\n", "\u{FEFF}{\"record\":\"custo",
    ])
    func whatIsNoLog(text: String) {
        #expect(!CustodyEntry.isTorn(Array(text.utf8)))
        #expect(!CustodyEntry.isTorn([UInt8](repeating: 0, count: 1 << 16)))
    }

    /// At most 64 KiB of the log are read.
    @Test func aLogThatIsNoLog() throws {
        let limit = 1 << 16
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: limit)
        #expect(throws: SnapError.other("its last line is longer than 65536 bytes")) {
            _ = try CustodyEntry.last(of: text)
        }
        #expect(throws: SnapError.other("its last line is longer than 65536 bytes")) {
            _ = try CustodyEntry.last(of: text.dropLast() + [10])
        }
        let short = try CustodyEntry.last(of: text.dropLast(2) + [10, 10])
        #expect(short.chain?.number == nil)
        #expect(short.digest == Array(SHA256.hash(data: [UInt8]())))
        // Every byte a line.
        let lines = try CustodyEntry.last(of: [UInt8](repeating: 10, count: limit))
        #expect(lines.chain?.number == nil)
    }
}
