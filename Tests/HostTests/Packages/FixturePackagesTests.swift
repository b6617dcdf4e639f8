import Host
import TestSupport
import Testing

/// The packages of the trees under `fixtures/hosts`.
private struct Expected: CustomTestStringConvertible {
    let tree: String
    let sources: [String]
    /// Type, name, version and architecture.
    let packages: [String]

    var testDescription: String { tree }
}

private let expectations = [
    Expected(
        tree: "alpine-openrc-x86_64",
        sources: [
            "apk lib/apk/db/installed"
        ],
        packages: [
            "apk alpine-baselayout 3.4.3-r2 x86_64",
            "apk busybox 1.36.1-r15 x86_64",
            "apk busybox-binsh 1.36.1-r15 x86_64",
            "apk musl 1.2.4_git20230717-r4 x86_64",
            "apk openrc 0.52.1-r1 x86_64",
        ]),
    Expected(
        tree: "arch-rolling-container",
        sources: [
            "pacman var/lib/pacman/local"
        ],
        packages: [
            "pacman licenses 20240728-1 x86_64",
            "pacman linux 6.12.1.arch1-1 x86_64",
            "pacman pacman 7.0.0.r3.g7736133-1 x86_64",
            "pacman systemd-libs 256.8-2 x86_64",
            "pacman tzdata 2024b-2 x86_64",
        ]),
    Expected(
        tree: "debian-12-x86_64",
        sources: [
            "dpkg var/lib/dpkg/status",
            "dpkg var/lib/dpkg/updates",
        ],
        packages: [
            "deb bash 5.2.15-2+b8 amd64",
            "deb libc6 2.36-9+deb12u9 amd64",
            "deb libc6 2.36-9+deb12u9 i386",
            "deb linux-image-6.1.0-28-amd64 6.1.119-1 amd64",
            "deb nginx 1.22.1-9 amd64",
            "deb openssh-server 1:9.2p1-2+deb12u3 amd64",
            "deb tzdata 2024b-0+deb12u1 all",
        ]),
    Expected(
        tree: "gentoo-slackware",
        sources: [
            "portage var/db/pkg",
            "slackware var/lib/pkgtools/packages",
        ],
        packages: [
            "portage app-editors/vim-core 9.1.0794 -",
            "portage media-libs/x264 0.0.20240314 -",
            "portage sys-apps/portage 3.0.66.1-r1 -",
            "slackware aaa_base 15.0-3 x86_64",
            "slackware htop 3.1.2-1_SBo x86_64",
            "slackware xf86-video-ati 19.1.0-5 x86_64",
        ]),
    Expected(
        tree: "ibm-z15-s390x",
        sources: [
            "rpm var/lib/rpm/Packages"
        ],
        packages: [
            "rpm bash 4.4-19.6.1 s390x",
            "rpm glibc 2.31-150300.9.3.2 s390x",
            "rpm kernel-default 5.3.18-150300.59.1 s390x",
        ]),
    Expected(
        tree: "opensuse-ndb",
        sources: [
            "rpm usr/lib/sysimage/rpm/Packages.db"
        ],
        packages: [
            "rpm bind-utils 1:9.20.3-1.1 x86_64",
            "rpm libzypp 17.35.12-1.2 x86_64",
            "rpm zypper 1.14.78-1.1 x86_64",
        ]),
    Expected(
        tree: "ostree-desktop-x86_64",
        sources: [
            "flatpak var/lib/flatpak/app",
            "flatpak var/lib/flatpak/runtime",
            "rpm usr/share/rpm/rpmdb.sqlite",
        ],
        packages: [
            "flatpak org.freedesktop.Platform 24.08 x86_64",
            "flatpak org.gimp.GIMP 2.10.38 x86_64",
            "rpm alpha 1.0-1 x86_64",
            "rpm gamma 0:0-0 noarch",
            "rpm p1 1.1-1.fc noarch",
        ]),
    Expected(
        tree: "rhel-5-i686",
        sources: [
            "rpm var/lib/rpm/Packages"
        ],
        packages: [
            "rpm bash 3.2-33.el5_11.4 i386",
            "rpm bind-libs 30:9.3.6-25.P1.el5_11.9 i386",
            "rpm glibc-common 2.5-123.el5_11.3 i386",
            "rpm gpg-pubkey 37017186-45761324 -",
            "rpm kernel 2.6.18-398.el5 i686",
        ]),
    Expected(
        tree: "sles-11-disk",
        sources: [
            "rpm var/lib/rpm/Packages"
        ],
        packages: [
            "rpm bash 3.2-147.9.13 x86_64",
            "rpm zypper 1.3.7-0.1 x86_64",
        ]),
    Expected(
        tree: "ubuntu-25.10-logind",
        sources: [
            "dpkg var/lib/dpkg/status",
            "snap var/lib/snapd/snaps",
        ],
        packages: [
            "deb snapd 2.72+ubuntu25.10 amd64",
            "deb sudo-rs 0.2.8-1ubuntu5 amd64",
            "snap core24 - -",
            "snap firefox 144.0.2-1 -",
        ]),
]

@Suite struct FixturePackagesTests {
    @Test(arguments: expectations)
    private func fixture(_ expected: Expected) throws {
        let facts = try PackageFacts(fixtureTree(expected.tree))
        #expect(facts.packages.map { "\($0.type) \($0.line)" } == expected.packages)
        #expect(facts.sources == expected.sources.map { "package \($0)" })
        #expect(facts.failures == [])
    }
}
