import Foundation
import SystemPackage
import TestSupport
import Testing

/// What collectors encrypt, stock age and census decrypt.
@Suite struct CollectorEncryptionTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try makeEncryptionKeys(in: directory.path)
    }

    /// Those with libsodium.
    static let collectors = SamenessTests.collectors.filter {
        !SamenessTests.withoutSodium.contains($0)
    }
    static let native = SamenessTests.program("linux-x86_64")

    /// Runs a script that takes snapshots with `"${snap[@]}"`.
    private func bash(
        _ collector: String, _ script: String, inMounts: Bool = false
    ) throws -> RunResult {
        try TestSupport.bash(
            SamenessTests.variable(collector) + script, in: directory, hasOwnHostKeys: inMounts)
    }

    /// Age keys and SSH keys, from options, a file with comments, and standard input with a byte order mark.
    @Test(arguments: collectors) func eachRecipientReadsTheFile(_ collector: String) throws {
        let result = try bash(
            collector,
            """
            { echo '# the desk'; age-keygen -y two.txt; printf '\\r\\n# anna\\n'; cat ssh.pub; } >keys
            path=$("${snap[@]}" --no-sign -d usb --recipient "$(age-keygen -y one.txt)" -R keys \
                2>/dev/null)
            ls usb | sed 's/.*[.]jsonl[.]/jsonl./'; stat -c %a usb/*.age
            for key in one.txt two.txt ssh; do
                age -d -i $key "$path" | gunzip | jq -r .record | head -n 1
                "$census" verify -i $key "$path" 2>/dev/null | cut -d : -f 2,3
                "$census" ingest --quiet --db $key.sqlite --identity $key "$path" 2>&1
                sqlite3 $key.sqlite 'select count(*) from Executions'
            done
            jq -r '.file, .size, .sha256' usb/custody.jsonl | tee custody | sed 1q |
                grep -c '.jsonl.gz.age$'
            stat -c %s "$path" | diff - <(sed -n 2p custody)
            sha256sum <"$path" | cut -d ' ' -f 1 | diff - <(sed -n 3p custody)
            age-keygen -o other.txt 2>/dev/null
            age -d -i other.txt "$path" 2>&1 | grep -c 'no identity matched'
            "$census" verify -i other.txt "$path" | grep -o 'for other keys than .*'
            { printf '\\xEF\\xBB\\xBF'; cat ssh.pub; } | "${snap[@]}" -o - --recipients-file=- 2>/dev/null |
                "$census" verify -i ssh - 2>/dev/null
            "${snap[@]}" -o other.bin --recipient="$(cat ssh.pub)" 2>/dev/null
            age -d -i ssh other.bin | "$census" verify - 2>/dev/null
            """)
        let kinds = "(age: X25519, X25519, ssh-ed25519)"
        #expect(
            result.output == """
                custody.jsonl
                jsonl.gz.age
                600
                snapshot
                 1 snapshot, encrypted \(kinds)
                1
                snapshot
                 1 snapshot, encrypted \(kinds)
                1
                snapshot
                 1 snapshot, encrypted \(kinds)
                1
                1
                1
                for other keys than --identity has: X25519, ssh-ed25519
                complete    -: 1 snapshot, encrypted (age: ssh-ed25519)
                other.bin
                complete    -: 1 snapshot

                """, "\(result.error)")
    }

    /// Each stanza has an ephemeral key of its own, and each file a nonce of its own.
    @Test(arguments: collectors) func nothingRandomIsRepeated(_ collector: String) throws {
        let result = try bash(
            collector,
            """
            key=$(age-keygen -y one.txt)
            for number in 1 2 3 4; do
                "${snap[@]}" --only user -o $number.age --recipient $key --recipient $key 2>/dev/null
            done
            grep -ah '^-> X25519 ' *.age | sort -u | wc -l
            grep -ahA1 '^-> X25519 ' *.age | grep -av '^-' | sort -u | wc -l
            # Behind a header for two recipients, which has 266 bytes.
            for file in *.age; do tail -c +267 $file | head -c 16 | od -A n -t x1; done | sort -u | wc -l
            """)
        #expect(result.output == "1.age\n2.age\n3.age\n4.age\n8\n8\n4\n", "\(result.error)")
    }

    /// The signature is of the plain file, and encrypted for the same recipients.
    @Test(.enabled("mounting is not allowed here") { try mayMount() }, arguments: collectors)
    func theSignatureIsEncryptedToo(_ collector: String) throws {
        let result = try bash(
            collector,
            """
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            read -r algorithm key comment </etc/ssh/ssh_host_ed25519_key.pub
            echo "web-01,$(hostname) $algorithm $key" >known_hosts
            check() {
                age -d -i one.txt "$1" >plain && age -d -i one.txt "$2" >plain.sig &&
                    ssh-keygen -Y verify -f known_hosts -I web-01 -n census-snapshot@census \
                        -s plain.sig <plain 2>&1 | sed 's/ with .*//'
            }
            path=$("${snap[@]}" -d usb --recipient "$(age-keygen -y one.txt)" 2>error)
            ls usb | sed 's/.*[.]jsonl[.]/jsonl./'
            check "$path" "${path%.age}.sig.age"
            grep -c ', signed by SHA256:' error
            "$census" verify -i one.txt --known-hosts known_hosts "$path" 2>/dev/null |
                grep -o 'signed by .* the key of' | sed 's/SHA256:[^,]*/KEY/'
            "${snap[@]}" -o y --recipient "$(age-keygen -y one.txt)" 2>/dev/null
            check y y.sig.age
            """, inMounts: true)
        #expect(
            result.output == """
                custody.jsonl
                jsonl.gz.age
                jsonl.gz.sig.age
                Good "census-snapshot@census" signature for web-01
                1
                signed by ssh-ed25519 KEY, the key of
                y
                Good "census-snapshot@census" signature for web-01

                """, "\(result.error)")
    }

    /// A plain file of two chunks of 64 KiB exactly, and one of more. Packages with versions that
    /// cannot be compressed make it as long, and the host's identifier is tried until it fits.
    @Test(arguments: collectors) func wholeChunks(_ collector: String) throws {
        let tree = fixtures.appending("hosts/debian-12-x86_64").string
        let result = try bash(
            collector,
            """
            cp -r '\(tree)' tree; chmod -R u+w tree; cp tree/var/lib/dpkg/status status
            cat >fit.py <<'END'
            import os, random, string, subprocess, sys
            recipient, command = sys.argv[1], sys.argv[2:]
            # A header for one recipient of X25519 has 168 bytes, the nonce 16, and each chunk a tag of 16.
            target = 168 + 16 + 2 * (65536 + 16)
            words = lambda count: ''.join(random.choices(string.ascii_letters + string.digits, k=count))
            status = open('status').read()
            packages = [f'\\nPackage: p{number}\\nStatus: install ok installed\\nArchitecture: amd64\\n'
                        f'Version: {words(60)}\\n' for number in range(4000)]
            def size(count, identifier):
                if count != size.count:
                    open('tree/var/lib/dpkg/status', 'w').write(status + ''.join(packages[:count]))
                    size.count = count
                if os.path.exists('x.age'): os.remove('x.age')
                subprocess.run(command + ['--root', 'tree', '--host-id', identifier, '-o', 'x.age',
                               '--recipient', recipient], check=True, capture_output=True)
                return os.path.getsize('x.age')
            size.count = -1
            def more(count): return size(count, 'x' * 9) > target - 90
            low, high = 0, len(packages)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if more(middle) else (middle, high)
            length = 100
            for attempt in range(300):
                now = size(low, words(length))
                if now == target: break
                length = max(1, min(255, length + int((target - now) * 1.2) + random.randint(-1, 1)))
            print(now - target)
            END
            python3 fit.py "$(age-keygen -y one.txt)" "${snap[@]}"
            age -d -i one.txt x.age | wc -c
            "$census" verify -i one.txt x.age 2>/dev/null
            for number in {1..900}; do
                printf '\\nPackage: q%s\\nStatus: install ok installed\\nVersion: %s\\n' $number \
                    "$(head -c 60 /dev/urandom | base64 -w 0)"
            done >>tree/var/lib/dpkg/status
            "${snap[@]}" --root tree -o y.age --recipient "$(cat ssh.pub)" 2>/dev/null
            age -d -i ssh y.age | "$census" verify - 2>/dev/null
            "$census" verify -i ssh y.age 2>/dev/null
            [ $(stat -c %s y.age) -gt 150000 ] && echo longer
            """)
        #expect(
            result.output == """
                0
                131072
                complete    x.age: 1 snapshot, encrypted (age: X25519)
                y.age
                complete    -: 1 snapshot
                complete    y.age: 1 snapshot, encrypted (age: ssh-ed25519)
                longer

                """, "\(result.error)")
    }

    /// No write, to whatever file, has a part of the plain file: of its text, of its gzip data, or of
    /// its signature.
    @Test func nothingIsWrittenInTheClear() throws {
        let result = try bash(
            "linux-x86_64",
            """
            path=$(strace -f -o trace -e trace=write,pwrite64,writev,pwritev,pwritev2,sendfile -xx \
                -s 10000000 "${snap[@]}" -d usb --recipient "$(age-keygen -y one.txt)" 2>/dev/null)
            age -d -i one.txt "$path" >plain
            python3 - <<'END'
            import re
            trace = open('trace').read()
            written = [bytes.fromhex(text.replace('\\\\x', ''))
                       for text in re.findall(r'"((?:\\\\x[0-9a-f]{2})*)"', trace)]
            plain = open('plain', 'rb').read()
            # Of each 16 bytes of the plain file, none is in any write. Those of the encrypted file are.
            parts = [plain[start:start + 16] for start in range(0, len(plain) - 16, 16)]
            print(len(parts) > 10, any(part in data for part in parts for data in written))
            print(any(b'"record":"snapshot"' in data or b'\\x1f\\x8b\\x08' in data for data in written))
            print(any(data.startswith(b'age-encryption.org/v1\\n-> X25519 ') for data in written))
            END
            ls usb | sed 's/.*[.]jsonl[.]/jsonl./' | grep -v sig
            """)
        #expect(
            result.output == """
                True False
                False
                True
                custody.jsonl
                jsonl.gz.age

                """, "\(result.error)")
    }

    /// Killed before the file has its name, and on a medium without room: what is there is encrypted,
    /// or nothing is.
    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func nothingStaysInTheClear() throws {
        let result = try bash(
            "linux-x86_64",
            """
            key=$(age-keygen -y one.txt)
            for call in 1 2; do
                mount -t tmpfs tmpfs usb
                strace --output=/dev/null --trace=fsync --inject=fsync:signal=KILL:when=$call \
                    "${snap[@]}" --no-sign -o usb/x.age --recipient "$key" 2>/dev/null
                echo $?; ls -A usb | wc -l; head -qn 1 usb/* usb/.??* 2>/dev/null
                umount usb
            done
            mount -t tmpfs -o size=8k tmpfs usb
            "${snap[@]}" --no-sign -o usb/x.age --recipient "$key" 2>&1; echo $?; ls -A usb
            """, inMounts: true)
        #expect(
            result.output == """
                137
                1
                age-encryption.org/v1
                137
                1
                age-encryption.org/v1
                census: cannot write usb/x.age: No space left on device
                1

                """, "\(result.error)")
    }

    /// What cannot be encrypted for is wrong usage, and the host is not read: there is no such root.
    @Test func filesWithoutRecipients() throws {
        let files: [(String, String)] = [
            ("none", "# none\n"), ("empty", ""), ("bad", "\nage1x\n"), ("nul", "\0"),
            ("text", "age1\u{FFFD}\n"), ("rsa", "# a\r\nssh-rsa AAAA\r\n"),
            ("weak", "\(Self.pointsOfLowOrder[0])\n"),
            ("long", String(repeating: "#", count: 1 << 21)),
        ]
        for (name, text) in files { try directory.write(Array(text.utf8), to: name) }
        for file in files.map(\.0) + ["one.txt", "ssh", "of-another-name", "/", "none/x", ""] {
            let arguments = ["--root", "nowhere", "-R", file, "-o", "x"]
            let collector = try run(Self.native, arguments, in: directory.path)
            let census = try run(census, ["snap"] + arguments, in: directory.path)
            #expect(
                collector.error.split(separator: "\n")[0] == census.error.split(separator: "\n")[0])
            #expect(!collector.error.contains("nowhere"))
            #expect(collector.status == census.status && census.status != 0)
            #expect(collector.output == "")
        }
        #expect(try !directory.names().contains("x"))
    }

    /// Of Curve25519 and of edwards25519; the first is that of `filesWithoutRecipients`.
    static let pointsOfLowOrder = [
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
        "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
        "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
        "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8",
        "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOz///////////////////////////////////////9/",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICbolY/CsiewRcP0ifLvmPDV36wF08YzObE4AohtU/wF",
    ]
    /// Other encodings of points, numbers that are no point, and a zero with a sign.
    static let noPoints = [
        "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy",
        "age1pyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqyr3apl",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPD///////////////////////////////////////9/",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA",
    ]

    @Test(arguments: collectors) func keysThatAnybodyHas(_ collector: String) throws {
        let command = SamenessTests.emulator(collector) + [SamenessTests.program(collector)]
        for (keys, reason) in [
            (
                Self.pointsOfLowOrder,
                "the key is a point of low order, for which nothing can be encrypted."
            ), (Self.noPoints, "is damaged; copy it again."),
        ] {
            for key in keys {
                let arguments = ["--root", "nowhere", "-o", "x", "--recipient", key]
                let result = try run(
                    command[0], command.dropFirst() + arguments, in: directory.path)
                let census = try run(census, ["snap"] + arguments, in: directory.path)
                let line = result.error.split(separator: "\n")[0]
                #expect(line == census.error.split(separator: "\n")[0])
                #expect(line.hasPrefix("census: --recipient: ") && line.hasSuffix(reason))
                #expect((result.status, census.status) == (64, 64))
            }
        }
        #expect(try !directory.names().contains("x"))
    }

    /// Those without libsodium say that they cannot, before they read anything.
    @Test(
        arguments: SamenessTests.collectors.filter(SamenessTests.withoutSodium.contains),
        [["--recipient"], ["-R"], ["--recipients-file"], ["--recipient="], ["--recipients-file="]])
    func theOthersSayThatTheyCannot(_ collector: String, option: [String]) throws {
        let command = SamenessTests.emulator(collector) + [SamenessTests.program(collector)]
        let name = option[0].last == "=" ? String(option[0].dropLast()) : option[0]
        let value = option[0].last == "=" ? [option[0] + "age1x"] : option + ["age1x"]
        let result = try run(
            command[0], command.dropFirst() + ["--root", "nowhere", "-o", "x"] + value,
            in: directory.path)
        #expect(result.status == 64)
        let message =
            "census: Unknown option '\(name)': this collector does not encrypt; use census snap, or "
            + "pipe -o - to age"
        #expect(result.error.hasPrefix(message + "\n"), "\(result.error)")
        #expect(try !directory.names().contains("x"))
        let help = try run(command[0], command.dropFirst() + ["--help"])
        #expect(help.status == 0 && !help.output.contains("recipient"))
    }
}
