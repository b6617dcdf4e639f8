import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing

/// The systems that keep a file or a directory for each package.
@Suite struct OtherPackagesTests {
    // MARK: pacman

    private static let desc = """
        %NAME%
        linux-headers

        %VERSION%
        6.6.10.arch1-1

        %BASE%
        linux

        %DESC%
        Headers and scripts for building modules for the Linux kernel

        %ARCH%
        x86_64

        %INSTALLDATE%
        1704700000

        %PACKAGER%
        Jan Alexander Steffens (heftig) <heftig@archlinux.org>

        %DEPENDS%
        pahole
        %NAME%

        """

    @Test func readsPacman() throws {
        let directory = try TemporaryDirectory()
        let local = "var/lib/pacman/local"
        try directory.write("9\n", to: local + "/ALPM_DB_VERSION")
        try directory.write(Self.desc, to: local + "/linux-headers-6.6.10.arch1-1/desc")
        try directory.write(
            "%NAME%\nbash\n\n%VERSION%\n1:5.2-1\n\n%BASE%\nbash\n", to: local + "/bash-1:5.2-1/desc"
        )
        let facts = try directory.packages()
        #expect(
            facts.packages.map(\.allFields) == [
                "pacman\tbash\t1:5.2-1\t-\t-\t-\t-",
                "pacman\tlinux-headers\t6.6.10.arch1-1\tx86_64\tlinux\t-\t"
                    + "Jan Alexander Steffens (heftig) <heftig@archlinux.org>",
            ])
        #expect(facts.packages.map(\.installTime) == [nil, 1_704_700_000])
        #expect(facts.sources == ["package pacman \(local)"])
        #expect(facts.failures == [])
    }

    @Test func namesPackagesOfPacmanThatAreDamaged() throws {
        let directory = try TemporaryDirectory()
        let local = "var/lib/pacman/local"
        try directory.write(Self.desc, to: local + "/a-1-1/desc")
        try directory.write("", to: local + "/b-1-1/desc")
        try directory.write("%NAME%\nc\n", to: local + "/c-1-1/desc")
        let facts = try directory.packages()
        #expect(facts.packages.count == 1)
        #expect(facts.sources == [])
        #expect(
            facts.failures
                == ["b", "c"].map {
                    "package pacman \(local)/\($0)-1-1/desc: it has an item without a name"
                })
    }

    /// Line by line what pacman(8) says of the same tree.
    @Test func agreesWithPacman() throws {
        let directory = try TemporaryDirectory()
        let local = "var/lib/pacman/local"
        try directory.write("9\n", to: local + "/ALPM_DB_VERSION")
        for index in 10..<60 {
            let name = index % 2 == 0 ? "lib\(index)+x" : "p-\(index)"
            let version = "\(index % 3 == 0 ? "2:" : "")\(index).1-\(index % 4 + 1)"
            try directory.write(
                "%NAME%\n\(name)\n\n%VERSION%\n\(version)\n\n%ARCH%\nany\n\n",
                to: "\(local)/\(name)-\(version)/desc")
        }
        let expected = try runTool(
            "pacman",
            [
                "--query", "--root", directory.path.string, "--dbpath",
                directory.path.appending("var/lib/pacman").string,
            ]
        ).split(separator: "\n").map { "\($0) any" }
        try #require(expected.count == 50)
        #expect(Set(try directory.packages().lines) == Set(expected))
    }

    // MARK: portage

    @Test func readsPortage() throws {
        let directory = try TemporaryDirectory()
        let root = "var/db/pkg"
        for name in [
            "sys-apps/portage-3.0.30-r1", "app-editors/vim-core-9.0.2167",
            "media-libs/x264-0.0.2023",
            "virtual/libc-1-r1", "sys-apps/-MERGING-sed-4.9", "sys-apps/.grep-3.lockfile",
            "dev-libs/gtk+-2-3.4_p5",
        ] {
            try directory.write("", to: "\(root)/\(name)/CONTENTS")
        }
        try directory.write("gentoo\n", to: "\(root)/sys-apps/portage-3.0.30-r1/repository")
        let facts = try directory.packages()
        #expect(
            facts.packages.map(\.allFields) == [
                "portage\tapp-editors/vim-core\t9.0.2167\t-\t-\t-\t-",
                "portage\tdev-libs/gtk+-2\t3.4_p5\t-\t-\t-\t-",
                "portage\tmedia-libs/x264\t0.0.2023\t-\t-\t-\t-",
                "portage\tsys-apps/portage\t3.0.30-r1\t-\t-\t-\tgentoo",
                "portage\tvirtual/libc\t1-r1\t-\t-\t-\t-",
            ])
        #expect(facts.sources == ["package portage var/db/pkg"])
        try directory.write("", to: "\(root)/sys-apps/noversion/CONTENTS")
        #expect(
            try directory.packages().failures == [
                "package portage var/db/pkg/sys-apps/noversion: it has an item without a version"
            ])
    }

    // MARK: Slackware

    @Test(arguments: ["var/lib/pkgtools/packages", "var/log/packages"])
    func readsSlackware(_ place: String) throws {
        let directory = try TemporaryDirectory()
        for name in [
            "aaa_base-15.0-x86_64-3", "xf86-video-ati-19.1.0-x86_64-5",
            "kernel-modules-5.15.19-noarch-1",
            "htop-3.1-x86_64-1_SBo", "sed-4.8-x86_64-1-upgraded-2026-01-02,10:00:00",
        ] {
            try directory.write("PACKAGE NAME: \(name)\n", to: "\(place)/\(name)")
        }
        try runTool(
            "touch",
            [
                "--date=@1700000000",
                directory.path.appending("\(place)/aaa_base-15.0-x86_64-3").string,
            ])
        if place.hasPrefix("var/lib") { try directory.link("var/log/packages", to: "/" + place) }
        let facts = try directory.packages()
        #expect(
            facts.lines == [
                "aaa_base 15.0-3 x86_64", "htop 3.1-1_SBo x86_64",
                "kernel-modules 5.15.19-1 noarch", "xf86-video-ati 19.1.0-5 x86_64",
            ])
        #expect(facts.packages.first?.installTime == 1_700_000_000)
        #expect(facts.sources == ["package slackware \(place)"])
        try directory.write("", to: "\(place)/readme")
        #expect(
            try directory.packages().failures == [
                "package slackware \(place): it has an item without a version"
            ])
    }

    // MARK: flatpak

    /// A GVariant `(ssasta{sv})` as flatpak writes it, as far as it is read.
    private func deploy(_ remote: String, version: String?) -> [UInt8] {
        var bytes = Array("\(remote)\0\(String(repeating: "c", count: 64))\0".utf8)
        while bytes.count % 8 > 0 { bytes.append(0) }
        bytes += [0, 0, 16, 0, 0, 0, 0, 0]
        guard let version else { return bytes }
        bytes += Array("appdata-name\0\0\0\0Name\0\0s\0\0".utf8)
        while bytes.count % 8 > 0 { bytes.append(0) }
        bytes += Array("appdata-version\0\(version)\0\0s".utf8)
        return bytes + [0x10, 0x20]
    }

    @Test func readsFlatpak() throws {
        let directory = try TemporaryDirectory()
        func add(_ ref: String, _ version: String?) throws {
            let place = "var/lib/flatpak/\(ref)"
            try directory.write(deploy("flathub", version: version), to: "\(place)/cafe/deploy")
            try directory.link("\(place)/active", to: "cafe")
        }
        try add("app/org.gimp.GIMP/x86_64/stable", "2.10.36")
        try directory.link("var/lib/flatpak/app/org.gimp.GIMP/current", to: "x86_64/stable")
        try add("app/org.gimp.GIMP/x86_64/beta", "2.99.18")
        try add("runtime/org.freedesktop.Platform/x86_64/23.08", nil)
        // Not deployed any more.
        try directory.write("", to: "var/lib/flatpak/app/org.gone/x86_64/stable/cafe/deploy")
        let facts = try directory.packages()
        #expect(
            facts.packages.map(\.allFields) == [
                "flatpak\torg.freedesktop.Platform\t23.08\tx86_64\t-\t-\tflathub",
                "flatpak\torg.gimp.GIMP\t2.10.36\tx86_64\t-\t-\tflathub",
                "flatpak\torg.gimp.GIMP\t2.99.18\tx86_64\t-\t-\tflathub",
            ])
        #expect(
            facts.sources == [
                "package flatpak var/lib/flatpak/app", "package flatpak var/lib/flatpak/runtime",
            ])
        #expect(facts.failures == [])
    }

    // MARK: snap

    @Test(arguments: ["snap", "var/lib/snapd/snap"]) func readsSnaps(_ mounts: String) throws {
        let directory = try TemporaryDirectory()
        for image in [
            "core22_1033.snap", "core22_1122.snap", "lxd_x1.snap", "lxd_27037.snap",
            "lxd_other_27037.snap", "partial.snap",
        ] {
            try directory.write("hsqs", to: "var/lib/snapd/snaps/\(image)")
        }
        try directory.write(
            "name: lxd\nversion: '5.20-f3dd836'\nsummary: x\n",
            to: "\(mounts)/lxd/27037/meta/snap.yaml")
        try directory.link("\(mounts)/lxd/current", to: "27037")
        let facts = try directory.packages()
        #expect(facts.lines == ["core22 - -", "lxd 5.20-f3dd836 -", "lxd_other - -"])
        #expect(facts.sources == ["package snap var/lib/snapd/snaps"])
    }

    // MARK: All

    /// Several systems on a host: by type, then by name.
    @Test func sortsByType() throws {
        let directory = try TemporaryDirectory()
        try directory.write("P:b\nV:1\nA:x\n\nP:a\nV:1\nA:x\n\n", to: "lib/apk/db/installed")
        try directory.write(
            ndb([TestPackage(name: "a").header]), to: "var/lib/rpm/Packages.db")
        let paragraph = "Status: install ok installed\nArchitecture: all\n"
        try directory.write(
            ["b", "0", "a", "é", "a-b", "ab"].map {
                "Package: \($0)\n\(paragraph)Version: 1\n\n"
            }.joined() + "Package: a\n\(paragraph)Version: 0\n", to: "var/lib/dpkg/status")
        #expect(
            try directory.packages().packages.map { "\($0.type) \($0.line)" } == [
                "apk a 1 x", "apk b 1 x", "deb 0 1 all", "deb a 0 all", "deb a 1 all",
                "deb a-b 1 all", "deb ab 1 all", "deb b 1 all", "deb é 1 all", "rpm a 1.0-1 x86_64",
            ])
    }

    /// A host without any of them says nothing.
    @Test func isSilentWithoutASource() throws {
        let directory = try TemporaryDirectory()
        try directory.write("x", to: "etc/hostname")
        let facts = try #require(try directory.facts())
        #expect(facts.collection.sources == nil)
        #expect(facts.collection.failedSources == nil)
    }

    /// A name that is no file, as a FIFO that would wait for a writer.
    @Test(arguments: [
        ("dpkg", "var/lib/dpkg/status"), ("rpm", "var/lib/rpm/rpmdb.sqlite"),
        ("apk", "lib/apk/db/installed"),
    ]) func namesWhatIsNoFile(_ source: String, _ name: String) throws {
        let directory = try TemporaryDirectory()
        try runTool("mkfifo", [directory.prepare(name).string])
        #expect(
            try directory.packages().failures == [
                "package \(source) \(name): it is not a regular file"
            ])
    }

    /// Of a host with too many packages the first are kept.
    @Test func endsAtTheLimit() throws {
        let directory = try TemporaryDirectory()
        let text = (0..<50_010).map { "P:p\($0)\nV:1\n\n" }.joined()
        try directory.write(text, to: "lib/apk/db/installed")
        let facts = try directory.packages()
        #expect(facts.packages.count == 50_000)
        #expect(facts.failures == ["package apk lib/apk/db/installed: it has too many items"])
    }
}
