import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing

/// What SQLite keeps beside a database: the write-ahead log, and the journal.
@Suite struct SQLiteLogTests {
    private static let first = TestPackage.many(60, large: 9000)
    private static let second = (0..<60).map {
        TestPackage(name: "second-\(100 + $0)", size: $0 * 50)
    }

    /// A copy of a database that is in use, made by a script in which `COPY` stands for it.
    private func copy(_ script: String, pageSize: Int = 1024) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let original = try TemporaryDirectory()
        try original.createPackages(pageSize: pageSize)
        let target = try directory.prepare(TemporaryDirectory.sqlite).removingLastComponent()
        let source = original.path.appending(TemporaryDirectory.sqlite)
        try original.runSQL(
            script.replacing("COPY", with: ".shell cp \(source)* \(target)"))
        return directory
    }

    /// The names that SQLite itself finds in a copy of the copy, which it may change.
    private func expected(_ directory: TemporaryDirectory) throws -> Int {
        let copy = try TemporaryDirectory()
        for suffix in ["", "-wal", "-journal"] {
            if let bytes = try? directory.read(TemporaryDirectory.sqlite + suffix) {
                try copy.write(bytes, to: TemporaryDirectory.sqlite + suffix)
            }
        }
        let count = try copy.runSQL("SELECT count(*) FROM Packages;")
        return Int(count.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }

    private static let wal = "PRAGMA journal_mode = wal;\nPRAGMA wal_autocheckpoint = 0;\n"

    @Test(arguments: [512, 4096, 65536]) func readsCommittedPages(_ pageSize: Int) throws {
        let directory = try copy(
            "BEGIN;\n" + insertion(Self.first) + "COMMIT;\n" + Self.wal + "BEGIN;\n"
                + insertion(Self.second) + "COMMIT;\nDELETE FROM Packages WHERE hnum < 10;\nCOPY\n",
            pageSize: pageSize)
        #expect(try directory.read(TemporaryDirectory.sqlite + "-wal").count > 1000)
        let facts = try directory.packages()
        #expect(facts.lines == (Self.first.dropFirst(9) + Self.second).map(\.line))
        #expect(facts.failures == [])
    }

    /// Everything is in the log: the database has no byte.
    @Test func readsADatabaseThatIsAllInTheLog() throws {
        let directory = try TemporaryDirectory()
        let original = try TemporaryDirectory()
        let source = try original.prepare(TemporaryDirectory.sqlite)
        let target = try directory.prepare(TemporaryDirectory.sqlite).removingLastComponent()
        try original.runSQL(
            Self.wal + "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL);\n"
                + insertion(Self.second) + ".shell cp \(source)* \(target)\n")
        #expect(try directory.packages().lines == Self.second.map(\.line))
    }

    @Test func passesOverWhatIsNotCommitted() throws {
        let directory = try copy(
            Self.wal + insertion(Self.second) + "PRAGMA cache_size = 1;\nBEGIN;\n"
                + insertion(Self.first) + "COPY\nROLLBACK;\n")
        let log = try directory.read(TemporaryDirectory.sqlite + "-wal")
        #expect(log.count > 200_000)
        #expect(try directory.packages().lines == Self.second.map(\.line))
    }

    /// A log that was written over from its beginning has older frames behind the newer ones.
    @Test func passesOverFramesOfAnEarlierLog() throws {
        let directory = try copy(
            Self.wal + insertion(Self.first) + "PRAGMA wal_checkpoint(RESTART);\n"
                + "DELETE FROM Packages WHERE hnum > 50;\n" + insertion(Array(Self.second[..<3]))
                + "COPY\n")
        let count = try directory.packages().packages.count
        #expect(count == 53)
        #expect(count == (try expected(directory)))
    }

    /// Cut or damaged at any place, it has the transactions before it, as SQLite finds.
    @Test func endsWhereTheLogIsDamaged() throws {
        let directory = try copy(
            Self.wal + insertion(Self.first) + insertion(Self.second) + "COPY\n")
        let whole = try directory.read(TemporaryDirectory.sqlite + "-wal")
        var generator = SplitMix64(state: 3)
        var counts: Set<Int> = []
        for round in 0..<24 {
            var log = whole
            let index = round == 0 ? 20 : Int.random(in: 0..<log.count, using: &generator)
            if round % 2 == 0 { log[index] ^= 0x40 } else { log.removeLast(log.count - index) }
            try directory.write(log, to: TemporaryDirectory.sqlite + "-wal")
            let facts = try directory.packages()
            #expect(facts.packages.count == (try expected(directory)), "\(round): \(index)")
            let nothing = ["package rpm \(TemporaryDirectory.sqlite): it lists nothing"]
            #expect(facts.failures == (facts.packages.isEmpty ? nothing : []))
            counts.insert(facts.packages.count)
        }
        #expect(counts.count > 5)
    }

    @Test func namesAJournalThatIsHot() throws {
        let directory = try copy(
            insertion(Self.second) + "PRAGMA cache_size = 1;\nBEGIN;\nUPDATE Packages SET blob = "
                + "zeroblob(2000);\nCOPY\nROLLBACK;\n")
        let facts = try directory.packages()
        #expect(facts.packages.isEmpty)
        #expect(
            facts.failures == [
                "package rpm var/lib/rpm/rpmdb.sqlite: "
                    + "it has the journal of an unfinished transaction"
            ])
        // One that was not removed after its transaction begins with zeros.
        let settled = try copy(
            "PRAGMA journal_mode = persist;\n" + insertion(Self.second) + "COPY\n")
        #expect(try settled.read(TemporaryDirectory.sqlite + "-journal").count > 100)
        #expect(try settled.packages().lines == Self.second.map(\.line))
    }

    @Test func namesALogThatMayNotBeRead() throws {
        let directory = try copy(Self.wal + insertion(Self.second) + "COPY\n")
        let log = directory.path.appending(TemporaryDirectory.sqlite + "-wal").string
        try runTool("chmod", ["0", log])
        let facts = try boundByPermissions { try directory.packages() }
        #expect(
            facts.failures == ["package rpm var/lib/rpm/rpmdb.sqlite: Permission denied"])
        #expect(facts.packages.isEmpty)
    }
}
