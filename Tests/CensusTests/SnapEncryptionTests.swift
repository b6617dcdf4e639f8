import Foundation
import TestSupport
import Testing

/// `census snap --recipient`: what it writes, stock age decrypts.
@Suite struct SnapEncryptionTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try makeEncryptionKeys(in: directory.path)
    }

    private func bash(_ script: String, inMounts: Bool = false) throws -> RunResult {
        try TestSupport.bash(script, in: directory, hasOwnHostKeys: inMounts)
    }

    /// A signature that is there already is found before the host is read: there is no such root. It is
    /// in the way also where the file would not be signed, as it is none of it.
    @Test(arguments: [
        ("x", "x.sig", ""), ("x", "x.sig", "--no-sign"), ("./x.gz", "./x.gz.sig", ""),
        ("x.age", "x.sig.age", "-R keys"), ("x", "x.sig.age", "-R keys"),
    ])
    func aSignatureThatIsThere(_ file: String, _ signature: String, _ options: String) throws {
        let result = try bash(
            """
            age-keygen -y two.txt >keys; echo mine >\(signature)
            "$census" snap -o \(file) --root none \(options) 2>&1; echo $?
            cat \(signature); ls -d \(file) 2>&1 | grep -c '^\(file)$'
            rm \(signature); "$census" snap -o \(file) --root none \(options) 2>&1
            """)
        #expect(
            result.output == """
                census: cannot create \(signature): File exists
                1
                mine
                0
                census: cannot open none: No such file or directory

                """, "\(result.error)")
    }

    /// Also those of a file with a byte order mark.
    @Test func eachRecipientReadsTheFile() throws {
        let result = try bash(
            """
            mkdir usb
            { printf '\\xEF\\xBB\\xBF'; age-keygen -y two.txt; echo '# the desk'; echo; cat ssh.pub; } >keys
            path=$("$census" snap --no-sign --only user -d usb \
                --recipient "$(age-keygen -y one.txt)" -R keys 2>/dev/null)
            ls usb | sed 's/.*[.]jsonl[.]/jsonl./'; stat -c %a usb/*.age
            for key in one.txt two.txt ssh; do
                age -d -i $key "$path" | gunzip | jq -r .record | head -n 1
                "$census" verify -i $key "$path" 2>/dev/null | cut -d : -f 2,3
            done
            head -n 1 "$path"; grep -a '^->' "$path" | cut -d ' ' -f 2
            jq -r '.file, .size, .sha256' usb/custody.jsonl | tee custody | sed 1q | grep -c '.jsonl.gz.age$'
            stat -c %s "$path" | diff - <(sed -n 2p custody)
            sha256sum <"$path" | cut -d ' ' -f 1 | diff - <(sed -n 3p custody)
            """)
        #expect(
            result.output == """
                custody.jsonl
                jsonl.gz.age
                600
                snapshot
                 1 snapshot, encrypted (age: X25519, X25519, ssh-ed25519)
                snapshot
                 1 snapshot, encrypted (age: X25519, X25519, ssh-ed25519)
                snapshot
                 1 snapshot, encrypted (age: X25519, X25519, ssh-ed25519)
                age-encryption.org/v1
                X25519
                X25519
                ssh-ed25519
                1

                """, "\(result.error)")
    }

    @Test func theFileHasTheNameGiven() throws {
        let result = try bash(
            """
            key=$(age-keygen -y one.txt)
            "$census" snap --no-sign --only user -o other.bin --recipient "$key" 2>/dev/null
            age -d -i one.txt other.bin | gunzip | jq -r .record | head -n 1
            "$census" snap --only user -o - --recipient "$key" 2>/dev/null |
                age -d -i one.txt | "$census" verify - 2>/dev/null
            age-keygen -y one.txt | "$census" snap --only user -o - -R - 2>/dev/null |
                "$census" verify -i one.txt - 2>/dev/null
            ls
            """)
        #expect(
            result.output == """
                other.bin
                snapshot
                complete    -: 1 snapshot
                complete    -: 1 snapshot, encrypted (age: X25519)
                one.txt
                other.bin
                script
                ssh
                ssh.pub
                two.txt

                """, "\(result.error)")
    }

    /// The signature is of the plain file, and encrypted for the same recipients.
    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func theSignatureIsEncryptedToo() throws {
        let result = try bash(
            """
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            read -r algorithm key comment </etc/ssh/ssh_host_ed25519_key.pub
            echo "web-01 $algorithm $key" >known_hosts
            check() {
                age -d -i one.txt "$1" >plain && age -d -i one.txt "$2" >plain.sig &&
                    ssh-keygen -Y verify -f known_hosts -I web-01 -n census-snapshot@census \
                        -s plain.sig <plain 2>&1 | sed 's/ with .*//'
            }
            mkdir usb
            path=$("$census" snap -d usb --recipient "$(age-keygen -y one.txt)" 2>error)
            ls usb | sed 's/.*[.]jsonl[.]/jsonl./'
            check "$path" "${path%.age}.sig.age"
            grep -c ', signed by SHA256:' error
            "$census" snap -o x.age --recipient "$(age-keygen -y one.txt)" 2>/dev/null
            check x.age x.sig.age
            "$census" snap -o y --recipient "$(age-keygen -y one.txt)" 2>/dev/null
            check y y.sig.age
            """, inMounts: true)
        #expect(
            result.output == """
                custody.jsonl
                jsonl.gz.age
                jsonl.gz.sig.age
                Good "census-snapshot@census" signature for web-01
                1
                x.age
                Good "census-snapshot@census" signature for web-01
                y
                Good "census-snapshot@census" signature for web-01

                """, "\(result.error)")
    }

    /// No write, to whatever file, has a part of the plain file: of its text, of its gzip data, or of
    /// its signature.
    @Test func nothingIsWrittenInTheClear() throws {
        let result = try bash(
            """
            mkdir usb
            path=$(strace -f -o trace -e trace=write,pwrite64,writev,pwritev,pwritev2,sendfile -xx \
                -s 10000000 "$census" snap -d usb --recipient "$(age-keygen -y one.txt)" 2>/dev/null)
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

    /// What cannot be encrypted for is wrong usage, and the host is not read.
    @Test func aBadRecipientIsWrongUsage() throws {
        try directory.write(Array("# none\n".utf8), to: "none")
        try directory.write(Array("\nage1x\n".utf8), to: "bad")
        let cases = [
            (["--recipient", "age1x"], "--recipient: the key age1… is damaged; copy it again."),
            (
                ["--recipient", "ssh-rsa AAAA"],
                "--recipient: a key of type ssh-rsa cannot be encrypted for; of SSH keys only "
                    + "ssh-ed25519 can."
            ),
            (["-R", "none"], "--recipients-file none: there is no recipient in the file."),
            (
                ["-R", "bad"],
                "--recipients-file bad: line 2: the key age1… is damaged; copy it again."
            ),
            (
                ["-R", "one.txt"],
                "--recipients-file one.txt: line 3: this is an identity, a secret; give its public "
                    + "key, age1…."
            ),
        ]
        for (arguments, message) in cases {
            // With a root that does not exist: it is not looked at.
            let result = try run(
                TestSupport.census, ["snap", "--root", "nowhere"] + arguments, in: directory.path)
            #expect(result.status == 64)
            #expect(result.error.hasPrefix("census: \(message)\n"), "\(result.error)")
        }
        let missing = try run(TestSupport.census, ["snap", "-R", "gone"], in: directory.path)
        #expect(missing.status == 1)
        #expect(missing.error.hasPrefix("census: cannot open gone: No such file or directory"))
        #expect(
            try directory.names() == ["bad", "none", "one.txt", "ssh", "ssh.pub", "two.txt"])
    }
}
