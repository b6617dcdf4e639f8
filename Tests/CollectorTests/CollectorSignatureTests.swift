import Foundation
import SystemPackage
import TestSupport
import Testing

/// The signatures of collectors, on a host with keys of SSH, which exist in a mount namespace only.
@Suite struct CollectorSignatureTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Runs a script that takes snapshots with `"${snap[@]}"`.
    private func bash(_ collector: String, _ script: String) throws -> RunResult {
        try TestSupport.bash(
            SamenessTests.variable(collector) + script, in: directory, hasOwnHostKeys: true)
    }

    @Test(
        .enabled("mounting is not allowed here") { try mayMount() },
        arguments: SamenessTests.collectors)
    func sshKeygenAcceptsIt(_ collector: String) throws {
        let result = try bash(
            collector,
            """
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            path=$("${snap[@]}" -d usb 2>error)
            grep -oE '(un)?signed.*' error | sed 's/SHA256:.*/KEY/'
            [ -e "$path.sig" ] || exit
            read -r algorithm key comment </etc/ssh/ssh_host_ed25519_key.pub
            echo "web-01,[web-01]:2222 $algorithm $key" >known_hosts
            verify() {
                ssh-keygen -Y verify -f known_hosts -I '[web-01]:2222' -n census-snapshot@census \
                    -s "$path.sig" <"$1" >/dev/null 2>&1 && echo good || echo bad
            }
            verify "$path"
            { head -c 99 "$path"; printf '\\377'; tail -c +101 "$path"; } >changed
            verify changed
            fingerprint=$(ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub | cut -d ' ' -f 2)
            grep -c ", signed by $fingerprint$" error
            jq -r .signature usb/custody.jsonl | grep -cx "$fingerprint"
            "${snap[@]}" -d usb --no-sign 2>&1 >/dev/null | grep -c 'signed'
            ls usb/*.sig | wc -l
            """)
        let signs = !SamenessTests.withoutSodium.contains(collector)
        #expect(
            result.output
                == (signs
                    ? "signed by KEY\ngood\nbad\n1\n1\n0\n1\n"
                    : "unsigned: this collector cannot sign\n"),
            "\(result.error)")
    }

    /// sshd_config leads all collectors to the same key, of whose public part there is a record.
    @Test(
        .enabled("mounting is not allowed here") { try mayMount() },
        arguments: SamenessTests.collectors)
    func theKeyThatIsConfigured(_ collector: String) throws {
        let result = try bash(
            collector,
            """
            mkdir /etc/ssh/own /etc/ssh/sshd_config.d
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            ssh-keygen -q -t ecdsa -N '' -f /etc/ssh/own/a
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/own/b
            echo 'Include /etc/ssh/sshd_config.d/*.conf' >/etc/ssh/sshd_config
            printf 'HostKey /etc/ssh/own/%s\\n' a b >/etc/ssh/sshd_config.d/keys.conf
            key=$(ssh-keygen -l -f /etc/ssh/own/b.pub | cut -d ' ' -f 2)
            for program in "$census snap" "${snap[*]}"; do
                path=$(eval "$program --only ssh_host_key -d usb" 2>error)
                grep -c ", signed by $key$" error
                zcat "$path" | grep ssh_host_key | grep -c "$key"
            done
            """)
        let signs = !SamenessTests.withoutSodium.contains(collector)
        #expect(result.output == "1\n1\n\(signs ? 1 : 0)\n1\n", "\(result.error)")
    }

    /// As `census snap` says it, but for keys of P-256.
    @Test(
        .enabled("mounting is not allowed here") { try mayMount() },
        arguments: SamenessTests.collectors)
    func reasons(_ collector: String) throws {
        let result = try bash(
            collector,
            """
            reason() { "$@" --only user -d usb 2>&1 >/dev/null | grep -oE '(un)?signed.*' | cut -c 1-90; }
            both() { reason "$census" snap; reason "${snap[@]}"; rm -f /etc/ssh/*; }
            both
            ssh-keygen -q -t rsa -b 2048 -N '' -f /etc/ssh/ssh_host_rsa_key; both
            ssh-keygen -q -t ed25519 -N secret -f /etc/ssh/ssh_host_ed25519_key; both
            ssh-keygen -q -t ecdsa -m PEM -N '' -f /etc/ssh/ssh_host_ecdsa_key; both
            ssh-keygen -q -t ecdsa -N '' -f /etc/ssh/ssh_host_ecdsa_key
            reason "${snap[@]}"
            """)
        let cannot = "unsigned: this collector cannot sign"
        let signs = !SamenessTests.withoutSodium.contains(collector)
        var expected: [String] = []
        for reason in [
            "/etc/ssh has no key of SSH", "/etc/ssh has an RSA key only",
            "/etc/ssh/ssh_host_ed25519_key is protected by a passphrase",
            "/etc/ssh/ssh_host_ecdsa_key is in the old PEM format",
        ] { expected += ["unsigned: \(reason)", signs ? "unsigned: \(reason)" : cannot] }
        expected.append(signs ? "unsigned: this collector signs with Ed25519 keys only" : cannot)
        #expect(
            result.output.split(separator: "\n").map(String.init) == expected, "\(result.error)")
    }

    /// The custody logs of collectors and of census are one.
    @Test(arguments: SamenessTests.collectors) func theLogIsTheSame(_ collector: String) throws {
        let command =
            SamenessTests.emulator(collector) + [SamenessTests.program(collector)]
        let tree = fixtures.appending("hosts/debian-12-x86_64").string
        for program in [command, [census, "snap"], command] {
            let result = try run(
                program[0], program.dropFirst() + ["--root", tree, "-d", "."], in: directory.path)
            #expect(result.status == 0, "\(result.error)")
        }
        let log = CustodyChain(try directory.read("custody.jsonl"))
        #expect(log.isWhole && log.broken == [] && log.numbers == [1, 2, 3])
        #expect(log.logs.count == 1)
        let facts = log.records.map { record in
            ["user", "host", "host_id", "generator"].map { record?[$0] as? String }
        }
        #expect(Set(facts).count == 1)
        for (file, record) in zip(log.files, log.records) {
            let sum = try run("sha256sum", [file], in: directory.path).output
            #expect(record?["sha256"] as? String == String(sum.prefix(64)))
        }
    }

    @Test(arguments: SamenessTests.collectors) func theProgramIsSmall(_ collector: String) throws {
        let size = try contents(of: FilePath(SamenessTests.program(collector))).count
        #expect(size <= 600 << 10)
    }
}
