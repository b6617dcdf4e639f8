import TestSupport
import Testing

@testable import Host

@Suite struct HostnameTests {
    /// As each system keeps it.
    @Test(arguments: [
        ("etc/hostname", "# by hand\n\n web-01 \r\n"), ("etc/hostname", "\u{FEFF}web-01"),
        ("etc/hostname", "web-01 # the web\n"), ("etc/hostname", "web-01.\n"),
        ("etc/HOSTNAME", "web-01\n"), ("etc/nodename", "web-01\n"),
        ("etc/rc.conf", "sshd_enable=YES\nhostname=\"web-01\"\n"),
        ("etc/sysconfig/network", "NETWORKING=yes\nHOSTNAME=\"web-01\"\nGATEWAY=10.0.0.1\n"),
        ("etc/conf.d/hostname", "# Set to the hostname\nhostname=\"web-01\"\n"),
        ("etc/conf.d/hostname", "HOSTNAME='web-01'\n"), ("etc/rc.conf", "HOSTNAME=web-01\n"),
        (
            "etc/config/system",
            "config system\n\toption hostname 'web-01'\n\toption zonename 'UTC'\n"
        ),
        ("etc/config/uLinux.conf", "[Network]\nServer Name = x\n[System]\nServer Name = web-01\n"),
        ("proc/sys/kernel/hostname", "web-01\n"),
    ])
    func file(path: String, text: String) throws {
        let test = try TemporaryDirectory()
        try test.write(text, to: path)
        #expect(try Hostname.read(test.tree())?.text == "web-01")
    }

    /// Files and their names, and the name that counts.
    @Test(
        arguments: [
            (["etc/hostname": "a", "etc/HOSTNAME": "b"], "a"),
            (["etc/hostname": "localhost", "etc/HOSTNAME": "b"], "b"),
            (["etc/hostname": "pc-????", "etc/HOSTNAME": "b"], "b"),
            // A name that an image came with is the host's all the same.
            (["etc/hostname": "debian", "etc/HOSTNAME": "b"], "debian"),
            (["etc/hostname": "localhost"], "localhost"), (["etc/hostname": "pc-????"], nil),
            // The kernel's is the reader's, where it reads a host's files from a container.
            (["etc/hostname": "localhost", "proc/sys/kernel/hostname": "reader"], "localhost"),
            (["proc/sys/kernel/hostname": "(none)"], nil),
        ] as [([String: String], String?)])
    func best(files: [String: String], expected: String?) throws {
        let test = try TemporaryDirectory()
        for (path, text) in files { try test.write(text, to: path) }
        #expect(try Hostname.read(test.tree())?.text == expected)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "localhost.localdomain", "localhost6.localdomain6", "localhost6",
        "x.localhost", "linux", "linux.site", "OpenWrt", "darkstar.example.net", "unknown",
        "fedora", "raspberrypi", "debian", "DiskStation",
    ])
    func aNameThatNobodyGaveIdentifiesNoHost(name: String) throws {
        let release = Assignments(Array("DEFAULT_HOSTNAME=fedora\n".utf8))
        #expect(try #require(Hostname(name)).isDefault(release))
        let test = try TemporaryDirectory()
        try test.write("\(name)\n", to: "etc/hostname")
        try test.write("NAME=Fedora\nDEFAULT_HOSTNAME=fedora\n", to: "usr/lib/os-release")
        let host = try test.tree()
        #expect(HostFacts(host)?.host.hostID == nil)
        #expect(HostFacts(host, hostID: "x")?.host.hostname == name)
        try test.write("0123456789abcdef0123456789abcdef\n", to: "etc/machine-id")
        #expect(HostFacts(host)?.host.hostIDSource == "machine-id")
    }

    @Test(arguments: ["web-01", "linux-7", "localhost-7", "fedora.example.com", "my.linux"])
    func aNameThatSomebodyGaveDoes(name: String) throws {
        let release = Assignments(Array("DEFAULT_HOSTNAME=fedora\n".utf8))
        #expect(try !#require(Hostname(name)).isDefault(release))
    }
}
