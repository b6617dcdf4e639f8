import Foundation
import SystemPackage
import TestSupport
import Testing

/// Accounts and privileges of the running system, against its own tools, which change copies of its
/// files first.
@Suite(.enabled(if: geteuid() == 0)) struct AccessCommandTests {
    /// What a script prints, in a mount namespace whose /etc and /var/log are copies.
    private func output(_ script: String) throws -> [String: [String]] {
        let directory = try TemporaryDirectory()
        let result = try run(
            "unshare",
            [
                "--mount", "bash", "-euc",
                """
                cp -a /etc etc; mkdir -p log; touch log/lastlog
                mount --bind etc /etc; mount --bind log /var/log
                useradd --create-home --home-dir "$PWD/anna" --comment 'Anna Ä,1' --groups sudo anna
                useradd --no-create-home --shell /bin/sh bert
                useradd --no-create-home carl
                useradd --no-create-home --non-unique --uid 0 toor
                echo anna:a-password | chpasswd --crypt-method SHA512
                echo bert:a-password | chpasswd --crypt-method YESCRYPT
                echo carl:a-password | chpasswd --crypt-method MD5
                usermod --lock bert
                chage --mindays 2 --maxdays 60 --warndays 5 --inactive 9 --lastday 2026-01-01 carl
                chage --expiredate 2031-05-06 anna
                passwd --quiet --expire bert
                passwd --quiet --delete toor
                lastlog --set --user anna
                printf 'anna ALL=(root) NOPASSWD: /bin/ls, !/bin/cat\\n%%sudo ALL=ALL\\n' >/etc/sudoers.d/x
                chmod 440 /etc/sudoers.d/x
                visudo -cq
                \(script)
                """,
            ], in: directory.path, environment: ["CENSUS": census])
        try #require(result.status == 0, "\(result.error)")
        var parts: [String: [String]] = [:]
        var name = ""
        for line in result.output.split(separator: "\n").map(String.init) {
            if line.hasPrefix("== ") {
                name = String(line.dropFirst(3))
            } else {
                parts[name, default: []].append(line)
            }
        }
        return parts
    }

    @Test func agreesWithTheSystemsTools() throws {
        let output = try output(
            """
            "$CENSUS" snap --only account,privilege -o all.gz >/dev/null 2>&1
            echo '== getent'; getent --service=files passwd | LC_ALL=C sort -t: -k1,1
            echo '== census'
            zcat all.gz | jq -r 'select(.record == "account") |
                [.username, .uid, .gid, .description // "", .home // "", .shell // ""] |
                map(tostring) | join(":")'
            echo '== id'
            getent --service=files passwd | cut -d: -f1 | LC_ALL=C sort | while read -r user; do
                echo "$user $(id -Gn "$user" | tr ' ' '\\n' | LC_ALL=C sort | tr '\\n' ' ')"
            done
            echo '== groups'
            zcat all.gz | jq -r 'select(.record == "account") |
                "\\(.username) \\(.groups | map(. + " ") | add)"'
            echo '== passwd'; passwd --status --all | LC_ALL=C sort | awk '{print $1, $2}'
            echo '== status'
            zcat all.gz | jq -r 'select(.record == "account") | "\\(.username) " +
                ({none: "L", locked: "L", set: "P", empty: "NP"}[.password_status])'
            echo '== chage'
            for user in anna bert carl; do LC_ALL=C chage --iso8601 -l $user; done
            echo '== ages'
            zcat all.gz | jq -c 'select(.record == "account" and .uid >= 1000 and .uid < 2000
                and (.username | IN("anna", "bert", "carl"))) |
                [.username, .hash_alg, .last_change, .min, .max, .never_expires, .warning, .inactive,
                 .expire, (.last_login != null)]'
            echo '== sudo'; sudo -l -U anna | sed -n '/may run/,$p'
            echo '== rules'
            zcat all.gz | jq -r 'select(.record == "privilege") | "\\(.subject) \\(.source) \\(.rule)"'
            """)
        // The first field of GECOS is the name; nothing is "".
        let getent = try #require(output["getent"]).map { line in
            var fields = line.split(separator: ":", omittingEmptySubsequences: false)
            fields.remove(at: 1)
            fields[3] = fields[3].prefix { $0 != "," }
            return fields.joined(separator: ":")
        }
        #expect(output["census"] == getent)
        // id(1) takes the first account of a user id.
        func others(_ lines: [String]?) -> [String]? { lines?.filter { !$0.hasPrefix("toor ") } }
        #expect(others(output["groups"]) == others(output["id"]))
        #expect(output["status"] == output["passwd"])
        #expect(
            output["chage"]?.filter { !$0.hasPrefix("Password inactive") } == [
                "Last password change\t\t\t\t\t: \(today())",
                "Password expires\t\t\t\t\t: never", "Account expires\t\t\t\t\t\t: 2031-05-06",
                "Minimum number of days between password change\t\t: 0",
                "Maximum number of days between password change\t\t: 99999",
                "Number of days of warning before password expires\t: 7",
                "Last password change\t\t\t\t\t: password must be changed",
                "Password expires\t\t\t\t\t: password must be changed",
                "Account expires\t\t\t\t\t\t: never",
                "Minimum number of days between password change\t\t: 0",
                "Maximum number of days between password change\t\t: 99999",
                "Number of days of warning before password expires\t: 7",
                "Last password change\t\t\t\t\t: 2026-01-01",
                "Password expires\t\t\t\t\t: 2026-03-02",
                "Account expires\t\t\t\t\t\t: never",
                "Minimum number of days between password change\t\t: 2",
                "Maximum number of days between password change\t\t: 60",
                "Number of days of warning before password expires\t: 5",
            ])
        let day = Int(Date.now.timeIntervalSince1970) / 86_400 * 86_400
        #expect(
            output["ages"] == [
                #"["anna","sha512crypt",\#(day),null,null,true,7,null,1935792000,true]"#,
                #"["bert","yescrypt",0,null,null,true,7,null,null,false]"#,
                #"["carl","md5crypt",1767225600,2,60,false,5,9,null,false]"#,
            ])
        #expect(
            output["sudo"]?.dropFirst().map { $0.trimmingCharacters(in: .whitespaces) } == [
                "(ALL : ALL) ALL", "(root) NOPASSWD: /bin/ls, !/bin/cat", "(root) ALL",
            ])
        let rules = try #require(output["rules"])
        for rule in [
            "anna /etc/sudoers.d/x ALL=(root) NOPASSWD: /bin/ls, !/bin/cat",
            "%sudo /etc/sudoers.d/x ALL=ALL", "%sudo /etc/sudoers ALL=(ALL:ALL) ALL",
            "anna group sudo", "toor /etc/passwd uid 0",
        ] {
            #expect(rules.contains(rule))
        }
    }

    private func today() -> String {
        Date.now.formatted(.iso8601.year().month().day())
    }
}
