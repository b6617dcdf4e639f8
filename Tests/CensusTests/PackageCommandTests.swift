import Foundation
import SystemPackage
import TestSupport
import Testing

/// Packages, from snapshots to reports, comparisons, coverage and the page.
@Suite struct PackageCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    private func write(
        _ number: Int, _ host: String, _ day: Int, collection: String? = nil, _ packages: String...
    ) throws {
        var text = SnapshotText(
            id: uuid(number), takenAt: "2026-01-0\(day)T00:00:00Z", hostID: host, hostname: host,
            ip: "192.0.2.\(number)")
        if let collection {
            text.lines.insert(#"{"record":"collection",\#(collection)}"#, at: 4)
        }
        text.lines += packages
        try directory.write(text.bytes, to: "in/\(number).jsonl")
    }

    private static let dpkg = #""sources":["package dpkg var/lib/dpkg/status"]"#

    /// Two visits of two hosts; `b` is not read completely at the second. `c` has an older collector.
    private func fill(_ engine: Engine) throws -> NamedDatabase {
        try write(
            1, "a", 1, collection: Self.dpkg, package("bash", "5.2.15", #","arch":"amd64""#),
            package("openssl", "3.0.9-1"), package("telnetd", "0.17"))
        try write(
            2, "a", 2, collection: Self.dpkg, package("bash", "5.2.15", #","arch":"amd64""#),
            package("openssl", "3.0.15-1"), package("=cmd", "1"))
        try write(
            3, "b", 1, collection: Self.dpkg, package("bash", "5.2.15", #","arch":"amd64""#),
            package("openssl", "3.0.9-1"))
        try write(
            4, "b", 2,
            collection: #"\#(Self.dpkg),"failed_sources":["package rpm x: damaged"]"#,
            package("bash", "5.2.15", #","arch":"amd64""#))
        try write(5, "c", 2)
        let database = try engine.emptyDatabase(in: directory)
        let ingest = try census("ingest", "--quiet", "in", "--db", database.name)
        #expect((ingest.status, ingest.error) == (0, ""))
        return database
    }

    private func csv(_ arguments: String..., db: String) throws -> [String] {
        let result = try run(
            TestSupport.census, arguments + ["--format", "csv", "--db", db], in: directory.path)
        return result.output.split(separator: "\r\n").dropFirst().map(String.init)
    }

    @Test(arguments: Engine.allCases) func reports(_ engine: Engine) throws {
        let database = try fill(engine)
        let db = database.name
        defer { withExtendedLifetime(database) {} }
        #expect(
            try csv("report", "packages", "--latest", db: db) == [
                "1,a,192.0.2.2,2026-01-02 00:00:00,deb,'=cmd,1,,,,",
                "1,a,192.0.2.2,2026-01-02 00:00:00,deb,bash,5.2.15,amd64,,,",
                "1,a,192.0.2.2,2026-01-02 00:00:00,deb,openssl,3.0.15-1,,,,",
                "2,b,192.0.2.4,2026-01-02 00:00:00,deb,bash,5.2.15,amd64,,,",
            ])
        #expect(try csv("report", "packages", db: db).count == 9)
        #expect(try csv("report", "packages", "--host", "b", db: db).count == 3)
        // Of the newest executions, in the selection.
        #expect(
            try csv("report", "package-versions", db: db) == [
                "deb,'=cmd,1,,1", "deb,bash,5.2.15,amd64,2", "deb,openssl,3.0.15-1,,1",
            ])
        #expect(
            try csv("report", "package-versions", "--until", "2026-01-01", db: db) == [
                "deb,bash,5.2.15,amd64,2", "deb,openssl,3.0.9-1,,2", "deb,telnetd,0.17,,1",
            ])
        #expect(
            try csv("report", "rare-packages", db: db) == [
                "1,a,192.0.2.2,deb,'=cmd", "1,a,192.0.2.2,deb,openssl",
            ])
        let both = try census("report", "1", "rare-packages", "--format", "json", "--db", db)
        #expect(both.output.hasPrefix("{\n\"test_1\": ["))
        #expect(both.output.contains("\"rare_packages\": ["))
        // `report` and `ingest` print the five.
        let five = try census("report", "--db", db)
        #expect(five.output.contains("Test 5:") && !five.output.contains("package"))
        let files = try census(
            "report", "1", "packages", "--format", "csv", "-o", "out", "--db", db)
        #expect(
            (files.status, files.error)
                == (0, "packages: packages are unknown on 1 execution, and some on 1\n"))
        #expect(
            try run("ls", ["out"], in: directory.path).output == "packages.csv\ntest_1.csv\n")
    }

    @Test func aReportThatIsNone() throws {
        let result = try census("report", "pakages")
        #expect(result.status == 64)
        #expect(
            result.error.hasPrefix(
                "census: There is no report pakages; the reports are 1 to 5, packages, "
                    + "package-versions, rare-packages, patches, accounts, weak-passwords, "
                    + "root-accounts, privileges, keys, host-keys, listening, open-ports, hardware. "
                    + "Did you mean 'packages'?\n"))
    }

    /// As its files are called, too.
    @Test(arguments: [("4", "test_4"), ("package-versions", "package_versions")])
    func aReportByItsOtherName(_ word: String, _ name: String) throws {
        let database = try fill(.sqlite)
        let one = try census("report", word, "--db", database.name)
        #expect((one.status, one.output.isEmpty) == (0, false))
        let other = try census("report", name, word, "--db", database.name)
        #expect((other.status, other.output) == (0, one.output))
    }

    @Test(arguments: Engine.allCases) func changes(_ engine: Engine) throws {
        let database = try fill(engine)
        let db = database.name
        defer { withExtendedLifetime(database) {} }
        #expect(
            try csv("diff", "--host", "a", db: db) == [
                "changed,ip,,,192.0.2.1,192.0.2.2,,",
                "appeared,package,'=cmd deb,,,1,,",
                "upgraded,package version,openssl deb,,3.0.9-1,3.0.15-1,,",
                "gone,package,telnetd deb,,0.17,,,",
            ])
        let incomplete = try census("diff", "--host", "b", "--db", db)
        #expect(
            incomplete.error.contains(
                "packages are not compared: they are unknown in one of the executions\n"))
        let fleet = try census("diff", "--db", db, "--format", "csv")
        #expect(
            fleet.output.contains("1,a,192.0.2.2,2026-01-01 00:00:00,2026-01-02 00:00:00,4,"))
        #expect(fleet.error.contains("1 with incomplete data"))
        let coverage = try csv("coverage", db: db)
        #expect(
            coverage.contains {
                $0.hasSuffix(
                    "b,192.0.2.4,2026-01-02 00:00:00,some packages unknown; accounts unknown; "
                        + "privileges unknown; listeners unknown; could not read x: damaged")
            }, "\(coverage)")
        #expect(!coverage.contains { $0.contains(",c,") })
    }

    #if Rules
        @Test(arguments: Engine.allCases) func rules(_ engine: Engine) throws {
            let database = try fill(engine)
            let db = database.name
            defer { withExtendedLifetime(database) {} }
            let rules = """
                rules:
                - id: old
                  severity: high
                  sentence: No old OpenSSL.
                  forbidden-packages: {name: openssl, older-than: 3.0.16-1}
                - {id: shell, severity: low, sentence: Bash., required-packages: bash}
                """
            try directory.write(Array(rules.utf8), to: "rules.yaml")
            let result = try census("check", "--rules", "rules.yaml", "--db", db, "--format", "csv")
            let rows = result.output.split(separator: "\r\n").dropFirst().map {
                let cells = $0.split(separator: ",", omittingEmptySubsequences: false)
                return "\(cells[0]) \(cells[4]) \(cells[2]): \(cells[8])"
            }
            #expect(
                rows == [
                    "old a violated: openssl deb 3.0.15-1 is installed",
                    "old b not checked: some packages are unknown",
                    "old c not checked: packages are unknown",
                    "shell c not checked: packages are unknown",
                ])
        }
    #endif
}
