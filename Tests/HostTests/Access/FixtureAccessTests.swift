import Host
import SystemPackage
import TestSupport
import Testing

/// The accounts, privileges and keys of the trees under `fixtures/hosts`.
@Suite struct FixtureAccessTests {
    private func facts(_ tree: String) throws -> AccessFacts {
        let facts = AccessFacts(try fixtureTree(tree))
        #expect(facts.failures == [])
        return facts
    }

    @Test func debian() throws {
        let facts = try facts("debian-12-x86_64")
        #expect(facts.records.accounts.count == 12)
        let deploy = try #require(facts.account("deploy"))
        #expect(deploy.groups == ["adm", "deploy", "sudo"])
        #expect(deploy.hashAlgorithm == "yescrypt")
        #expect([deploy.minDays, deploy.maxDays, deploy.inactiveDays] == [1, 90, 30])
        #expect(facts.account("root")?.lastLogin == 1_700_000_000)
        let services = "/usr/bin/systemctl restart nginx, /usr/bin/systemctl reload nginx"
        #expect(
            facts.rules == [
                "root /etc/sudoers ALL=(ALL:ALL) ALL", "%sudo /etc/sudoers ALL=(ALL:ALL) ALL",
                "deploy /etc/sudoers.d/10-web ALL=(root) NOPASSWD: \(services)",
                "#33 /etc/sudoers.d/10-web ALL=(root) NOPASSWD: \(services)",
                "deploy group sudo", "release-engineering-automation01 group docker",
            ])
        #expect(
            facts.records.authorizedKeys.map { "\($0.username.repaired) \($0.algorithm)" } == [
                "deploy ssh-ed25519", "deploy ssh-rsa", "root ssh-rsa",
                "root ssh-ed25519-cert-v01@openssh.com",
            ])
        #expect(
            facts.records.hostKeys.map(\.algorithm) == [
                "ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa",
            ])
    }

    @Test func others() throws {
        #expect(
            try facts("alpine-openrc-x86_64").rules == [
                ":wheel /etc/doas.d/wheel.conf permit persist :wheel",
                "mike /etc/doas.d/wheel.conf permit nopass mike as root cmd /sbin/reboot",
                "mike group wheel",
            ])
        let old = try facts("rhel-5-i686")
        #expect(old.account("root")?.hashAlgorithm == "md5crypt")
        #expect(old.account("oracle")?.passwordStatus == "locked")
        let late = try facts("beyond-32-bits")
        #expect(late.account("root")?.lastLogin == 5_000_000_000)
        #expect(late.account("last")?.lastChange == 3_456_000_000)
        let desktop = try facts("ostree-desktop-x86_64")
        #expect(desktop.account("guest")?.hashAlgorithm == "sha512crypt")
        #expect(desktop.account("nina")?.groups == ["nina", "wheel"])
        #expect(try facts("arch-rolling-container").account("root")?.lastLogin == 1_732_700_000)
        #expect(
            try facts("openwrt-mips").records.authorizedKeys.first?.path
                == "/etc/dropbear/authorized_keys")
        #expect(
            try facts("ubuntu-25.10-logind").rules.suffix(2) == [
                "mara group sudo", "ops group lxd",
            ])
    }
}
