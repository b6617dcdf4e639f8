import DatabaseSupport
import Evidence
import Loading
import Query
import Records
import TestSupport
import Testing
import Text

// Rejected files in coverage.
extension CoverageTests {
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
        Rejection(
            "the name of its host, elsewhere",
            [("stick/web-01.jsonl", cut), ("again/web-01.jsonl", whole)]),
        Rejection(
            "a directory of the name of its host, elsewhere",
            [("stick/web-01/a.jsonl", cut), ("again/web-01/a.jsonl", whole)]),
        Rejection(
            "another name, elsewhere", [("stick/a.jsonl", cut), ("again/a.jsonl", whole)],
            "rejected: stick/a.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host"),
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
            "empty files of several hosts, one of which was replaced",
            [("1/a.jsonl", []), ("2/a.jsonl", []), ("2/a.jsonl", other(2, "db-01"))],
            "rejected: 1/a.jsonl was rejected (the file is empty) and was not replaced by a valid file; its "
                + "name does not identify the host"),
        Rejection(
            "twice the same, under one name and two",
            [("1/a.jsonl", cut), ("2/a.jsonl", cut), ("b.jsonl", cut), ("x.jsonl", other(2, "b"))],
            "rejected: 1/a.jsonl was rejected (\(reason)) and was not replaced by a valid file; "
                + "its name does not identify the host",
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
                "rejected: x.jsonl was rejected (line 6: more than 1 records) and was not replaced by a valid file; its name does not identify the host"
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
}
