import Records
import TestSupport
import Testing

@testable import Host

@Suite struct ReleaseFileTests {
    private func system(_ files: [String: String]) throws -> OSVersionRecord {
        let test = try TemporaryDirectory()
        for (path, text) in files { try test.write(text, to: path) }
        let tree = try test.tree()
        return OSVersionRecord(tree, OSVersionRecord.assignments(tree), kernel: nil)
    }

    /// A file as the system itself has it, name and version.
    private static let files: [(path: String, text: String, name: String, version: String?)] = [
        (
            "etc/redhat-release", "Red Hat Enterprise Linux Client release 5.11 (Tikanga)",
            "Red Hat Enterprise Linux Client", "5.11"
        ),
        ("etc/redhat-release", "CentOS Linux release 7.5.1804 (Core) ", "CentOS Linux", "7.5.1804"),
        (
            "etc/redhat-release", "Red Hat Enterprise Linux AS release 4 (Nahant Update 9)",
            "Red Hat Enterprise Linux AS", "4"
        ),
        ("etc/redhat-release", "Fedora release Rawhide (Rawhide)", "Fedora", "Rawhide"),
        ("etc/redhat-release", "XenServer release 7.1.0 (xenenterprise)", "XenServer", "7.1.0"),
        ("etc/system-release", "Amazon Linux AMI release 2017.09", "Amazon Linux AMI", "2017.09"),
        (
            "etc/enterprise-release",
            "Enterprise Linux Enterprise Linux Server release 5.5 (Carthage)",
            "Enterprise Linux Enterprise Linux Server", "5.5"
        ),
        (
            "etc/mandriva-release", "Mandriva Linux release 2010.1 (Official) for x86_64",
            "Mandriva Linux", "2010.1"
        ),
        (
            "etc/SuSE-release",
            "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 3\n",
            "SUSE Linux Enterprise Server", "11.3"
        ),
        (
            "etc/SuSE-release",
            "SUSE Linux Enterprise Server 10 (i586)\nVERSION = 10\nPATCHLEVEL = 0\n",
            "SUSE Linux Enterprise Server", "10"
        ),
        (
            "etc/SuSE-release", "openSUSE 11.4 (x86_64)\nVERSION = 11.4\nCODENAME = Celadon\n",
            "openSUSE", "11.4"
        ),
        (
            "etc/UnitedLinux-release", "UnitedLinux 1.0 (i586)\nVERSION = 1.0\nPATCHLEVEL = 3\n",
            "UnitedLinux", "1.0.3"
        ),
        (
            "etc/novell-release", "Novell Linux Desktop 9 (i586)\nVERSION = 9\n",
            "Novell Linux Desktop", "9"
        ),
        (
            "etc/lsb-release",
            "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=8.04\nDISTRIB_DESCRIPTION=\"Ubuntu 8.04.4 LTS\"\n",
            "Ubuntu", "8.04"
        ),
        (
            "etc/lsb-release", "CHROMEOS_RELEASE_NAME=Chrome OS\nCHROMEOS_RELEASE_VERSION=15.2\n",
            "Chrome OS", "15.2"
        ),
        ("etc/debian_version", "5.0.10\n", "Debian GNU/Linux", "5.0.10"),
        ("etc/debian_version", "bookworm/sid\n", "Debian GNU/Linux", "bookworm/sid"),
        ("etc/alpine-release", "3.4.6\n", "Alpine Linux", "3.4.6"),
        ("etc/slackware-version", "Slackware 13.37.0\n", "Slackware", "13.37.0"),
        ("etc/gentoo-release", "Gentoo Base System version 1.6.9\n", "Gentoo", "1.6.9"),
        ("etc/arch-release", "", "Arch Linux", "rolling"),
        ("etc/vmware-release", "VMware ESX 4.0 (Kandinsky)\n", "VMware ESX", "4.0"),
        ("etc/vmware-release", "VMware ESXi 6.7.0 Update 3\n", "VMware ESXi", "6.7.0"),
        (
            "etc/photon-release", "VMware Photon Linux v1.0 Revision 2\n", "VMware Photon Linux",
            "1.0"
        ),
        (
            "etc/openwrt_release", "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='18.06.4'\n", "OpenWrt",
            "18.06.4"
        ),
        ("system/build.prop", "ro.build.id=QP1A\nro.build.version.release=10\n", "Android", "10"),
        (
            "etc.defaults/VERSION",
            "os_name=\"DSM\"\nproductversion=\"7.2.1\"\nbuildnumber=\"69057\"\n", "Synology DSM",
            "7.2.1"
        ),
        (
            "etc.defaults/VERSION",
            "majorversion=\"4\"\nminorversion=\"1\"\nbuildnumber=\"2661\"\n", "Synology DSM", "4.1"
        ),
        (
            "etc/config/uLinux.conf",
            "[System]\nModel = TS-453A\nVersion = 4.3.6\n[x]\nVersion = 9\n", "QNAP QTS", "4.3.6"
        ),
        (
            "etc/config/uLinux.conf", "[System]\nModel = TS-h973AX\nVersion = h5.0.1\n",
            "QNAP QuTS hero", "h5.0.1"
        ),
        ("etc/version", "TrueNAS-SCALE-22.02.4\n", "TrueNAS SCALE", "22.02.4"),
        ("etc/version", "20190501123456\n", "Linux", nil),
        (
            "etc/raidiator_version", "RAIDiator!!version=4.2.31,time=1467,size=1\n",
            "NETGEAR RAIDiator", "4.2.31"
        ),
        ("VERSION", "Product: BIG-IP\nVersion: 13.1.0\nBuild: 0.0.1868\n", "BIG-IP", "13.1.0"),
        ("etc/cp-release", "Check Point Gaia R80.10\n", "Check Point Gaia", "R80.10"),
        (
            "etc/cp-release", "Check Point SecurePlatform NGX (R65) HFA_40\n",
            "Check Point SecurePlatform NGX", "R65"
        ),
        ("opt/vyatta/etc/version", "Version:      VyOS 1.1.8\n", "VyOS", "1.1.8"),
        ("etc/altlinux-release", "ALT Linux 4.0.0 Server (Bastion)\n", "ALT Linux", "4.0.0"),
        ("etc/Eos-release", "Arista Networks EOS 4.20.1F\n", "Arista Networks EOS", "4.20.1F"),
        ("etc/system-release", "IPFire 2.27 (x86_64) - core174\n", "IPFire", "2.27"),
        ("etc/lfs-release", "10.1\n", "lfs", "10.1"),
        (
            "etc/trustix-release", "Trustix Secure Linux release 2.0 (Cloud)\n",
            "Trustix Secure Linux", "2.0"
        ),
        ("etc/redhat-release", "\u{FEFF}\r\nCentOS release 6.10 (Final)\r\n", "CentOS", "6.10"),
        ("etc/pld-release", "2.0 PLD Linux (Ac)\n", "pld", "2.0"),
        ("etc/vector-version", "7.0 STD built on 20111128\n", "vector", "7.0"),
        (
            "etc/release", "Endian Firewall Community release 3.2.2\n",
            "Endian Firewall Community", "3.2.2"
        ),
        (
            "etc/release", "            Oracle Solaris 11.4 X86\n  Copyright (c) 1983, 2018\n",
            "Oracle Solaris", "11.4"
        ),
        (
            "etc/grml_version", "grml 2010.12 Release Codename Gebrannter Mandlhof [2010-12-15]\n",
            "grml", "2010.12"
        ),
        (
            "etc/asianux-release", "MIRACLE LINUX V4.0 (Asianux release 2.0)\n", "MIRACLE LINUX",
            "4.0"
        ),
        ("etc/gentoo-release", "Funtoo Linux - baselayout 2.1.8\n", "Funtoo Linux", nil),
        (
            "bin/freebsd-version", "#!/bin/sh\n#\nUSERLAND_VERSION=\"13.2-RELEASE-p3\"\n",
            "FreeBSD", "13.2"
        ),
        (
            "etc/novell-release",
            "Open Enterprise Server 11 (x86_64)\nVERSION = 11.3\nPATCHLEVEL = 3\nBUILD\n",
            "Open Enterprise Server", "11.3"
        ),
        ("etc/redhat-release", "\n", "Linux", nil),
        ("etc/redhat-release", "Some Linux\n", "Some Linux", nil),
        ("etc/lsb-release", "LSB_VERSION=core-2.0-noarch\n", "Linux", nil),
    ]

    @Test(arguments: files)
    private func file(
        _ row: (path: String, text: String, name: String, version: String?)
    ) throws {
        let system = try system([row.path: row.text])
        #expect(system.name == row.name)
        #expect(system.version == row.version)
    }

    /// Neither no file nor one with nothing in it is a system.
    @Test(arguments: [nil, "", "# x\n", "VERSION_ID=9\n"])
    func anOlderFileHasWhatOSReleaseLacks(text: String?) throws {
        var files = ["etc/redhat-release": "CentOS release 5.11 (Final)\n"]
        if let text { files["etc/os-release"] = text }
        let system = try system(files)
        #expect(system.name == "CentOS")
        #expect(system.version == (text == "VERSION_ID=9\n" ? "9" : "5.11"))
        #expect(system.platform == "centos")
        #expect(system.codename == "Final")
    }

    @Test func anEmptyFileInEtcDoesNotHideThatInUsr() throws {
        let system = try system([
            "etc/os-release": "\n", "usr/lib/os-release": "NAME=Fedora\nVERSION_ID=41\n",
        ])
        #expect(system.name == "Fedora")
    }

    /// As after a loss of power: one with nothing in it is no system that has none.
    @Test(arguments: ["", "\n", "\0\0\0\0", "# no more\n"]) func anOSReleaseOfNothing(text: String)
        throws
    {
        let test = try TemporaryDirectory()
        try test.write(text, to: "etc/os-release")
        try test.write("Debian GNU/Linux\n", to: "usr/lib/os-release")
        let form = "its format is unknown"
        #expect(
            try test.facts()?.collection.unreadable
                == ["etc/os-release: \(form)", "usr/lib/os-release: \(form)"])
        try test.write("NAME=Debian\n", to: "etc/os-release")
        #expect(try test.facts()?.collection.unreadable == nil)
    }

    /// What a distribution is made of has its file too.
    @Test(arguments: [
        (
            [
                "etc/oracle-release": "Oracle Linux Server release 5.5\n",
                "etc/redhat-release": "Red Hat Enterprise Linux Server release 5.5 (Tikanga)\n",
            ], "Oracle Linux Server"
        ),
        (
            [
                "etc/lsb-release": "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=8.04\n",
                "etc/debian_version": "lenny/sid\n",
            ], "Ubuntu"
        ),
        (
            [
                "etc/lsb-release": "LSB_VERSION=core-2.0\n",
                "etc/redhat-release": "CentOS release 5.2 (Final)\n",
            ], "CentOS"
        ),
        (
            [
                "etc/SuSE-release": "SuSE SLES-8 (i386)\nVERSION = 8.1\n",
                "etc/UnitedLinux-release": "UnitedLinux 1.0 (i586)\nVERSION = 1.0\n",
            ], "SuSE SLES-8"
        ),
        (
            [
                "etc/Eos-release": "Arista Networks EOS 4.20.1F\n",
                "etc/fedora-release": "Fedora release 18 (Spherical Cow)\n",
            ], "Arista Networks EOS"
        ),
        (
            [
                "etc/zenwalk-version": "Zenwalk 7.0\n",
                "etc/slackware-version": "Slackware 13.37.0\n",
            ], "Zenwalk"
        ),
        (
            [
                "etc/unraid-version": "version=\"6.9.2\"\n",
                "etc/slackware-version": "Slackware 14.2+\n",
            ], "Unraid OS"
        ),
        (
            [
                "etc/sabayon-release": "Sabayon Linux 11\n",
                "etc/gentoo-release": "Gentoo Base System release 2.2\n",
            ], "Sabayon Linux"
        ),
        (
            [
                "etc/ovs-release": "Oracle VM server release 3.4.6\n",
                "etc/oracle-release": "Oracle Linux Server release 6.10\n",
            ], "Oracle VM server"
        ),
        (["etc/knoppix-version": "5.1.1 2007-01-04\n", "etc/debian_version": "4.0\n"], "Knoppix"),
        (["etc/debian_version": "6.0\n", "VERSION": "Version: 3\n"], "Debian GNU/Linux"),
    ])
    func theMoreParticularCounts(files: [String: String], name: String) throws {
        #expect(try system(files).name == name)
    }

    /// `version` stays what os-release(5) has.
    @Test(
        arguments: [
            ("NAME=Debian\nID=debian\nVERSION_ID=11\n", "etc/debian_version", "11.4\n", "11.4"),
            ("NAME=Debian\nID=debian\nVERSION_ID=11\n", "etc/debian_version", "12.0\n", nil),
            (
                "NAME=\"CentOS Linux\"\nID=centos\nVERSION_ID=7\n", "etc/centos-release",
                "CentOS Linux release 7.5.1804 (Core)\n", "7.5.1804"
            ),
            (
                "NAME=\"Amazon Linux\"\nID=amzn\nVERSION_ID=2023\n", "etc/system-release",
                "Amazon Linux release 2023.6.20241010 (Amazon Linux)\n", "2023.6.20241010"
            ),
            (
                "NAME=Ubuntu\nID=ubuntu\nVERSION=\"22.04.3 LTS (Jammy)\"\nVERSION_ID=22.04\n",
                "etc/debian_version", "bookworm/sid\n", "22.04.3"
            ),
            (
                "NAME=\"Rocky Linux\"\nID=rocky\nVERSION_ID=8.5\n", "etc/redhat-release",
                "Rocky Linux release 8.5 (Green Obsidian)\n", nil
            ),
        ] as [(String, String, String, String?)])
    func pointRelease(release: String, path: String, text: String, expected: String?) throws {
        let system = try system(["etc/os-release": release, path: text])
        #expect(system.release == expected)
        #expect(system.version.map { !$0.contains("18") && !$0.contains(".3") } == true)
    }

    @Test func pointReleasesInOlderFiles() throws {
        #expect(
            try system([
                "etc/redhat-release": "Red Hat Enterprise Linux ES release 3 (Taroon Update 8)"
            ])
            .release == "3.8")
        #expect(
            try system([
                "etc/lsb-release":
                    "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=8.04\nDISTRIB_DESCRIPTION=\"Ubuntu 8.04.4 LTS\""
            ]).release == "8.04.4")
    }

    @Test(
        arguments: [
            ("etc.defaults/VERSION", "productversion=7.2\nbuildnumber=69057\n", "69057"),
            ("etc/openwrt_release", "DISTRIB_ID=OpenWrt\nDISTRIB_REVISION=r7808\n", "r7808"),
            ("build.prop", "ro.build.version.release=9\nro.build.display.id=PQ3A\n", "PQ3A"),
            ("etc/os-release", "NAME=x\nVERSION_ID=1\nBUILD_ID=b7\n", "b7"),
            ("etc/os-release", "NAME=x\nBUILD_ID=rolling\n", nil),
            (
                "etc/photon-release", "VMware Photon OS 3.0\nPHOTON_BUILD_NUMBER=a0f216d\n",
                "a0f216d"
            ),
        ] as [(String, String, String?)])
    func build(path: String, text: String, expected: String?) throws {
        #expect(try system([path: text]).build == expected)
    }
}
