import Foundation
import Records
import SystemPackage
import TestSupport
import Testing
import Text

@testable import Host

/// The keys of SSH, against ssh-keygen(1).
@Suite struct SSHKeysTests {
    private let test: TemporaryDirectory

    init() throws { test = try TemporaryDirectory() }

    /// A key of a security token, which ssh-keygen cannot make without one.
    private static func tokenKey(_ type: String, _ parts: [[UInt8]]) -> String {
        let blob = ([Array(type.utf8)] + parts).flatMap { part in
            (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (24 - 8 * $0)) } + part
        }
        return "\(type) \(base64(blob)) a token"
    }

    /// A public key of every type, and a certificate of most.
    private func keys() throws -> [String] {
        var keys: [String] = []
        let types = [
            ("rsa", "1024"), ("rsa", "3072"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"),
            ("ed25519", "256"),
        ]
        for (index, type) in types.enumerated() {
            let file = test.path.appending("key\(index)").string
            try runTool(
                "ssh-keygen",
                [
                    "-q", "-t", type.0, "-b", type.1, "-N", "", "-C", "a comment \(index)", "-f",
                    file,
                ])
            try runTool(
                "ssh-keygen",
                [
                    "-q", "-s", test.path.appending("key0").string, "-I", "id", "-n", "a",
                    file + ".pub",
                ])
            for suffix in [".pub", "-cert.pub"] {
                let text = try contents(of: FilePath(file + suffix))
                keys.append(String(decoding: text.dropLast(), as: UTF8.self))
            }
        }
        let token = [UInt8](repeating: 7, count: 32)
        keys.append(Self.tokenKey("sk-ssh-ed25519@openssh.com", [token, Array("ssh:".utf8)]))
        return keys
    }

    /// What `ssh-keygen -l` says of a file: fingerprints in its order.
    private func fingerprints(_ file: FilePath) throws -> [String] {
        try runTool("ssh-keygen", ["-l", "-f", file.string]).split(separator: "\n").map {
            String($0.split(separator: " ")[1])
        }
    }

    @Test func agreesWithSSHKeygen() throws {
        let keys = try keys()
        let options =
            #"command="echo \"a, b\" # c",no-pty,from="10.0.0.0/8,!10.0.0.1",environment="A=b c""#
        let lines =
            ["# comment", "", "  \t"]
            + keys.enumerated().map { $0 % 2 == 0 ? $1 : "\(options) \($1)" }
            + [
                "cert-authority,principals=\"a\" \(keys[0])", "\t" + keys[2] + "\r", "junk",
                "ssh-rsa x",
            ]
        try test.write("anna:x:1000:1000::/home/anna:\n", to: "etc/passwd")
        try test.write(lines.joined(separator: "\n"), to: "home/anna/.ssh/authorized_keys")
        let facts = try test.access(.authorizedKeys)
        #expect(facts.failures == [])
        let found = facts.records.authorizedKeys
        let file = test.path.appending("home/anna/.ssh/authorized_keys")
        #expect(try found.map(\.fingerprint) == fingerprints(file))
        #expect(found.count == keys.count + 2)
        for (index, key) in keys.enumerated() {
            let words = key.split(separator: " ", maxSplits: 2)
            #expect(found[index].algorithm == words[0])
            #expect(found[index].comment?.repaired == String(words[2]))
            #expect(found[index].options?.repaired == (index % 2 == 0 ? nil : options))
            #expect(found[index].username == "anna")
            #expect(found[index].path == "/home/anna/.ssh/authorized_keys")
        }
        #expect(found[keys.count].options == "cert-authority,principals=\"a\"")
        #expect(found[keys.count + 1].comment == "a comment 1")
    }

    @Test func hostKeys() throws {
        let keys = try keys()
        for (index, key) in keys.enumerated() where !key.contains("-cert-") {
            try test.write(key + "\n", to: "etc/ssh/ssh_host_\(index)_key.pub")
            try test.write("private", to: "etc/ssh/ssh_host_\(index)_key")
        }
        try test.write(keys[1] + "\n", to: "etc/ssh/ssh_host_0_key-cert.pub")
        try test.write("private", to: "etc/ssh/ssh_host_lone_key")
        try test.write(keys[4] + "\n", to: "opt/key.pub")
        try test.write(
            "HostKey /opt/key\nhostkey=/opt/none\nHostKey \"/etc/ssh/ssh_host_0_key\"\n",
            to: "etc/ssh/sshd_config")
        let facts = try test.access(.sshHostKeys)
        var expected: [String] = []
        for name in try FileManager.default.contentsOfDirectory(
            atPath: test.path.appending("etc/ssh").string
        ).sorted() where name.hasSuffix("_key.pub") {
            expected += try fingerprints(test.path.appending("etc/ssh/\(name)"))
        }
        expected += try fingerprints(test.path.appending("opt/key.pub"))
        #expect(facts.records.hostKeys.map(\.fingerprint) == expected)
        #expect(
            facts.failures == [
                "ssh_host_key openssh etc/ssh/ssh_host_lone_key: it has no public key beside it"
            ])
    }

    /// Every place in which sshd_config(5) may have them.
    @Test func places() throws {
        let key = try keys()[10]
        try test.write(
            "anna:x:1000:1000::/home/anna/:\nroot:x:0:0::/root:\nhomeless:x:5:5:::\n",
            to: "etc/passwd")
        try test.write(
            """
            # AuthorizedKeysFile none
            Include /etc/ssh/sshd_config.d/*.conf
            include extra/?.x
            AuthorizedKeysFile\t.ssh/authorized_keys "/etc/keys/%u" # comment
            Match User anna
                authorizedkeysfile=%h/%U%%
            Match all
                AuthorizedKeysFile none
            """, to: "etc/ssh/sshd_config")
        try test.write(
            "AuthorizedKeysFile /etc/ssh/of-all\nInclude /etc/ssh/sshd_config\n",
            to: "etc/ssh/sshd_config.d/a.conf")
        try test.write("AuthorizedKeysFile no\n", to: "etc/ssh/sshd_config.d/b.cfg")
        try test.write("AuthorizedKeysFile keys\n", to: "etc/ssh/extra/1.x")
        let paths = [
            "home/anna/.ssh/authorized_keys", "home/anna/.ssh/authorized_keys2", "etc/keys/anna",
            "home/anna/1000%", "etc/ssh/of-all", "root/keys", "root/no", "home/anna/no",
            "etc/dropbear/authorized_keys",
        ]
        for path in paths { try test.write(key, to: path) }
        let facts = try test.access(.authorizedKeys)
        let found = Set(
            facts.records.authorizedKeys.map { "\($0.username.repaired) \($0.path!.repaired)" })
        #expect(
            found == [
                "anna /home/anna/.ssh/authorized_keys", "anna /home/anna/.ssh/authorized_keys2",
                "anna /etc/keys/anna", "anna /home/anna/1000%", "anna /etc/ssh/of-all",
                "root /root/keys", "root /etc/ssh/of-all", "homeless /etc/ssh/of-all",
                "root /etc/dropbear/authorized_keys",
            ])
        #expect(found.count == facts.records.authorizedKeys.count)
        #expect(facts.failures == [])
    }

    /// A user can put anything there: nothing of it is opened but a regular file of the tree.
    @Test func whatIsNoFile() throws {
        try test.write("a:x:1:1::/a:\nb:x:2:2::/b:\nc:x:3:3::/c:\nd:x:4:4::/d:\n", to: "etc/passwd")
        try runTool("mkfifo", [try test.prepare("a/.ssh/authorized_keys").string])
        try test.link("b/.ssh/authorized_keys", to: "/dev/watchdog")
        try test.writeSocket(to: "dev/watchdog")
        try test.link("c/.ssh/authorized_keys", to: "../../../../../../../etc/passwd")
        try test.write([UInt8](repeating: 0x61, count: 2 << 20), to: "d/.ssh/authorized_keys")
        try test.link("d/.ssh/authorized_keys2", to: "authorized_keys2")
        let facts = try test.access(.authorizedKeys)
        #expect(facts.records.authorizedKeys == [])
        #expect(
            facts.failures == [
                "authorized_key openssh a/.ssh/authorized_keys: it is not a regular file",
                "authorized_key openssh b/.ssh/authorized_keys: it is not a regular file",
                "authorized_key openssh d/.ssh/authorized_keys: it is too large",
                "authorized_key openssh d/.ssh/authorized_keys2: "
                    + "Too many levels of symbolic links",
            ])
    }

    @Test(arguments: [
        "ssh-rsa", "ssh-rsa AAAA", "ssh-rsa AAAAB3NzaC1yc2E", "ssh-dss AAAAB3NzaC1yc2E=",
        "AAAAB3NzaC1yc2E=", "\"ssh-rsa AAAAB3NzaC1yc2E=", "x\\", "\"", "ssh-rsa =AAAB3NzaC1yc2E=",
        "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t",
        "1024 35 1234567890 old", "ssh-rsa ////////",
    ])
    func whatIsNoKey(line: String) throws {
        try test.write("a:x:1:1::/a:\n", to: "etc/passwd")
        try test.write(line, to: "a/.ssh/authorized_keys")
        let facts = try test.access(.authorizedKeys)
        #expect(facts.records.authorizedKeys == [])
        #expect(facts.failures == [])
    }

    /// A home on a server that does not answer would stop everything.
    @Test func homesOnTheNetwork() {
        let mounts = """
            /dev/sda1 / ext4 rw 0 0
            server:/home /home nfs4 rw 0 0
            /etc/auto.net /net autofs rw 0 0
            //nas/x /srv/nas cifs rw 0 0
            tmpfs /homes tmpfs rw 0 0
            nfs /a tmpfs rw 0 0
            short
            """
        let remote = remoteMounts(Array(mounts.utf8))
        #expect(remote == ["home", "net", "srv/nas"].map { Array($0.utf8) })
        func isRemote(_ path: String) -> Bool { isBelow(Array(path.utf8), remote) }
        #expect(isRemote("home/anna/.ssh/authorized_keys") && isRemote("home") && isRemote("net/a"))
        #expect(!isRemote("homes/anna") && !isRemote("root") && !isRemote("hom") && !isRemote(""))
        #expect(remoteMounts([]) == [])
    }
}
