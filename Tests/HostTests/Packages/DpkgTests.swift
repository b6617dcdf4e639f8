import Host
import TestSupport
import Testing

/// The packages of dpkg.
@Suite struct DpkgTests {
    private static let bash = """
        Package: bash
        Status: install ok installed
        Maintainer: Matthias Klose <doko@debian.org>
        Architecture: amd64
        Multi-Arch: foreign
        Source: bash-source (5.2.15-2)
        Version: 5.2.15-2+b8
        Description: GNU Bourne Again SHell
         Package: not-a-field
         .
         Status: this is text

        """

    private func status(_ state: String, name: String = "a") -> String {
        "Package: \(name)\nStatus: \(state)\nArchitecture: all\nVersion: 1\n\n"
    }

    /// Line by line what dpkg-query(1) says of this machine.
    @Test func agreesWithDpkgQueryOfThisMachine() throws {
        let format =
            #"${db:Status-Status}\tdeb\t${Package}\t${Version}\t${Architecture}\t"#
            + #"${source:Package}\t${source:Version}\t${Maintainer}\n"#
        let expected = try runTool("dpkg-query", ["--show", "--showformat", format])
            .split(separator: "\n").filter { !$0.hasPrefix("config-files\t") }
            .map { $0.split(separator: "\t").dropFirst().joined(separator: "\t") }
        try #require(expected.count > 100)
        let facts = try PackageFacts(HostTree(root: "/"))
        let lines = facts.packages.filter { $0.type == "deb" }.map { package in
            var package = package
            package.source = package.source ?? package.name
            package.sourceVersion = package.sourceVersion ?? package.version
            return package.allFields
        }
        #expect(Set(lines) == Set(expected))
        #expect(lines.count == expected.count)
        #expect(facts.sources.contains("package dpkg var/lib/dpkg/status"))
        // Sorted by the bytes of the names.
        let names = facts.packages.filter { $0.type == "deb" }.map(\.name.bytes)
        #expect(zip(names, names.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
        #expect(facts.packages.allSatisfy { $0.type != "deb" || $0.installTime != nil })
    }

    /// Names of fields and words of the status as dpkg itself takes them, and the versions of old.
    @Test func spellingsThatDpkgTakes() throws {
        let directory = try TemporaryDirectory()
        let status = """
            package: a
            status: Install OK Installed
            version: 1
            Revision: 2
            ARCHITECTURE: amd64
            maintainer: m <m@m>
            description: a

            Package : B
            Status\t:install  ok\tINSTALLED
            Version :  1-1\r
            package_revision: 3
            Architecture: all
            Maintainer: m <m@m>
            Description: b

            Package: c
            Status: install ok Config-Files
            Version: 1

            Package: d
            Status: deinstall ok half-installed
            Package-Revision: 9
            Version: 4
            Architecture: all

            """
        try directory.write(status, to: "var/lib/dpkg/status")
        try directory.write("", to: "var/lib/dpkg/available")
        let known = try runTool(
            "dpkg-query",
            [
                "--admindir", directory.path.appending("var/lib/dpkg").string, "--show",
                "--showformat", "${Package} ${Version} ${Architecture}\n", "a", "b", "d",
            ])
        let facts = try directory.packages()
        #expect(facts.failures == [])
        #expect(facts.lines == known.split(separator: "\n").map(String.init))
        #expect(facts.lines == ["a 1-2 amd64", "b 1-1-3 all", "d 4 all"])
    }

    @Test func readsTheFields() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.bash, to: "var/lib/dpkg/status")
        let facts = try directory.packages()
        #expect(
            facts.packages.map(\.allFields) == [
                "deb\tbash\t5.2.15-2+b8\tamd64\tbash-source\t5.2.15-2\tMatthias Klose <doko@debian.org>"
            ])
        #expect(facts.packages.first?.installTime == nil)
        #expect(facts.sources == ["package dpkg var/lib/dpkg/status"])
        #expect(facts.failures == [])
    }

    @Test(arguments: [
        ("install ok installed", true), ("hold ok installed", true),
        ("deinstall ok installed", true), ("install reinstreq half-installed", true),
        ("install ok unpacked", true), ("install ok half-configured", true),
        ("install ok triggers-awaited", true), ("install ok triggers-pending", true),
        ("deinstall ok config-files", false), ("purge ok not-installed", false),
        ("unknown ok not-installed", false),
    ]) func countsWhatIsThere(_ state: String, _ isThere: Bool) throws {
        let directory = try TemporaryDirectory()
        try directory.write(status(state), to: "var/lib/dpkg/status")
        let facts = try directory.packages()
        #expect(facts.lines == (isThere ? ["a 1 all"] : []))
        let status = "package dpkg var/lib/dpkg/status"
        #expect(facts.sources == (isThere ? [status] : []))
        #expect(facts.failures == (isThere ? [] : [status + ": it lists nothing"]))
    }

    /// dpkg writes a list for each architecture of a package that may have several.
    @Test func findsWhenItWasInstalled() throws {
        let directory = try TemporaryDirectory()
        let text = """
            Package: libc6
            Status: install ok installed
            Architecture: i386
            Multi-Arch: same
            Version: 2.36

            """
        try directory.write(text + "\n" + Self.bash, to: "var/lib/dpkg/status")
        for (name, time) in [("libc6:i386", "@1700000000"), ("bash", "@4500000000")] {
            let list = "var/lib/dpkg/info/\(name).list"
            try directory.write([], to: list)
            try runTool("touch", ["--date", time, directory.path.appending(list).string])
        }
        let times = try directory.packages().packages.map(\.installTime)
        #expect(times == [4_500_000_000, 1_700_000_000])
    }

    /// What dpkg has not written to the status file yet, in the order of the names.
    @Test func takesChangesOfTheJournal() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            status("install ok installed", name: "a") + status("install ok installed", name: "b")
                + status("install ok installed", name: "c"),
            to: "var/lib/dpkg/status")
        let updates = "var/lib/dpkg/updates"
        try directory.write(status("deinstall ok config-files", name: "b"), to: updates + "/0000")
        try directory.write(
            "Package: c\nStatus: install ok installed\nVersion: 1.5\nArchitecture: all\n",
            to: updates + "/0001")
        try directory.write(
            "Package: c\nStatus: install ok installed\nVersion: 2\nArchitecture: all\n",
            to: updates + "/0002")
        try directory.write(status("install ok installed", name: "d"), to: updates + "/tmp.i")
        #expect(try directory.packages().lines == ["a 1 all", "c 2 all"])
    }

    /// Images without dpkg have the control files, and digests beside them.
    @Test func readsImages() throws {
        let directory = try TemporaryDirectory()
        let file = "Package: tzdata\nVersion: 2024a\nArchitecture: all\nMaintainer: m"
        try directory.write(file, to: "var/lib/dpkg/status.d/tzdata")
        try directory.write("x  usr/share/zoneinfo\n", to: "var/lib/dpkg/status.d/tzdata.md5sums")
        let facts = try directory.packages()
        #expect(facts.lines == ["tzdata 2024a all"])
        #expect(facts.sources == ["package dpkg var/lib/dpkg/status.d"])
    }

    @Test(arguments: [
        (bash + "\nPackage: cut", "it is truncated"),
        (bash + "\0\0\0\0\n", "it has a line that is not a field"),
        (bash + "\nVersion: 2\n", "it has an item without a name"),
        (bash + "\nPackage: b\nStatus: install ok\n", "it has a status that is not three words"),
        (bash + "\nPackage: b\nStatus: a b c\n", "it has a state that is not known"),
    ]) func namesWhatIsDamaged(_ text: String, _ reason: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "var/lib/dpkg/status")
        let facts = try directory.packages()
        #expect(facts.failures == ["package dpkg var/lib/dpkg/status: \(reason)"])
        #expect(facts.sources == [])
        #expect(facts.lines.first == "bash 5.2.15-2+b8 amd64")
    }

    @Test func namesWhatIsNoFile() throws {
        let directory = try TemporaryDirectory()
        try directory.writeSocket(to: "var/lib/dpkg/status")
        #expect(
            try directory.packages().failures
                == ["package dpkg var/lib/dpkg/status: it is not a regular file"])
    }

    @Test func namesWhatMayNotBeRead() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.bash, to: "var/lib/dpkg/status")
        try runTool("chmod", ["0", directory.path.appending("var/lib/dpkg/status").string])
        let facts = try boundByPermissions { try directory.packages() }
        #expect(facts.lines == [])
        #expect(facts.failures == ["package dpkg var/lib/dpkg/status: Permission denied"])
    }

    /// A line that is longer than the buffer, and lines that cross its end.
    @Test func readsLinesOfAnyLength() throws {
        let directory = try TemporaryDirectory()
        var text = ""
        var names: [String] = []
        for index in 100..<400 {
            let name = "p\(index)"
            names.append("\(name) 1 all")
            let depends = String(repeating: "x", count: index * index * 2)
            text += "Package: \(name)\nDepends: \(depends)\n"
            text += "Status: install ok installed\nArchitecture: all\nVersion: 1\n\n"
        }
        try directory.write(text, to: "var/lib/dpkg/status")
        let facts = try directory.packages()
        #expect(facts.lines == names)
        #expect(facts.failures == [])
    }
}
