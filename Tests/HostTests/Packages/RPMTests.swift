import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing
import Text

/// The headers of rpm, and what rpm itself wrote.
@Suite struct RPMTests {
    /// What `RPMHost.query` says of the same.
    private func lines(_ packages: [PackageRecord]) -> [String] {
        packages.map { package in
            let version = package.version?.repaired ?? ""
            let release = version.split(separator: ":").last.map(String.init) ?? ""
            let source = package.source?.repaired ?? package.name.repaired
            let sourceVersion = package.sourceVersion?.repaired ?? release
            return [
                "rpm", package.name.repaired, version, package.arch?.repaired ?? "(none)",
                "\(source)-\(sourceVersion).src.rpm", package.publisher?.repaired ?? "(none)",
                package.installTime.map { "\($0)" } ?? "(none)",
            ].joined(separator: "\t")
        }.sorted()
    }

    @Test func agreesWithRPM() throws {
        let host = try RPMHost.shared.get()
        let expected = try RPMHost.query(host.root)
        try #require(expected.count == 8)
        let facts = try PackageFacts(HostTree(root: host.root.string))
        #expect(lines(facts.packages) == expected)
        #expect(facts.sources == ["package rpm var/lib/rpm/rpmdb.sqlite"])
        #expect(facts.failures == [])
    }

    @Test func agreesWithRPMOfBerkeley() throws {
        let host = try RPMHost.shared.get()
        let directory = try TemporaryDirectory()
        try writeBerkeley(host.headers(), to: directory.prepare("var/lib/rpm/Packages"))
        let expected = try RPMHost.query(directory.path, backend: "bdb_ro")
        #expect(expected == (try RPMHost.query(host.root)))
        #expect(lines(try directory.packages().packages) == expected)
    }

    @Test func agreesWithRPMOfNDB() throws {
        let host = try RPMHost.shared.get()
        let directory = try TemporaryDirectory()
        try directory.write(ndb(host.headers()), to: "usr/lib/sysimage/rpm/Packages.db")
        let facts = try directory.packages()
        #expect(lines(facts.packages) == (try RPMHost.query(host.root)))
        #expect(facts.sources == ["package rpm usr/lib/sysimage/rpm/Packages.db"])
    }

    @Test func readsTheFields() throws {
        let directory = try TemporaryDirectory()
        var none = TestPackage(name: "gpg-pubkey", version: "aabbccdd", release: "5e3006fb")
        (none.arch, none.vendor, none.sourceRPM) = (nil, nil, nil)
        let packages = [
            none,
            TestPackage(name: "same", sourceRPM: "same-1.0-1.src.rpm"),
            TestPackage(name: "other", epoch: 0, sourceRPM: "a-b-2-3.el9.nosrc.rpm"),
            TestPackage(name: "strange", sourceRPM: "strange"),
        ]
        try directory.write(ndb(packages.map(\.header)), to: "var/lib/rpm/Packages.db")
        #expect(
            try directory.packages().packages.map(\.allFields) == [
                "rpm\tgpg-pubkey\taabbccdd-5e3006fb\t-\t-\t-\t-",
                "rpm\tother\t0:1.0-1\tx86_64\ta-b\t2-3.el9\tTest",
                "rpm\tsame\t1.0-1\tx86_64\t-\t-\tTest",
                "rpm\tstrange\t1.0-1\tx86_64\t-\t-\tTest",
            ])
    }

    /// Fedora and SUSE have it in `usr`, with a link at the old place.
    @Test(arguments: ["usr/lib/sysimage/rpm", "usr/share/rpm"]) func countsALinkOnce(
        _ place: String
    ) throws {
        let directory = try TemporaryDirectory()
        try directory.write(ndb([]), to: place + "/Packages.db")
        try directory.link("var/lib/rpm", to: "/" + place)
        #expect(
            try directory.packages().failures
                == ["package rpm \(place)/Packages.db: it lists nothing"])
        try directory.write(ndb([TestPackage(name: "a").header]), to: place + "/Packages.db")
        let facts = try directory.packages()
        #expect(facts.lines == ["a 1.0-1 x86_64"])
        #expect(facts.sources == ["package rpm \(place)/Packages.db"])
    }

    /// A newer rpm that looked at an old database made an empty one beside it.
    @Test func readsTheFormThatHasPackages() throws {
        let directory = try TemporaryDirectory()
        try directory.createPackages()
        try writeBerkeley(
            [TestPackage(name: "a").header], to: directory.prepare("var/lib/rpm/Packages"))
        let facts = try directory.packages()
        #expect(facts.lines == ["a 1.0-1 x86_64"])
        #expect(
            facts.sources == [
                "package rpm var/lib/rpm/rpmdb.sqlite", "package rpm var/lib/rpm/Packages",
            ])
    }

    /// Each field of a header that lies: the number of entries, of bytes, an offset, a type, a count.
    @Test(arguments: [0, 4, 8 + 4, 8 + 8, 8 + 12]) func namesADamagedHeader(_ offset: Int) throws {
        let directory = try TemporaryDirectory()
        var header = TestPackage(name: "damaged").header
        let lie = bytes(of: offset == 8 + 12 ? 0 : 0x7FFF_FFF0, isBigEndian: true)
        header.replaceSubrange(offset..<offset + 4, with: lie)
        let sound = TestPackage(name: "sound").header
        try directory.write(ndb([header, sound]), to: "var/lib/rpm/Packages.db")
        let facts = try directory.packages()
        #expect(facts.lines == ["sound 1.0-1 x86_64"])
        #expect(
            facts.failures == ["package rpm var/lib/rpm/Packages.db: it has a damaged header"])
    }

    /// Of two entries with one tag the later one counts: rpm adds those that change.
    @Test func takesTheLaterEntry() throws {
        let directory = try TemporaryDirectory()
        var header = TestPackage(name: "a", vendor: nil, sourceRPM: nil).header
        // The architecture's entry becomes a second one of the version's tag.
        let place = 8 + 16 * 4
        #expect(Array(header[place..<place + 4]) == bytes(of: 1022, isBigEndian: true))
        header.replaceSubrange(place..<place + 4, with: bytes(of: 1001, isBigEndian: true))
        try directory.write(ndb([header]), to: "var/lib/rpm/Packages.db")
        #expect(try directory.packages().lines == ["a x86_64-1 -"])
    }

    @Test func namesWhatMayNotBeRead() throws {
        let directory = try TemporaryDirectory()
        try directory.write(ndb([]), to: "var/lib/rpm/Packages.db")
        try runTool("chmod", ["0", directory.path.appending("var/lib/rpm/Packages.db").string])
        let facts = try boundByPermissions { try directory.packages() }
        #expect(facts.failures == ["package rpm var/lib/rpm/Packages.db: Permission denied"])
        try runTool("chmod", ["0", directory.path.appending("var/lib/rpm").string])
        let none = try boundByPermissions { try directory.packages() }
        #expect(none.failures.contains("package rpm var/lib/rpm/Packages.db: Permission denied"))
        try runTool("chmod", ["700", directory.path.appending("var/lib/rpm").string])
    }
}
