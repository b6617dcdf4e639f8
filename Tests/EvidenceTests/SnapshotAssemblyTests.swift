import TestSupport
import Testing

@testable import Evidence
@testable import Records

/// The order and number of the records, and the reader's limits.
@Suite struct SnapshotAssemblyTests {
    static let process = #"{"record":"process","pid":1,"name":"systemd"}"#
    static let user = #"{"record":"user","user":"kim"}"#
    static let collection = #"{"record":"collection","session_source":"utmp"}"#
    static let unknown = #"{"record":"disk","name":["x",{"record":"end"}],"pid":"?"}"#
    /// `snapshot`, `host`, `os_version`, `cpu_info`.
    static let first = SnapshotText(processes: []).lines

    /// The error of reading the lines followed by a correct `end`.
    private func error(_ lines: [String], end: String? = nil) throws -> SnapshotError? {
        var text = SnapshotText()
        (text.lines, text.end) = (lines, end)
        let reading = try Reading(text.bytes)
        #expect((reading.error == nil) == (reading.snapshots.count == 1))
        return reading.error
    }

    @Test func takesTheHostsRecordsInAnyOrder() throws {
        let records = Self.first.dropFirst() + [Self.collection]
        for order in permutations(Array(records)) {
            #expect(try error([Self.first[0]] + order + [Self.process, Self.user]) == nil)
        }
    }

    private func permutations(_ lines: [String]) -> [[String]] {
        if lines.count < 2 { return [lines] }
        return lines.indices.flatMap { index in
            var rest = lines
            let line = rest.remove(at: index)
            return permutations(rest).map { [line] + $0 }
        }
    }

    @Test func takesProcessesAndUsersInAnyOrder() throws {
        let (process, user) = (Self.process, Self.user)
        for rows in [[], [process], [user], [user, process], [process, user, process, user]] {
            #expect(try error(Self.first + rows) == nil)
        }
    }

    @Test func passesOverUnknownRecords() throws {
        let lines = Self.first + [Self.process, Self.user]
        for index in 1...lines.count {
            var lines = lines
            lines.insert(contentsOf: [Self.unknown, Self.unknown], at: index)
            #expect(try error(lines) == nil)
        }
    }

    /// Lines, and the line at which the reader must stop.
    static let misordered: [(lines: [String], line: Int)] = [
        ([first[0]], 2), ([first[0], process], 2),
        (Array(first.dropFirst()), 1), ([unknown] + first, 1), ([process] + first, 1),
        (["{}"] + first, 1), ([first[1], first[0], first[2], first[3]], 1),
        ([first[0], first[2], first[3]], 4), ([first[0], first[1], first[3]], 4),
        ([first[0], first[1], first[2]], 4),
        ([first[0], first[2], first[3], process], 4), ([first[0], first[1], first[3], user], 4),
        ([first[0], first[1], first[2], process, first[3]], 4),
        ([first[0], first[0]] + first.dropFirst(), 2), (first + [first[0]], 5),
        (first + [first[1]], 5), (first + [first[2]], 5), (first + [first[3]], 5),
        (first + [collection, collection], 6), (first + [process, collection], 6),
        (first + [user, collection], 6), (first + [process, first[0]], 6),
        (first + [process, first[1]], 6), (first + [#"{"name":"x"}"#], 5),
        (first + [#"{"record":1}"#], 5), (first + [#"{"record":null}"#], 5),
        (first + [#"["record"]"#], 5), (first + [""], 5), (first + [" "], 5),
        (first + [#"{"record":"disk"} x"#], 5), (first + [#"{"record":"process","pid":1"#], 5),
        (first + [#"{"record":"process","pid":1,"name":"a"},"#], 5),
        (first + [#"{"record":"disk","record":"process","pid":1,"name":"a"}"#], 5),
        (first + [#"{"record":"process","record":"disk","pid":1,"name":"a"}"#], 5),
    ]

    @Test(arguments: misordered) func refusesLines(_ row: (lines: [String], line: Int)) throws {
        let error = try error(row.lines)
        #expect(error?.code == .corrupt)
        #expect(error?.line == row.line)
    }

    static let sha256 = SnapshotText(processes: [process], users: [user]).sha256

    /// The content of `end` for one process and one user.
    static let wrongEnds = [
        #""processes":0,"users":1,"sha256":"\#(sha256)""#,
        #""processes":2,"users":1,"sha256":"\#(sha256)""#,
        #""processes":1,"users":0,"sha256":"\#(sha256)""#,
        #""processes":1,"users":2,"sha256":"\#(sha256)""#,
        #""processes":-1,"users":1,"sha256":"\#(sha256)""#,
        #""processes":1.0,"users":1,"sha256":"\#(sha256)""#,
        #""processes":"1","users":1,"sha256":"\#(sha256)""#,
        #""processes":null,"users":1,"sha256":"\#(sha256)""#,
        #""users":1,"sha256":"\#(sha256)""#, #""processes":1,"sha256":"\#(sha256)""#,
        #""processes":1,"users":1"#, #""processes":1,"users":1,"sha256":null"#,
        #""processes":1,"users":1,"sha256":"""#, #""processes":1,"users":1,"sha256":0"#,
        #""processes":1,"users":1,"sha256":"\#(sha256.dropLast())""#,
        #""processes":1,"users":1,"sha256":"\#(sha256)0""#,
        #""processes":1,"users":1,"sha256":" \#(sha256)""#,
        #""processes":1,"users":1,"sha256":"\#(String(repeating: "0", count: 64))""#,
        #""processes":1,"users":1,"users":1,"sha256":"\#(sha256)""#,
    ]

    @Test(arguments: wrongEnds) func refusesEnd(_ keys: String) throws {
        let lines = Self.first + [Self.process, Self.user]
        let error = try error(lines, end: #"{"record":"end",\#(keys)}"#)
        #expect(error?.code == .corrupt)
        #expect(error?.line == 7)
    }

    @Test func takesEndInAnySpelling() throws {
        let end = """
            \t{ "later":[1], "sha256" : "\(Self.sha256)","users":1 ,"record":"\\u0065nd"\
            , "processes" : 1 } \r
            """
        #expect(try error(Self.first + [Self.process, Self.user], end: end) == nil)
    }

    /// Hexadecimal digits may have either case.
    @Test func takesADigestInUpperCase() throws {
        var text = SnapshotText()
        text.end = #"{"record":"end","processes":1,"users":0,"sha256":"%"}"#
            .replacing("%", with: text.sha256.uppercased())
        #expect(try Reading(text.bytes).snapshots.map(\.sha256) == [text.sha256])
    }

    /// The digest covers every byte before the line of `end`, including line feeds.
    @Test func refusesChangedBytes() throws {
        let text = SnapshotText(processes: [Self.process], users: [Self.user]).text
        for (from, to) in [
            ("web-01", "web-02"), ("systemd", "systemD"), (":\"kim\"", ": \"kim\""),
            ("\"}\n", "\"} \n"), ("\n", "\r\n"), ("N100", "N10\\u0030"),
        ] {
            let changed = text.replacing(from, with: to)
            #expect(changed != text)
            #expect(try Reading(changed).error?.code == .corrupt)
        }
    }

    // MARK: Limits

    @Test func limitsRecords() throws {
        let text = SnapshotText(
            processes: Array(repeating: Self.process, count: 5),
            users: Array(repeating: Self.user, count: 5))
        var limits = SnapshotLimits()
        limits.records = 10
        #expect(try Reading(text.bytes, limits: limits).snapshots.count == 1)
        #expect(try Reading(text.bytes + text.bytes, limits: limits).snapshots.count == 2)
        limits.records = 9
        let error = try Reading(text.bytes, limits: limits).error
        #expect(error?.code == .tooLarge(.records))
        #expect(error?.line == 14)
    }

    @Test func limitsWhatIsKept() throws {
        let row = #"{"record":"process","pid":1,"name":"\#(String(repeating: "x", count: 1000))"}"#
        let user = #"{"record":"user","user":"\#(String(repeating: "u", count: 1000))"}"#
        let text = SnapshotText(
            processes: Array(repeating: row, count: 10), users: Array(repeating: user, count: 10))
        var limits = SnapshotLimits()
        limits.nameScalars = 1000
        limits.keptBytes = 22_000
        #expect(try Reading(text.bytes, limits: limits).error == nil)
        limits.keptBytes = 15_000
        let error = try Reading(text.bytes, limits: limits).error
        #expect(error?.code == .tooLarge(.memory))
        #expect((19...21).contains(try #require(error?.line)))
    }

    /// Rows with a text `%`; the limit is in bytes of the text itself.
    static let rows = [
        #"{"record":"process","pid":1,"name":"x","path":"%"}"#,
        #"{"record":"process","pid":1,"name":"x","name_base64":"%"}"#,
        #"{"record":"user","user":"x","tty":"%"}"#,
    ]

    @Test(arguments: rows, ["a", "é", #"\u0061"#, #"\n"#, #"\ud83d\ude00"#])
    func limitsTexts(_ row: String, _ letter: String) throws {
        var limits = SnapshotLimits()
        limits.textBytes = 64  // the length of a digest
        let width = ["é": 2, #"\ud83d\ude00"#: 4][letter] ?? 1
        let text = String(repeating: letter, count: 64 / width)
        let fits = SnapshotText(processes: [row.replacing("%", with: text)])
        #expect(try Reading(fits.bytes, limits: limits).error == nil)
        let exceeds = SnapshotText(processes: [row.replacing("%", with: text + "a")])
        let error = try Reading(exceeds.bytes, limits: limits).error
        #expect(error?.code == .tooLarge(.text))
        #expect(error?.line == 5)
    }

    /// Rows with a name `%`; the limit is in Unicode scalars.
    static let rowsWithNames = [
        #"{"record":"process","pid":1,"name":"%"}"#,
        #"{"record":"process","pid":1,"name":"x","user":"%"}"#,
        #"{"record":"user","user":"%"}"#, #"{"record":"collection","session_source":"%"}"#,
    ]

    @Test(arguments: rowsWithNames, ["a", "é", #"\u0061"#, #"\n"#, #"\ud83d\ude00"#, "😀"])
    func limitsNames(_ row: String, _ letter: String) throws {
        let limit = SnapshotLimits().nameScalars
        let name = String(repeating: letter, count: limit)
        #expect(
            try Reading(SnapshotText(processes: [row.replacing("%", with: name)]).bytes).error
                == nil)
        let exceeds = SnapshotText(processes: [row.replacing("%", with: name + "a")])
        let error = try Reading(exceeds.bytes).error
        #expect(error?.code == .tooLarge(.name))
        #expect(error?.description.hasSuffix(" is longer than 380 characters") == true)
        #expect(error?.line == 5)
    }

    @Test func limitsAddresses() throws {
        var text = SnapshotText()
        let long = String(repeating: "1", count: 381)
        text.lines[1] =
            #"{"record":"host","host_id":"h","hostname":"x","ip":"x","addresses":["1","\#(long)"]}"#
        #expect(
            try Reading(text.bytes).error?.description
                == "line 2: \"addresses\" is longer than 380 characters")
    }
}
