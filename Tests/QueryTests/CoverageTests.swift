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
        var collection: String?
        /// Algorithms and fingerprints of keys of SSH.
        var keys: [(String, String)] = []

        func text(_ number: Int) -> SnapshotText {
            func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
            var text = SnapshotText(
                id: uuid(number), takenAt: at, users: [login("anna")])
            text.lines[1] =
                #"{"record":"host","host_id":"\#(id)","hostname":\#(quoted(name)),"ip":\#(quoted(ip))"#
                + more + "}"
            text.lines[2] = #"{"record":"os_version",\#(system)}"#
            text.lines[3] = #"{"record":"cpu_info","model":"\#(processor)"}"#
            if let collection {
                text.lines.insert(#"{"record":"collection",\#(collection)}"#, at: 4)
            }
            for (algorithm, fingerprint) in keys {
                text.lines.append(
                    #"{"record":"ssh_host_key","algorithm":"\#(algorithm)","fingerprint":"\#(fingerprint)"}"#
                )
            }
            return text
        }
    }

    /// `shared_id 1 web-01: …`.
    func findings(
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

    func load(_ seen: [Seen], into test: TestDatabase) throws {
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

    static let second = "2026-02-01T00:00:00Z"
    static let third = "2026-03-01T00:00:00Z"
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
                // In no year that a database can hold.
                Seen(id: "f", name: "f", more: #","boot_time":253402300800"#),
                Seen(id: "g", name: "g", more: #","boot_time":\#(Int64.min)"#),
            ],
            "clock 1 web-01: taken at \(days.0), before the host booted at 2026-01-01 00:01:01",
            "clock 3 c: booted at 1970-01-01 00:00:00 as of \(days.0): implausible uptime",
            "clock 4 d: booted at 2020-09-13 12:26:40 as of \(days.0), before "
                + "Linux 6.1 existed (2022-10-02)",
            "clock 6 f: taken at \(days.0), before the host booted at 9999-12-31 23:59:59",
            "clock 7 g: booted at 0001-01-01 00:00:00 as of \(days.0): implausible uptime"),
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

}
