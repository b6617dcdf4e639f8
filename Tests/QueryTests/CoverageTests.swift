import DatabaseSupport
import Evidence
import Loading
import Query
import Records
import TestSupport
import Testing
import Text

/// The findings of coverage on each engine.
@Suite struct CoverageTests {
    /// A host at one moment, as a file says it.
    struct Seen: Sendable {
        var id = "h"
        var name: String? = "web-01"
        var ip: String? = "192.0.2.1"
        var at = "2026-01-01T00:00:00Z"
        var more = ""
        var system = #""name":"Linux","version":null"#
        var processor = "Intel(R) N100"

        func text(_ number: Int) -> SnapshotText {
            func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
            var text = SnapshotText(
                id: uuid(number), takenAt: at, users: [login("anna")])
            text.lines[1] =
                #"{"record":"host","host_id":"\#(id)","hostname":\#(quoted(name)),"ip":\#(quoted(ip))"#
                + more + "}"
            text.lines[2] = #"{"record":"os_version",\#(system)}"#
            text.lines[3] = #"{"record":"cpu_info","model":"\#(processor)"}"#
            return text
        }
    }

    /// `shared_id 1 web-01: …`.
    private func findings(
        _ test: TestDatabase, expected: [String]? = nil, oldest: String? = nil
    ) throws -> [String] {
        let list = try expected.map {
            try ExpectedHosts(Array($0.joined(separator: "\n").utf8))
        }
        let coverage = try Coverage(
            in: test.database, expected: list, oldest: oldest.map { Timestamp(sqlText: $0)! },
            now: #require(Timestamp.now()))
        return coverage.anomalies.map { finding in
            let host = finding.host.map { " \($0.serverID)" } ?? ""
            let name = (finding.expected ?? finding.host?.name).map { " \($0)" } ?? ""
            let detail = finding.detail.replacing(#/loaded at [-0-9: ]+/#, with: "loaded")
                .replacing("\(test.directory.path.string)/evidence/", with: "")
            return "\(finding.kind.rawValue)\(host)\(name): \(detail)"
        }
    }

    private func load(_ seen: [Seen], into test: TestDatabase) throws {
        let bytes = seen.enumerated().flatMap { $0.element.text($0.offset + 1).bytes }
        let run = try test.ingest((name: "all.jsonl", bytes: bytes))
        #expect(run.rejections == [])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let seen: [Seen]
        let findings: [String]
        var testDescription: String { what }

        init(_ what: String, _ seen: [Seen], _ findings: String...) {
            (self.what, self.seen, self.findings) = (what, seen, findings)
        }
    }

    // MARK: Two hosts under one id

    private static let second = "2026-02-01T00:00:00Z"
    private static let third = "2026-03-01T00:00:00Z"
    private static let days = ("2026-01-01 00:00:00", "2026-02-01 00:00:00", "2026-03-01 00:00:00")

    private static let sharedIDCases: [Case] = [
        Case(
            "seen once each",
            [Seen(), Seen(name: "db-01", ip: "192.0.2.2", at: second)],
            "shared_id 1 db-01: web-01 192.0.2.1 on \(days.0), db-01 192.0.2.2 on \(days.1): "
                + "two hosts under one id, or one that was renamed and moved"),
        Case(
            "containers of one image",
            [
                Seen(name: "c1", ip: "172.17.0.2", more: #","container":"docker""#),
                Seen(name: "c2", ip: "172.17.0.9", at: second, more: #","container":"docker""#),
            ],
            "shared_id 1 c2: c1 172.17.0.2 (docker) on \(days.0), c2 172.17.0.9 (docker) on "
                + "\(days.1): two hosts under one id, or one that was renamed and moved"),
        Case(
            "an address that every host has, and names that take turns",
            [
                Seen(ip: "172.17.0.1"), Seen(name: "db-01", ip: "172.17.0.1", at: second),
                Seen(ip: "172.17.0.1", at: third),
            ],
            "shared_id 1 web-01: web-01 172.17.0.1 on \(days.0), db-01 172.17.0.1 on \(days.1), "
                + "web-01 172.17.0.1 on \(days.2)"),
        Case(
            "one name, and processors that take turns",
            [
                Seen(), Seen(ip: "192.0.2.2", at: second, processor: "AMD"), Seen(at: third),
            ],
            "shared_id 1 web-01: web-01 192.0.2.1 [Intel(R) N100] on \(days.0), "
                + "web-01 192.0.2.2 [AMD] on \(days.1), web-01 192.0.2.1 [Intel(R) N100] on \(days.2)"
        ),
        Case(
            "at the same second",
            [Seen(), Seen(ip: "192.0.2.2")],
            "shared_id 1 web-01: web-01 192.0.2.1 and web-01 192.0.2.2 at the same second, \(days.0)"
        ),
        Case(
            "up at the same time",
            [
                Seen(ip: nil, at: "2026-01-10T00:00:00Z", more: #","boot_time":1767225600"#),
                Seen(
                    name: "db-01", ip: nil, at: "2026-01-11T00:00:00Z",
                    more: #","boot_time":1767571200"#),
            ],
            "shared_id 1 db-01: web-01 up from 2026-01-01 00:00:00 to 2026-01-10 00:00:00, "
                + "db-01 up from 2026-01-05 00:00:00 to 2026-01-11 00:00:00"),
        // What happens to one host.
        Case("moved and back", [Seen(), Seen(ip: "192.0.2.2", at: second), Seen(at: third)]),
        Case("renamed and back", [Seen(), Seen(name: "db-01", at: second), Seen(at: third)]),
        Case(
            "renamed, then moved",
            [
                Seen(), Seen(name: "db-01", at: second),
                Seen(name: "db-01", ip: "192.0.2.2", at: third),
            ]),
        Case(
            "capitals and domains",
            [
                Seen(), Seen(name: "WEB-01.example.org", ip: "192.0.2.2", at: second),
                Seen(ip: "192.0.2.3", at: third),
            ]),
        Case(
            "another of its addresses",
            [
                Seen(more: #","addresses":["192.0.2.1","192.0.2.2"]"#),
                Seen(
                    name: "db-01", ip: "192.0.2.2", at: second,
                    more: #","addresses":["192.0.2.2"]"#),
            ]),
        Case("a new processor", [Seen(), Seen(at: second, processor: "AMD")]),
        Case(
            "names and addresses that are not known",
            [Seen(), Seen(name: nil, ip: nil, at: second), Seen(at: third)]),
        Case(
            "a name and an address that are nobody's",
            [
                Seen(name: "localhost", ip: "127.0.1.1"), Seen(ip: "192.0.2.2", at: second),
                Seen(name: "db-01", ip: "169.254.3.4", at: third),
            ]),
    ]

    @Test(arguments: Engine.allCases, sharedIDCases)
    func sharedIDs(engine: Engine, one: Case) throws {
        let test = try TestDatabase(engine)
        try load(one.seen, into: test)
        #expect(try findings(test) == one.findings)
    }

    // MARK: Clocks

    private static let debian12 = #""name":"Debian GNU/Linux","version":"12","platform":"debian""#

    private static let clockCases: [Case] = [
        Case(
            "no battery",
            [Seen(at: "1970-01-01T00:00:07Z"), Seen(at: "1970-01-01T00:00:08Z"), Seen()],
            "clock 1 web-01: taken at 1970-01-01 00:00:07, before census existed "
                + "(2020-01-01); and 1 more execution like it"),
        Case(
            "1601", [Seen(at: "1601-01-01T00:00:00Z")],
            "clock 1 web-01: taken at 1601-01-01 00:00:00, before census existed "
                + "(2020-01-01)"),
        Case(
            "the day before",
            [Seen(at: "2019-12-31T23:59:59Z"), Seen(at: "2020-01-01T00:00:00Z")],
            "clock 1 web-01: taken at 2019-12-31 23:59:59, before census existed "
                + "(2020-01-01)"),
        Case(
            "before the kernel",
            [
                Seen(at: "2022-10-01T23:59:59Z", more: #","kernel":"6.1.0-28-amd64""#),
                Seen(at: "2022-10-02T00:00:00Z", more: #","kernel":"6.1.0-rc1""#),
            ],
            "clock 1 web-01: taken at 2022-10-01 23:59:59, before Linux 6.1 existed "
                + "(2022-10-02)"),
        Case(
            "before the system",
            [
                Seen(id: "a", at: "2022-05-05T00:00:00Z", system: debian12),
                Seen(
                    id: "b", name: "b", at: "2021-02-01T00:00:00Z",
                    system: #""name":"Ubuntu","version":"22.04""#),
                Seen(
                    id: "c", name: "c", at: "2020-06-01T00:00:00Z",
                    system: #""name":"Rocky Linux","version":"9.3","platform":"rocky""#),
                Seen(
                    id: "d", name: "d", at: "2022-06-01T00:00:00Z",
                    system: #""name":"Windows 11","version":"10.0.22631.2715""#),
                Seen(
                    id: "e", name: "e", at: "2022-06-01T00:00:00Z",
                    system: #""name":"Alpine Linux","version":"3.19.1","platform":"alpine""#),
                Seen(
                    id: "f", name: "f", at: "2022-06-01T00:00:00Z",
                    system: #""name":"Fedora Linux","version":"40","platform":"fedora""#),
                Seen(
                    id: "g", name: "g", at: "2022-06-01T00:00:00Z",
                    system: #""name":"openSUSE Leap","version":"15.6","platform":"opensuse-leap""#),
            ],
            "clock 1 web-01: taken at 2022-05-05 00:00:00, before "
                + "Debian GNU/Linux 12 existed (2022-05-06)",
            "clock 2 b: taken at 2021-02-01 00:00:00, before Ubuntu 22.04 existed "
                + "(2021-02-25)",
            "clock 3 c: taken at 2020-06-01 00:00:00, before Rocky Linux 9 existed "
                + "(2020-08-11)",
            "clock 4 d: taken at 2022-06-01 00:00:00, before Windows 11 22631 existed "
                + "(2022-09-26)",
            "clock 5 e: taken at 2022-06-01 00:00:00, before Alpine Linux 3.19 existed "
                + "(2022-11-02)",
            "clock 6 f: taken at 2022-06-01 00:00:00, before Fedora Linux 40 existed "
                + "(2023-03-20)",
            "clock 7 g: taken at 2022-06-01 00:00:00, before openSUSE Leap 15.6 existed "
                + "(2023-05-09)"),
        Case(
            "versions that are in no table, and numbers of other kernels",
            [
                Seen(
                    id: "a", at: "2020-02-24T00:00:00Z",
                    system: #""name":"Debian GNU/Linux","version":"99","platform":"debian""#),
                Seen(
                    id: "b", name: "b", at: "2020-02-24T00:00:00Z", more: #","kernel":"6.1.7601""#,
                    system: #""name":"windows","version":"7""#),
                Seen(
                    id: "c", name: "c", at: "2020-02-24T00:00:00Z", more: #","kernel":"5.11""#,
                    system: #""name":"Oracle Solaris","version":"11.4""#),
                Seen(
                    id: "d", name: "d", at: "2020-02-24T00:00:00Z", more: #","kernel":"99.1.2""#),
                Seen(
                    id: "e", name: "e", at: "2020-02-24T00:00:00Z",
                    system: #""name":"Debian GNU/Linux","version":"10","platform":"debian""#),
            ]),
        Case(
            "starts",
            [
                Seen(id: "a", more: #","boot_time":1767225661"#),
                Seen(id: "b", name: "b", more: #","boot_time":1767225660"#),
                Seen(id: "c", name: "c", more: #","boot_time":0"#),
                Seen(id: "d", name: "d", more: #","boot_time":1600000000,"kernel":"6.1.0""#),
                Seen(id: "e", name: "e", more: #","boot_time":1300000000,"kernel":"2.6.32""#),
            ],
            "clock 1 web-01: taken at \(days.0), before the host booted at 2026-01-01 00:01:01",
            "clock 3 c: booted at 1970-01-01 00:00:00 as of \(days.0): implausible uptime",
            "clock 4 d: booted at 2020-09-13 12:26:40 as of \(days.0), before "
                + "Linux 6.1 existed (2022-10-02)"),
        Case(
            "out of order",
            [
                Seen(at: "2026-01-02T00:00:00Z", more: #","boot_time":1767225600"#),
                Seen(at: "2026-01-03T00:00:00Z", more: #","boot_time":1767222000"#),
            ],
            "clock 1 web-01: out of order: booted at 2026-01-01 00:00:00 as of 2026-01-02 00:00:00, "
                + "at 2025-12-31 23:00:00 as of 2026-01-03 00:00:00"),
        Case(
            "out of order again and again",
            (0..<5).map {
                Seen(
                    at: "2026-01-0\($0 + 2)T00:00:00Z",
                    more: #","boot_time":\#(1_767_225_600 - $0 * 3600)"#)
            },
            "clock 1 web-01: out of order: booted at 2026-01-01 00:00:00 as of 2026-01-02 00:00:00, "
                + "at 2025-12-31 23:00:00 as of 2026-01-03 00:00:00; "
                + "and 3 more executions like it"),
        // The kernel recomputes the boot time when the clock is set; a reboot is later.
        Case(
            "in order",
            [
                Seen(at: "2026-01-02T00:00:00Z", more: #","boot_time":1767225600"#),
                Seen(at: "2026-01-03T00:00:00Z", more: #","boot_time":1767225540"#),
                Seen(at: "2026-01-04T00:00:00Z", more: #","boot_time":1767400000"#),
                Seen(at: "2026-01-05T00:00:00Z"),
                Seen(at: "2026-01-06T00:00:00Z", more: #","boot_time":1767400000"#),
            ]),
        Case(
            "what cannot be of one host is not out of order",
            [
                Seen(at: "2026-01-02T00:00:00Z", more: #","boot_time":1767225600"#),
                Seen(
                    name: "db-01", ip: "192.0.2.2", at: "2026-01-03T00:00:00Z",
                    more: #","boot_time":1767000000"#),
            ],
            "shared_id 1 db-01: web-01 192.0.2.1 up from 2026-01-01 00:00:00 to 2026-01-02 00:00:00, "
                + "db-01 192.0.2.2 up from 2025-12-29 09:20:00 to 2026-01-03 00:00:00"),
    ]

    @Test(arguments: Engine.allCases, clockCases)
    func clocks(engine: Engine, one: Case) throws {
        let test = try TestDatabase(engine)
        try load(one.seen, into: test)
        #expect(try findings(test) == one.findings)
    }

    /// The clocks of host and desk may differ by a minute.
    @Test(arguments: Engine.allCases)
    func takenAfterItWasLoaded(engine: Engine) throws {
        let test = try TestDatabase(engine)
        let now = try #require(Timestamp.now()).unixSeconds
        func moment(_ seconds: Int64) -> String {
            Timestamp(unixSeconds: now + seconds)!.description
        }
        try load(
            [
                Seen(id: "a", name: "a", at: moment(30)),
                Seen(id: "b", name: "b", at: moment(600)),
                Seen(id: "c", name: "c", at: moment(-86_400)),
                Seen(id: "c", name: "c", at: "2106-01-01T00:00:00Z"),
            ], into: test)
        let late = try #require(Timestamp(unixSeconds: now + 600)).sqlText
        let found = try Coverage(
            in: test.database, expected: nil, oldest: Timestamp(unixSeconds: now - 10),
            now: #require(Timestamp.now())
        ).anomalies
        #expect(
            found.map { "\($0.kind.rawValue) \($0.host!.name!) \($0.lastSeen!)" } == [
                "stale b \(late)", "stale c \(Timestamp(unixSeconds: now - 86_400)!.sqlText)",
                "clock b \(late)", "clock c \(Timestamp(unixSeconds: now - 86_400)!.sqlText)",
            ])
        #expect(
            try findings(test).last?.contains("taken at 2106-01-01 00:00:00, after it was loaded")
                == true)
    }

    // MARK: Rejected files

    private static let name = "web-01_20260101T000000Z_00000000.jsonl"
    private static let whole = Seen().text(1).bytes
    private static let cut = Array(whole.dropLast(30))
    private static let reason = "line 7: the line is incomplete"

    /// A step: the name of a file, and what is in it.
    typealias File = (name: String, bytes: [UInt8])

    struct Rejection: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let files: [File]
        let findings: [String]

        init(_ what: String, _ files: [File], _ findings: String...) {
            (testDescription, self.files, self.findings) = (what, files, findings)
        }
    }

    private static func other(_ number: Int, _ host: String) -> [UInt8] {
        Seen(id: host, name: host, ip: "192.0.2.\(number)").text(number).bytes
    }

    private static let notReplaced =
        "\(name) was rejected (\(reason)) and was not replaced by a valid file; "
        + "its name is that of host web-01, taken at 2026-01-01 00:00:00"

    private static let rejections: [Rejection] = [
        Rejection(
            "of a host that was seen another time",
            [
                ("s/\(name)", cut), ("s/x.jsonl", Seen(at: second).text(2).bytes),
                ("s/\(name)", cut),
            ],
            "rejected 1 web-01: s/\(notReplaced)"),
        Rejection(
            "of a host that was never seen", [(name, cut), ("x.jsonl", other(2, "db-01"))],
            "rejected web-01: \(notReplaced), from which nothing was loaded"),
        Rejection(
            "of one of two hosts",
            [
                (name, cut),
                (
                    "x.jsonl",
                    Seen(id: "a", at: second).text(2).bytes
                        + Seen(id: "b", ip: "192.0.2.2", at: third).text(3).bytes
                ),
            ],
            "rejected web-01: \(notReplaced), which matches the servers 1 (a), 2 (b)",
            "several_ids 1 web-01: 2 servers have this name: 1 (a), 2 (b)"),
        Rejection("the same path", [(name, cut), (name, whole)]),
        Rejection("a copy", [("a/\(name)", cut), ("b/Copy of \(name).gz", whole)]),
        Rejection("a copy that was there before", [("a/\(name)", whole), ("b/\(name)", cut)]),
        Rejection(
            "its snapshot under another name",
            [(name, cut), ("all.jsonl", other(2, "db-01") + whole)]),
        Rejection(
            "a snapshot with its id's beginning, of another date",
            [(name, cut), ("all.jsonl", Seen(at: second).text(3).bytes)],
            "rejected 1 web-01: \(notReplaced)"),
        Rejection(
            "the id of another snapshot",
            [("a/\(name)", whole), ("b/\(name)", Seen(ip: "192.0.2.9").text(1).bytes)],
            "rejected 1 web-01: b/\(name) was rejected (snapshot \(uuid(1)) is in the database with "
                + "other content): one of the two files was altered"),
        Rejection("another name, the same path", [("a.jsonl", cut), ("a.jsonl", whole)]),
        Rejection("another name, elsewhere", [("stick/a.jsonl", cut), ("again/a.jsonl", whole)]),
        Rejection(
            "another name, elsewhere and before",
            [("again/a.jsonl", whole), ("stick/a.jsonl", cut)],
            "rejected: stick/a.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host"),
        Rejection(
            "a directory for each host",
            [("web-01/a.jsonl", cut), ("db-01/a.jsonl", other(2, "db-01"))],
            "rejected: web-01/a.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host"),
        Rejection(
            "one name for the files of several hosts",
            [
                ("1/a.jsonl", cut), ("2/a.jsonl", other(2, "db-01")),
                ("3/a.jsonl", other(3, "db-02")),
            ],
            "rejected: 1/a.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host"),
        Rejection(
            "twice the same, under one name and two",
            [("1/a.jsonl", cut), ("2/a.jsonl", cut), ("b.jsonl", cut), ("x.jsonl", other(2, "b"))],
            "rejected: 2/a.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host",
            "rejected: b.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host"),
    ]

    @Test(arguments: Engine.allCases, rejections)
    func rejected(engine: Engine, one: Rejection) throws {
        let test = try TestDatabase(engine)
        for file in one.files { _ = try test.ingest(file) }
        #expect(try findings(test) == one.findings)
    }

    @Test(arguments: Engine.allCases)
    func theSameBytesMayBeTakenWithGreaterLimits(engine: Engine) throws {
        let test = try TestDatabase(engine)
        let path = try test.directory.write(Self.whole, to: "evidence/x.jsonl").string
        var limits = SnapshotLimits()
        limits.records = 1
        _ = try Ingest(limits: limits).run(EvidenceSearch([path]).sources, into: test.database)
        #expect(
            try findings(test) == [
                "rejected: x.jsonl was rejected (line 6: more than 1 processes and users) and was not replaced by a valid file; its name does not identify the host"
            ])
        let moved = try test.directory.write(Self.whole, to: "evidence/y.jsonl").string
        _ = try test.ingest([moved])
        #expect(try findings(test) == [])
    }

    /// A directory that cannot be read is no file, and what lies in it has receipts of its own once it
    /// can.
    @Test(arguments: Engine.allCases)
    func aDirectoryThatCannotBeRead(engine: Engine) throws {
        let test = try TestDatabase(engine)
        let path = test.directory.path.appending("evidence/web-02")
        let sources = [EvidenceSearch.Source.unreadable(path, "Permission denied")]
        _ = try Ingest().run(sources, into: test.database)
        let missing =
            "missing web-02: expected but never seen; rejected files that may be from it: web-02"
        let rejected =
            "rejected: web-02 could not be read (Permission denied) and was not replaced by a valid file; its name does not identify the host"
        #expect(try findings(test, expected: ["web-02"]) == [missing, rejected])
        try test.ingest((name: "web-02/a.jsonl", bytes: Self.other(2, "web-02")))
        #expect(try findings(test, expected: ["web-02"]) == [])
    }

    @Test(arguments: Engine.allCases)
    func aMissingHostMayBeThatOfARejectedFile(engine: Engine) throws {
        let test = try TestDatabase(engine)
        for file in [(Self.name, Self.cut), ("web-02.jsonl.gz", [1]), ("x.jsonl", Self.whole)]
        where file.0 != "x.jsonl" {
            _ = try test.ingest((name: file.0, bytes: file.1))
        }
        let missing = try findings(
            test, expected: ["WEB-01.example.org", "web-02", "web-03"]
        ).filter { $0.hasPrefix("missing") }
        #expect(
            missing == [
                "missing WEB-01.example.org: expected but never seen; rejected files that may be "
                    + "from it: \(Self.name)",
                "missing web-02: expected but never seen; rejected files that may be from "
                    + "it: web-02.jsonl.gz", "missing web-03: expected but never seen",
            ])
    }

    // MARK: The list

    typealias List = (list: [String], findings: [String])

    private static let lists: [List] = [
        (
            ["web-01.a.example", "web-01.b.example"],
            [
                "ambiguous 1 web-01: 2 list entries match this server: web-01.a.example, "
                    + "web-01.b.example; they name hosts in different domains, so at least one of them was not seen",
                "unexpected 2 db-01", "unexpected 3 db-02",
            ]
        ),
        (
            ["web-01", "WEB-01", "192.0.2.1", "db-01", "db-02"],
            [
                "ambiguous 1 web-01: 2 list entries match this server: web-01, 192.0.2.1; "
                    + "either the host is listed more than once, or one of them was not seen"
            ]
        ),
        (
            ["web-01", "192.0.2.9", "192.0.2.23"],
            [
                "ambiguous 192.0.2.9: matches 2 servers: 2 (db-01), 3 (db-02)",
                "ambiguous 3 db-02: 2 list entries match this server: 192.0.2.9, "
                    + "192.0.2.23; either the host is listed more than once, or one of them was not seen",
            ]
        ),
        // The one that has the name now, and not the one that had it once.
        (["web-01", "old", "db-01"], []),
        (["h", "192.0.2.2", "db-02."], []),
        (
            ["web-01", "db-01", "DB-02.example", "nobody"],
            ["missing nobody: expected but never seen"]
        ),
    ]

    @Test(arguments: Engine.allCases, lists)
    func entriesOfTheList(engine: Engine, one: List) throws {
        let test = try TestDatabase(engine)
        let shared = #","addresses":["192.0.2.9"]"#
        try load(
            [
                Seen(), Seen(id: "db-01", name: "db-01", ip: "192.0.2.2", more: shared),
                Seen(id: "db-02", name: "old", ip: "192.0.2.3", at: "2025-12-01T00:00:00Z"),
                Seen(
                    id: "db-02", name: "db-02", ip: "192.0.2.3",
                    more: #","addresses":["192.0.2.9","192.0.2.23"]"#),
            ], into: test)
        let found = try findings(test, expected: one.list).map {
            $0.hasPrefix("unexpected") ? String($0.prefix { $0 != ":" }) : $0
        }
        #expect(found.sorted() == one.findings.sorted())
    }

    /// A name matches the host that has it now.
    @Test(arguments: Engine.allCases)
    func aNameThatWasGivenToAnother(engine: Engine) throws {
        let test = try TestDatabase(engine)
        try load(
            [
                Seen(id: "a"), Seen(id: "a", name: "old", at: Self.second),
                Seen(id: "b", ip: "192.0.2.2", at: Self.third),
            ], into: test)
        #expect(
            try findings(test, expected: ["web-01"]) == ["unexpected 1 old: seen but not expected"])
        #expect(try findings(test, expected: ["web-01", "old"]) == [])
    }

    typealias Namesakes = (names: [String], areOne: Bool)

    private static let namesakes: [Namesakes] = [
        (["web-01", "WEB-01.example.org"], true), (["web-01.a", "WEB-01.A."], true),
        (["web-01.a", "web-01.b"], false), (["web-01", "web-02"], false),
        (["10.0.0.1", "10.0.0.2"], false),
    ]

    @Test(arguments: Engine.allCases, namesakes)
    func namesUnderSeveralIDs(engine: Engine, one: Namesakes) throws {
        let test = try TestDatabase(engine)
        let seen = one.names.enumerated().map {
            Seen(id: "h\($0.offset)", name: $0.element, ip: "192.0.2.\($0.offset)")
        }
        try load(seen + [Seen(id: "x", name: nil), Seen(id: "y", name: nil)], into: test)
        #expect(
            try findings(test)
                == (one.areOne
                    ? ["several_ids 1 \(one.names[0]): 2 servers have this name: 1 (h0), 2 (h1)"]
                    : [])
        )
    }

    /// A row of `Servers` without executions does not mean that the host was seen.
    @Test(arguments: Engine.allCases)
    func aHostWithoutAnExecution(engine: Engine) throws {
        let test = try TestDatabase(engine)
        try load([Seen()], into: test)
        try test.database.execute(
            """
            INSERT INTO Servers (Host_ID, Hostname, OS_ID, Newest_Exec_date, Newest_Snapshot_ID)
            VALUES ('z', 'ghost', 1, '2026-01-01 00:00:00', '')
            """)
        #expect(
            try findings(test, expected: ["web-01", "ghost"]) == [
                "missing ghost: expected but never seen",
                "partial 2 ghost: no executions: never seen",
            ])
    }

    #if MySQL
        /// What stored procedures added came from no file.
        @Test func hostsOfStoredProceduresAreSeen() throws {
            let test = try TestDatabase(.server)
            for sql in [
                "INSERT INTO OS (OS_Name) VALUES ('windows')",
                """
                INSERT INTO Servers (Host_ID, Hostname, IP, OS_ID, Newest_Exec_date,
                                     Newest_Snapshot_ID)
                VALUES ('old-1', 'old-pc', '192.0.2.7', 1, '2020-02-24 00:00:00', '')
                """,
                """
                INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processes_known,
                                        Users_known)
                VALUES (1, '2020-02-23 00:00:00', 'old-pc', '192.0.2.7', 1, 1, 1),
                       (1, '2020-02-24 00:00:00', 'old-pc', '192.0.2.8', 1, 1, 1)
                """,
            ] { try test.database.execute(sql) }
            let expected = try ExpectedHosts(Array("other\n".utf8))
            let found = try Coverage(
                in: test.database, expected: expected, oldest: nil, now: #require(Timestamp.now())
            ).anomalies
            #expect(found.map(\.kind) == [.missing, .unexpected])
            #expect(found[1].lastSeen == "2020-02-24 00:00:00")
            let named = try ExpectedHosts(Array("OLD-PC\n".utf8))
            #expect(
                try Coverage(
                    in: test.database, expected: named, oldest: nil, now: #require(Timestamp.now())
                ).anomalies.isEmpty)

            let query = try ExecutionQuery(test.database)
            let newest = try query.newest(2, of: 1, until: nil)
            // A future date without a file is found, too.
            try test.database.execute(
                """
                INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processes_known,
                                        Users_known)
                VALUES (1, '2999-01-01 00:00:00', 'old-pc', '192.0.2.8', 1, 1, 1)
                """)
            #expect(
                try findings(test) == [
                    "clock 1 old-pc: taken at 2999-01-01 00:00:00, which is in the future"
                ])
            let comparison = Comparison(
                from: try query.contents(of: newest[1].id), to: try query.contents(of: newest[0].id)
            )
            #expect(comparison.changes.map(\.what) == ["ip"])
        }
    #endif
}
