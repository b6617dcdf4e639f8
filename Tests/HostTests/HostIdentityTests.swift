import Foundation
import TestSupport
import Testing

@testable import Host

// Expected ids: a UUID of version 4 made of the first 16 bytes of
//   hmac.new(key, bytes.fromhex("6f3ad8c64a534d0e9c3b7f1b5b0f2a41"), hashlib.sha256).digest()
// in Python, the key being the machine id's bytes or the hostname's. For the first machine id
//   systemd-id128 machine-id --app-specific=6f3ad8c64a534d0e9c3b7f1b5b0f2a41 -u
// of systemd 252 says the same.
@Suite struct HostIdentityTests {
    @Test(arguments: [
        ("0123456789abcdef0123456789abcdef", "e698d160-7634-4cb0-a802-d772dee9ec81"),
        ("d047292092d9bfdae2f0a9aa8497880d", "92571683-c409-4adc-8bb5-afc1d190f78c"),
        ("D047292092D9BFDAE2F0A9AA8497880D", "92571683-c409-4adc-8bb5-afc1d190f78c"),
        ("uninitialized", nil), ("", nil), ("00000000000000000000000000000000", nil),
        ("d047292092d9bfdae2f0a9aa8497880", nil), ("d047292092d9bfdae2f0a9aa8497880dd0", nil),
        ("d047292092d9bfdae2f0a9aa8497880g", nil),
        ("\u{FF10}\u{FF11}23456789abcdef0123456789abcdef", nil),
    ])
    func machineID(_ text: String, expected: String?) {
        let identity = HostIdentity(machineID: text)
        #expect(identity?.id == expected)
        #expect(identity == nil || identity?.source == .machineID)
    }

    @Test(arguments: [
        ("4C4C4544-0042-3510-8052-C4C04F503732", "4c4c4544-0042-3510-8052-c4c04f503732"),
        ("f2c1d9a4-6b3e-11eb-8d2f-3a7c9e51b204", "f2c1d9a4-6b3e-11eb-8d2f-3a7c9e51b204"),
        ("03000200-0400-0500-0006-000700080009", nil),
        ("00000000-0000-0000-0000-000000000000", nil),
        ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", nil),
        ("Not Settable", nil), ("", nil),
        ("f2c1d9a46b3e11eb8d2f3a7c9e51b204", nil),
        ("f2c1d9a46b3e11eb8d2f3a7c9e51b2040000", nil),
        ("f2c1d9a4-6b3e-11eb-8d2f-3a7c9e51b20g", nil),
    ])
    func productUUID(_ text: String, expected: String?) {
        let identity = HostIdentity(productUUID: text)
        #expect(identity?.id == expected)
        #expect(identity == nil || identity?.source == .dmi)
    }

    @Test func theBestThereIsCounts() throws {
        func identity(_ test: TemporaryDirectory, hostname: String?) throws -> HostIdentity? {
            try HostIdentity(test.tree(), hostname: hostname, isContainer: false)
        }
        let test = try TemporaryDirectory()
        #expect(try identity(test, hostname: nil) == nil)

        let byName = try identity(test, hostname: "bare-14")
        #expect(byName?.id == "d42dda40-7c9a-4257-aab4-900ec7ef2ec3")
        #expect(byName?.source == .hostname)

        try test.write(
            "F2C1D9A4-6B3E-11EB-8D2F-3A7C9E51B204\n", to: "sys/class/dmi/id/product_uuid")
        let byBoard = try identity(test, hostname: "bare-14")
        #expect(byBoard?.id == "f2c1d9a4-6b3e-11eb-8d2f-3a7c9e51b204")
        #expect(byBoard?.source == .dmi)

        try test.write("0123456789abcdef0123456789abcdef\n", to: "etc/machine-id")
        let byMachine = try identity(test, hostname: "bare-14")
        #expect(byMachine?.id == "e698d160-7634-4cb0-a802-d772dee9ec81")
        #expect(byMachine?.source == .machineID)
    }

    /// D-Bus' file counts where /etc has none, or one that is not yet made.
    @Test(arguments: [nil, "", "uninitialized\n", "00000000000000000000000000000000\n"])
    func theMachineIDOfDBus(other: String?) throws {
        let test = try TemporaryDirectory()
        if let other { try test.write(other, to: "etc/machine-id") }
        try test.write("0123456789abcdef0123456789abcdef\n", to: "var/lib/dbus/machine-id")
        let identity = try HostIdentity(test.tree(), hostname: "web-01", isContainer: false)
        #expect(identity?.id == "e698d160-7634-4cb0-a802-d772dee9ec81")
    }

    /// The kernel shows the product UUID to root only. Whoever reads, the host has one id.
    @Test func whoReadsDoesNotMatter() throws {
        let test = try TemporaryDirectory()
        try test.write(
            "F2C1D9A4-6B3E-11EB-8D2F-3A7C9E51B204\n", to: "sys/class/dmi/id/product_uuid")
        #expect(chmod(test.path.appending("sys/class/dmi/id/product_uuid").string, 0o400) == 0)
        func source(_ hostname: String?) throws -> HostIdentity.Source? {
            try HostIdentity(test.tree(), hostname: hostname, isContainer: false)?.source
        }
        #expect(try source("web-01") == .hostname)
        #expect(try boundByPermissions { try source("web-01") } == .hostname)
        // Where nothing else identifies the host, others than its owner get no id at all.
        #expect(try source(nil) == .dmi)
        if geteuid() == 0 { #expect(try boundByPermissions { try source(nil) } == nil) }
    }

    /// A container sees the board of the machine that it is on, and of its neighbours.
    @Test func aBoardIsNotAContainers() throws {
        let test = try TemporaryDirectory()
        try test.write(
            "F2C1D9A4-6B3E-11EB-8D2F-3A7C9E51B204\n", to: "sys/class/dmi/id/product_uuid")
        try test.write("3f9c2d1b0a4e\n", to: "etc/hostname")
        try test.writeProcess(1, "sh")
        #expect(try HostFacts(test.tree())?.host.hostIDSource == "hostname")
    }
}
