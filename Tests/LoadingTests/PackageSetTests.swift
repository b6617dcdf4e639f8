import Database
import DatabaseSupport
import TestSupport
import Testing

/// Lists that are stored as sets, which executions share.
@Suite struct PackageSetTests {
    private func file(
        _ number: Int, host: String, collection: String? = nil, _ packages: [String]
    ) -> (String, [UInt8]) {
        var text = SnapshotText(id: uuid(number), hostID: host)
        if let collection {
            text.lines.insert(#"{"record":"collection",\#(collection)}"#, at: 4)
        }
        text.lines += packages
        return ("\(number).jsonl", text.bytes)
    }

    private let some = [
        package("bash", "5.2.15-2+b7", #","arch":"amd64","publisher":"Matthias Klose""#),
        package("tzdata", "2024b", #","arch":"all","source":"tz","source_version":"1""#),
        #"{"record":"package","type":"rpm","name":"bash","version":null}"#,
    ]

    private let sets = """
        SELECT e.Snapshot_ID, e.Packages_known, e.Package_Set_ID IS NOT NULL, k.Item_count,
               (SELECT COUNT(*) FROM PACKAGES_PER_SET x WHERE x.Package_Set_ID = k.Package_Set_ID)
        FROM Executions e LEFT JOIN PACKAGE_SETS k ON k.Package_Set_ID = e.Package_Set_ID
        ORDER BY e.Snapshot_ID
        """

    @Test(arguments: Engine.allCases) func equalListsAreOneSet(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        // In another order, and with a package twice.
        let files = [
            file(1, host: "a", some), file(2, host: "b", some.reversed() + some.prefix(1)),
            file(3, host: "a", some),
        ]
        for file in files.prefix(2) { #expect(try test.ingest(file).rejections == []) }
        #expect(try test.count("PACKAGE_SETS") == 1)
        #expect(try test.count("PACKAGES_PER_SET") == 3)
        #expect(
            try test.rows(
                """
                SELECT Package_Type, Package_Name, Version, Package_Arch, Source, Source_version, Publisher
                FROM Packages ORDER BY Package_Type, Package_Name
                """) == [
                    "deb|bash|5.2.15-2+b7|amd64|NULL|NULL|Matthias Klose",
                    "deb|tzdata|2024b|all|tz|1|NULL", "rpm|bash|NULL|NULL|NULL|NULL|NULL",
                ])
        // With an empty cache, too.
        let again = try test.reopened()
        #expect(try again.ingest(files[2]).rejections == [])
        #expect(try again.count("PACKAGE_SETS") == 1)
        #expect(try again.count("Packages") == 3)
        #expect(
            try again.rows(sets)
                == (1...3).map { "\(uuid($0))|1|1|3|3" })
    }

    /// Anyone can compute the digest of a set from those of its packages.
    @Test(arguments: Engine.allCases) func theDigestOfASet(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        #expect(try test.ingest(file(1, host: "a", some)).rejections == [])
        let items = try test.rows("SELECT Package_SHA256 FROM Packages").sorted()
        #expect(Set(items).count == 3)
        let lines = items.map { $0 + "\n" }.joined()
        let digest = try run("sha256sum", [], input: Array(lines.utf8)).output.prefix(64)
        #expect(try test.rows("SELECT Set_SHA256 FROM PACKAGE_SETS") == [String(digest)])
    }

    @Test(arguments: Engine.allCases) func anUpgradeIsAnotherSet(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let upgraded = [package("bash", "5.2.37", #","arch":"amd64""#)] + some.dropFirst()
        let run = try test.ingest(file(1, host: "a", some), file(2, host: "a", upgraded))
        #expect(run.rejections == [])
        #expect(run.summary.items[1] == 6)
        #expect(try test.count("PACKAGE_SETS") == 2)
        #expect(try test.count("Packages") == 4)
        #expect(try test.count("PACKAGES_PER_SET") == 6)
    }

    /// NULL: the collector did not look for packages. 0: some are unknown.
    @Test(arguments: Engine.allCases) func whatIsKnown(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let read = #""sources":["package dpkg var/lib/dpkg/status"]"#
        let failed = #""failed_sources":["package rpm var/lib/rpm/Packages: damaged"]"#
        let run = try test.ingest(
            file(1, host: "a", []), file(2, host: "b", collection: read, []),
            file(3, host: "c", collection: failed, []),
            file(4, host: "d", collection: "\(read),\(failed)", some))
        #expect(run.rejections == [])
        #expect(
            try test.rows(sets) == [
                "\(uuid(1))|NULL|0|NULL|0", "\(uuid(2))|1|1|0|0", "\(uuid(3))|0|0|NULL|0",
                "\(uuid(4))|0|1|3|3",
            ])
    }

    /// Nothing of a file that is rejected stays, and what was remembered of it is forgotten.
    @Test(arguments: Engine.allCases) func ofABadFileNothingLands(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        var bytes: [UInt8] = []
        for id in 1...2 {
            var text = SnapshotText(id: uuid(id), processes: (0..<60_000).map { process($0, "p") })
            text.lines += some
            if id == 2 { text.end = #"{"record":"end"}"# }
            bytes += text.bytes
        }
        #expect(try test.ingest(("bad.jsonl", bytes)).summary.rejectedFiles == 1)
        #expect(try test.count("PACKAGE_SETS") == 0)
        #expect(try test.ingest(file(3, host: "a", some)).rejections == [])
        #expect(try test.rows(sets) == ["\(uuid(3))|1|1|3|3"])
    }
}
