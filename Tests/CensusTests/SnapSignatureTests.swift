import Foundation
import TestSupport
import Testing

/// `census snap` as root of a host with keys of SSH, which exist in a mount namespace only.
@Suite(.enabled("mounting is not allowed here") { try mayMount() })
struct SnapSignatureTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func bash(_ script: String) throws -> RunResult {
        try TestSupport.bash(script, in: directory, hasOwnHostKeys: true)
    }

    @Test(arguments: ["ed25519", "ecdsa"])
    func aPlainKnownHostsChecksIt(_ type: String) throws {
        let result = try bash(
            """
            ssh-keygen -q -t \(type) -N '' -f /etc/ssh/ssh_host_\(type)_key
            mkdir usb
            path=$("$census" snap -d usb 2>error) || cat error >&2
            read -r algorithm key comment </etc/ssh/ssh_host_\(type)_key.pub
            echo "[web-01]:2222,192.0.2.7 $algorithm $key" >known_hosts
            verify() {
                ssh-keygen -Y verify -f known_hosts -I "$1" -n census-snapshot@census \
                    -s "$path.sig" <"$2" 2>&1
            }
            verify 192.0.2.7 "$path" | sed 's/ with .*//'
            verify '[web-01]:2222' "$path" | sed 's/ with .*//'
            # A changed bit.
            { head -c 99 "$path"; printf '\\377'; tail -c +101 "$path"; } >changed
            cmp -s "$path" changed && echo same
            verify 192.0.2.7 changed | head -n 1 | tr -d "\\r"
            fingerprint=$(ssh-keygen -l -f /etc/ssh/ssh_host_\(type)_key.pub | cut -d ' ' -f 2)
            grep -c ", signed by $fingerprint$" error
            grep -c "\\"signature\\":\\"$fingerprint\\"" usb/custody.jsonl
            ls usb | sed 's/.*[.]jsonl/jsonl/'; stat -c %a usb/*
            "$census" snap -d usb --no-sign 2>&1 >/dev/null | grep -c signed
            "$census" snap -o - 2>error | "$census" verify - 2>/dev/null
            grep -o 'unsigned: .*' error
            """)
        #expect(
            result.output == """
                Good "census-snapshot@census" signature for 192.0.2.7
                Good "census-snapshot@census" signature for [web-01]:2222
                Signature verification failed: incorrect signature
                1
                1
                jsonl
                jsonl.gz
                jsonl.gz.sig
                600
                600
                600
                0
                complete    -: 1 snapshot
                unsigned: standard output has no place for a signature

                """, "\(result.error)")
    }

    /// Who is not root may not read the key.
    @Test(.enabled("only root can be another user", { getuid() == 0 }))
    func withoutRoot() throws {
        let result = try bash(
            """
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            chmod 755 . /etc/ssh; mkdir -m 777 open; cp "$census" open/census; cd open
            setpriv --reuid=65534 --regid=65534 --clear-groups ./census snap 2>&1 >/dev/null |
                grep -o 'unsigned: .*'
            ls *.sig 2>/dev/null
            jq -r '.signature' custody.jsonl
            """)
        #expect(
            result.output == """
                unsigned: cannot read /etc/ssh/ssh_host_ed25519_key: Permission denied
                null

                """)
    }

    /// A medium that has room for all but the signature, or for all but the snapshot, has neither.
    @Test func aFullMedium() throws {
        let result = try bash(
            """
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            mkdir usb
            for pages in $(seq 1 14); do
                mount -t tmpfs -o size=$((pages * 4))k none usb
                "$census" snap --only user -o usb/x 2>error; echo "$? $(ls usb | tr '\\n' ' ')"
                umount usb
            done | sort | uniq -c
            """)
        let lines = result.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).dropFirst()
                .joined(separator: " ")
        }
        // The path is on standard output.
        #expect(
            Set(lines) == ["0 x x.sig", "1", "usb/x"] || Set(lines) == ["0 x x.sig", "usb/x"],
            "\(result.output)")
    }

    /// Whenever it is killed, a snapshot has its signature.
    @Test func killed() throws {
        let result = try bash(
            """
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            mkdir usb
            "$census" snap --only user -d usb >/dev/null 2>&1
            for round in $(seq 60); do
                "$census" snap --only user -d usb >/dev/null 2>&1 & pid=$!
                sleep 0.0$((round / 10))$((round % 10))
                kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
            done
            for file in usb/*.jsonl.gz; do
                ssh-keygen -Y check-novalidate -n census-snapshot@census -s $file.sig <$file \
                    >/dev/null 2>&1 && echo good || echo "bad $file"
            done | sort | uniq -c
            """)
        #expect(result.output.contains(/^ *\d+ good\n$/), "\(result.output)")
        let log = CustodyChain(try directory.read("usb/custody.jsonl"))
        #expect(log.broken == [])
        #expect(log.logs.count == 1)
    }
}
