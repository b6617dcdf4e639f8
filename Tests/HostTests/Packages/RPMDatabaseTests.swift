import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing

/// The forms of rpm's database: sizes of pages, large values, damage.
@Suite struct RPMDatabaseTests {
    private static let ndbPath = "var/lib/rpm/Packages.db"
    private static let berkeleyPath = "var/lib/rpm/Packages"

    // MARK: SQLite

    @Test(arguments: [512, 1024, 4096, 65536]) func readsSQLite(_ pageSize: Int) throws {
        let directory = try TemporaryDirectory()
        let packages = TestPackage.many(500)
        try directory.createPackages(pageSize: pageSize)
        try directory.runSQL("BEGIN;\n" + insertion(packages) + "COMMIT;")
        let facts = try directory.packages()
        #expect(facts.lines == packages.map(\.line))
        #expect(facts.failures == [])
        // Pages that are free, and a tree that is not full.
        try directory.runSQL("DELETE FROM Packages WHERE hnum % 3 > 0;")
        #expect(
            try directory.packages().lines
                == stride(from: 2, to: 500, by: 3).map {
                    packages[$0].line
                })
    }

    @Test func namesADatabaseOfAnotherForm() throws {
        let directory = try TemporaryDirectory()
        let name = "package rpm var/lib/rpm/rpmdb.sqlite: "
        try directory.runSQL("CREATE TABLE Other (a);")
        #expect(try directory.packages().failures == [name + "it does not have the table"])
        try directory.write([], to: TemporaryDirectory.sqlite)
        #expect(try directory.packages().failures == [name + "it is truncated"])
        try directory.write([UInt8](repeating: 65, count: 5000), to: TemporaryDirectory.sqlite)
        #expect(try directory.packages().failures == [name + "its format is unknown"])
        try directory.write([], to: TemporaryDirectory.sqlite)
        try directory.runSQL("PRAGMA encoding = 'UTF-16'; CREATE TABLE Packages (hnum, blob);")
        #expect(try directory.packages().failures == [name + "its format is unknown"])
    }

    // MARK: ndb

    @Test func readsNDB() throws {
        let directory = try TemporaryDirectory()
        let packages = TestPackage.many(600)
        // A slot in ten is free; there are three pages of them.
        var headers: [[UInt8]?] = packages.map(\.header)
        for index in stride(from: 0, to: 600, by: 10) { headers[index] = nil }
        try directory.write(ndb(headers), to: Self.ndbPath)
        let facts = try directory.packages()
        #expect(facts.lines == packages.indices.filter { $0 % 10 > 0 }.map { packages[$0].line })
        #expect(facts.failures == [])
    }

    @Test(arguments: [
        (4096, "it has a damaged page"), (4096 + 4, "it has a damaged page"),
        (4096 + 12, "it has a damaged page"), (32, "it has a damaged page"),
        (36, "it has a damaged page"), (32 + 8, "it has a damaged page"),
        (4, "its format is unknown"), (12, "it is truncated"),
    ]) func namesDamageOfNDB(_ offset: Int, _ reason: String) throws {
        let directory = try TemporaryDirectory()
        var file = ndb([TestPackage(name: "damaged").header, TestPackage(name: "sound").header])
        file.replaceSubrange(offset..<offset + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
        try directory.write(file, to: Self.ndbPath)
        let facts = try directory.packages()
        #expect(facts.lines == (offset < 32 ? [] : ["sound 1.0-1 x86_64"]))
        #expect(facts.failures == ["package rpm \(Self.ndbPath): \(reason)"])
    }

    // MARK: Berkeley DB

    @Test(arguments: [512, 4096, 65536], [1234, 4321])
    func readsBerkeley(_ pageSize: Int, _ byteOrder: Int) throws {
        let directory = try TemporaryDirectory()
        let packages = TestPackage.many(400)
        try writeBerkeley(
            packages.map(\.header), to: directory.prepare(Self.berkeleyPath), pageSize: pageSize,
            byteOrder: byteOrder)
        let facts = try directory.packages()
        #expect(facts.lines == packages.map(\.line))
        #expect(facts.failures == [])
        #expect(facts.sources == ["package rpm \(Self.berkeleyPath)"])
    }

    @Test func namesABerkeleyOfAnotherForm() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.prepare(Self.berkeleyPath)
        let dump = "VERSION=3\nformat=bytevalue\ntype=btree\nHEADER=END\n 00\n 00\nDATA=END\n"
        try runTool("db5.3_load", [file.string], input: dump)
        let name = "package rpm \(Self.berkeleyPath): "
        #expect(try directory.packages().failures == [name + "its format is unknown"])
    }

    // MARK: Cycles

    /// A tree whose root is a child of its own.
    @Test func endsInACycleOfSQLite() throws {
        let directory = try TemporaryDirectory()
        try directory.createPackages(pageSize: 512)
        try directory.runSQL("BEGIN;\n" + insertion(TestPackage.many(200)) + "COMMIT;")
        let text = try directory.runSQL(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'Packages';")
        let root = try #require(UInt32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        var file = try directory.read(TemporaryDirectory.sqlite)
        let start = Int(root - 1) * 512
        try #require(file[start] == 5)
        file.replaceSubrange(start + 8..<start + 12, with: bytes(of: root, isBigEndian: true))
        try directory.write(file, to: TemporaryDirectory.sqlite)
        let facts = try directory.packages()
        #expect(facts.failures.count == 1)
        #expect(100...400 ~= facts.packages.count)
    }

    /// Slots that all have one header.
    @Test func endsWhereSlotsOverlap() throws {
        let directory = try TemporaryDirectory()
        var file = ndb([TestPackage(name: "a", size: 20_000).header])
        for slot in stride(from: 48, to: 4096, by: 16) {
            file.replaceSubrange(slot..<slot + 16, with: file[32..<48])
        }
        try directory.write(file, to: Self.ndbPath)
        let facts = try directory.packages()
        #expect(facts.packages.count == 1)
        #expect(facts.failures == ["package rpm \(Self.ndbPath): it has a damaged page"])
    }

    /// A page of a large value that follows itself.
    @Test func endsInACycleOfBerkeley() throws {
        let directory = try TemporaryDirectory()
        try writeBerkeley(
            TestPackage.many(50, large: 5000).map(\.header),
            to: directory.prepare(Self.berkeleyPath), pageSize: 512)
        var file = try directory.read(Self.berkeleyPath)
        for start in stride(from: 512, to: file.count, by: 512)
        where file[start + 25] == 7 && file[start + 16] > 0 {
            file.replaceSubrange(start + 16..<start + 20, with: file[start + 8..<start + 12])
        }
        try directory.write(file, to: Self.berkeleyPath)
        let facts = try directory.packages()
        #expect(facts.failures.count == 1)
        #expect(5...49 ~= facts.packages.count)
    }

    // MARK: Damage

    enum Form: CaseIterable {
        case sqlite, ndb, littleBerkeley, bigBerkeley

        var path: String {
            switch self {
            case .sqlite: TemporaryDirectory.sqlite
            case .ndb: ndbPath
            case .littleBerkeley, .bigBerkeley: berkeleyPath
            }
        }

        /// A database, in pages of 512 bytes where there is a choice.
        func write(_ packages: [TestPackage], _ directory: TemporaryDirectory) throws {
            switch self {
            case .sqlite:
                try directory.createPackages(pageSize: 512)
                try directory.runSQL("BEGIN;\n" + insertion(packages) + "COMMIT;")
            case .ndb:
                try directory.write(HostTests.ndb(packages.map(\.header)), to: path)
            case .littleBerkeley, .bigBerkeley:
                try writeBerkeley(
                    packages.map(\.header), to: directory.prepare(path), pageSize: 512,
                    byteOrder: self == .bigBerkeley ? 4321 : 1234)
            }
        }
    }

    /// A file that was not copied whole: what is in the first part is there, and it is named.
    @Test(arguments: Form.allCases) func readsThePartThatIsThere(_ form: Form) throws {
        let directory = try TemporaryDirectory()
        let packages = TestPackage.many(200, large: 5000)
        try form.write(packages, directory)
        let whole = try directory.read(form.path)
        for count in [100, 600, 4200, whole.count / 2, whole.count - 600] {
            try directory.write(whole[..<count], to: form.path)
            let facts = try directory.packages()
            #expect(facts.sources == [], "\(count)")
            #expect(facts.failures.count == 1)
            #expect(Set(facts.lines).isSubset(of: packages.map(\.line)))
            if count > whole.count * 9 / 10 { #expect(facts.lines.count > 10, "\(count)") }
        }
    }

    /// Whatever byte is another one, reading ends, and most packages are there.
    @Test(arguments: Form.allCases) func endsWithAnyByteChanged(_ form: Form) throws {
        let directory = try TemporaryDirectory()
        let packages = TestPackage.many(40, large: 3000)
        try form.write(packages, directory)
        let whole = try directory.read(form.path)
        var generator = SplitMix64(state: 7)
        var isRead = 0
        for round in 0..<400 {
            var file = whole
            // Half of the time where the file's own structure is.
            let end = round % 2 == 0 ? min(5000, file.count) : file.count
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<end, using: &generator)
                file[index] = [0, 0xFF, 0x80, file[index] ^ 1, file[index] &+ 1]
                    .randomElement(using: &generator)!
            }
            try directory.write(file, to: form.path)
            let facts = try directory.packages()
            #expect(facts.packages.count <= 60)
            if facts.packages.count >= 30 { isRead += 1 }
        }
        #expect(isRead > 100)
    }
}
