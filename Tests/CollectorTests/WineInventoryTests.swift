import Foundation
import SystemPackage
import TestSupport
import Testing

// One after the other with the others: a command waits for those that run beside it.
extension WineTests {
    /// What the collector for Windows lists of wine's own: programs, updates, accounts, rights, keys,
    /// sockets. Each test plants what it looks for, and removes it.
    ///
    /// Wine has one account, which is in each group, and knows no times of it.
    @Suite struct Inventory {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private typealias Record = [String: Any]

        private static let uninstall = #"Software\Microsoft\Windows\CurrentVersion\Uninstall"#
        private static let servicing =
            #"HKLM\Software\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages"#

        /// Runs wine's reg.exe, which is of wine's own processor.
        private func reg(_ arguments: String...) throws {
            let result = try Wine.run(["reg"] + arguments, in: directory.path)
            #expect(result.status == 0, "reg \(arguments): \(result.output)\(result.error)")
        }

        /// The records of a snapshot that `census` accepts.
        private func collect(_ arguments: String...) throws -> [Record] {
            let name = "\(UUID()).gz"
            let result = try Wine.run(
                [Wine.collector.string, "-o", name] + arguments, in: directory.path)
            #expect(result.status == 0, "\(result.error)")
            let verified = try run(census, ["verify", name], in: directory.path)
            #expect(verified.status == 0, "\(verified.output)\(verified.error)")
            let loaded = try run(census, ["ingest", "--db", "x.sqlite", name], in: directory.path)
            #expect(loaded.status == 0, "\(loaded.error)")
            let text = try run("gzip", ["--decompress", "--stdout", name], in: directory.path)
                .output
            return try text.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? Record)
            }
        }

        private func query(_ text: String) throws -> String {
            try run("sqlite3", ["x.sqlite", text], in: directory.path).output
        }

        private func all(_ kind: String, _ records: [Record]) -> [Record] {
            records.filter { $0["record"] as? String == kind }
        }

        private func sources(_ kind: String, _ records: [Record]) throws -> [String] {
            let collection = try #require(all("collection", records).first)
            #expect(collection["failed_sources"] == nil)
            return (collection["sources"] as? [String] ?? []).filter { $0.hasPrefix(kind + " ") }
        }

        /// Writes a file on drive C of wine, and gives what removes it.
        private func plant(_ path: String, _ text: String) throws {
            let path = FilePath(try Wine.prefix.get()).appending("drive_c/\(path)")
            try FileManager.default.createDirectory(
                atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path.string))
        }

        private func remove(_ path: String) {
            guard let prefix = try? Wine.prefix.get() else { return }
            try? FileManager.default.removeItem(atPath: "\(prefix)/drive_c/\(path)")
        }

        // MARK: Programs

        @Test func programsOfBothViewsAndOfAUser() throws {
            let is64Bit = Wine.systemProcessor == "x86_64"
            let tag = "census-\(getpid())"
            func key(_ root: String, _ name: String) -> String {
                #"\#(root)\\#(Self.uninstall)\\#(tag)-\#(name)"#
            }
            let native = key("HKLM", "native")
            let user = key("HKCU", "user")
            defer {
                for (key, view) in [
                    (native, "/reg:64"), (key("HKLM", "other"), "/reg:32"), (user, "/reg:64"),
                    (key("HKLM", "nameless"), "/reg:64"),
                ] {
                    _ = try? Wine.run(["reg", "delete", key, "/f", view], in: directory.path)
                }
            }
            func add(_ key: String, _ view: String, _ values: [(String, String)]) throws {
                for (name, value) in values {
                    try reg("add", key, "/v", name, "/d", value, "/f", "/reg:\(view)")
                }
            }
            try add(
                native, "64",
                [
                    ("DisplayName", "Grüße 日本 𝄞"), ("DisplayVersion", "1.2.3"),
                    ("Publisher", "Müller GmbH"), ("InstallDate", "20240131"),
                ])
            try reg(
                "add", native, "/v", "SystemComponent", "/t", "REG_DWORD", "/d", "1", "/f",
                "/reg:64")
            try add(
                key("HKLM", "other"), "32",
                [("DisplayName", "Seven 32"), ("InstallDate", "1/31/2024")])
            try add(user, "64", [("DisplayName", "Of a user"), ("DisplayVersion", "9")])
            try add(key("HKLM", "nameless"), "64", [("DisplayVersion", "1")])

            let records = try collect()
            let packages = all("package", records)
            func package(_ name: String) throws -> Record {
                let found = packages.filter { $0["name"] as? String == name }
                #expect(found.count == 1, "\(packages)")
                let record = try #require(found.first)
                #expect(record["type"] as? String == "windows")
                return record
            }
            let first = try package("Grüße 日本 𝄞")
            #expect(first["version"] as? String == "1.2.3")
            #expect(first["publisher"] as? String == "Müller GmbH")
            #expect(first["install_time"] as? Int == 1_706_659_200)
            #expect(first["arch"] as? String == (is64Bit ? "x64" : "x86"))
            let other = try package("Seven 32")
            #expect(other["version"] is NSNull)
            #expect(other["install_time"] == nil && other["publisher"] == nil)
            #expect(other["arch"] as? String == "x86")
            let own = try package("Of a user")
            #expect(own["arch"] == nil)
            #expect(!packages.contains { $0["version"] as? String == "1" })

            let sources = try sources("package", records)
            let machine = #"package windows HKLM\SOFTWARE\"#
            let view = #"Microsoft\Windows\CurrentVersion\Uninstall"#
            #expect(sources.contains(machine + view))
            #expect(sources.contains(machine + #"WOW6432Node\"# + view) == is64Bit)
            #expect(sources.contains { $0.hasPrefix(#"package windows HKU\S-1-5-21-"#) })
            #expect(try query("SELECT Packages_known FROM Executions") == "1\n")
            #expect(
                try query("SELECT Package_Arch FROM Packages WHERE Package_Name = 'Seven 32'")
                    == "x86\n")
            let report = try run(
                census, ["report", "packages", "--db", "x.sqlite"], in: directory.path)
            #expect(report.status == 0, "\(report.error)")
            #expect(report.output.contains("Grüße 日本 𝄞"))
            #expect(try all("package", collect("--only", "process,user")).isEmpty)
        }

        // MARK: Updates

        @Test func updates() throws {
            let rollup = "Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.4317.1.10"
            let states = [
                ("Package_for_KB5034441~31bf3856ad364e35~amd64~~10.0.1.0", "112", 0x01DA_440A),
                ("Package_1_for_KB5034441~31bf3856ad364e35~amd64~~10.0.1.0", "112", 0x01DA_440B),
                ("Package_for_KB5000001~31bf3856ad364e35~amd64~~10.0.1.0", "80", 0x01DA_440A),
                (rollup, "112", 0x01DA_5000),
                ("Microsoft-Windows-Shell-Package~31bf3856ad364e35~amd64~~1", "112", 0x01DA_440A),
            ]
            let manifest = "windows/servicing/Packages/\(rollup).mum"
            defer {
                _ = try? Wine.run(
                    ["reg", "delete", Self.servicing, "/f", "/reg:64"], in: directory.path)
                remove(manifest)
            }
            for (name, state, high) in states {
                for (value, number) in [
                    ("CurrentState", state), ("InstallTimeHigh", "\(high)"),
                    ("InstallTimeLow", "4294967295"),
                ] {
                    try reg(
                        "add", #"\#(Self.servicing)\\#(name)"#, "/v", value, "/t", "REG_DWORD",
                        "/d",
                        number, "/f", "/reg:64")
                }
            }
            try plant(
                manifest,
                """
                <?xml version="1.0" encoding="utf-8" standalone="yes"?>
                <assembly><package identifier="KB5044285" releaseType="Security Update"></package></assembly>
                """)
            let records = try collect()
            let patches = all("patch", records)
            func time(_ high: Int) -> Int {
                (high << 32 | 0xFFFF_FFFF) / 10_000_000 - 11_644_473_600
            }
            let expected: [String: (description: String?, time: Int)] = [
                "KB5034441": (nil, time(0x01DA_440B)),
                "KB5044285": ("Security Update", time(0x01DA_5000)),
            ]
            #expect(patches.count == expected.count)
            for (id, facts) in expected {
                let patch = try #require(patches.first { $0["hotfix_id"] as? String == id })
                #expect(patch["description"] as? String == facts.description)
                #expect(patch["installed_on"] as? Int == facts.time)
            }
            #expect(try sources("patch", records).count == 1)
            #expect(
                try query("SELECT Patches_known, Hotfix_ID FROM Executions, Patches ORDER BY 2")
                    == "1|KB5034441\n1|KB5044285\n")
        }

        @Test func withoutUpdatesTheyAreUnknown() throws {
            _ = try Wine.run(
                ["reg", "delete", Self.servicing, "/f", "/reg:64"], in: directory.path)
            let records = try collect()
            #expect(all("patch", records).isEmpty)
            #expect(try sources("patch", records).isEmpty)
            #expect(try query("SELECT Patches_known IS NULL FROM Executions") == "1\n")
        }

        // MARK: Accounts

        @Test func theAccountAndItsRights() throws {
            let user = try Wine.run(["cmd", "/c", "echo %USERNAME%"], in: directory.path).output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let records = try collect()
            let accounts = all("account", records)
            #expect(accounts.map { $0["username"] as? String } == [user])
            let account = try #require(accounts.first)
            let sid = try #require(account["sid"] as? String)
            #expect(sid.hasPrefix("S-1-5-21-"))
            #expect(account["uid"] as? Int == sid.split(separator: "-").last.flatMap { Int($0) })
            #expect(account["home"] as? String == #"C:\users\"# + user)
            #expect(account["groups"] as? [String] == ["Administrators"])
            #expect(account["is_enabled"] as? Bool == true)
            #expect(account["password_status"] as? String == "set")
            #expect(account["never_expires"] as? Bool == false)
            #expect(try sources("account", records) == ["account windows NetUserEnum"])

            let privileges = all("privilege", records)
            #expect(privileges.contains { $0["rule"] as? String == "Administrators" })
            #expect(privileges.contains { $0["rule"] as? String == "Remote Desktop Users" })
            #expect(privileges.allSatisfy { $0["source"] as? String == "group" })
            #expect(privileges.allSatisfy { $0["subject"] as? String == user })
            #expect(try sources("privilege", records) == ["privilege windows BUILTIN"])
            #expect(
                try query("SELECT Accounts_known, Privileges_known FROM Executions") == "1|1\n")
            #expect(try query("SELECT Username FROM Accounts") == user + "\n")
        }

        // MARK: Keys

        @Test func keys() throws {
            let user = try Wine.run(["cmd", "/c", "echo %USERNAME%"], in: directory.path).output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            var keys: [(line: String, fingerprint: String)] = []
            for type in ["ed25519", "ecdsa", "rsa"] {
                let made = try run(
                    "ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "\(type) ü", "-f", type],
                    in: directory.path)
                #expect(made.status == 0, "\(made.error)")
                let line = String(decoding: try directory.read("\(type).pub"), as: UTF8.self)
                let shown = try run("ssh-keygen", ["-lf", "\(type).pub"], in: directory.path).output
                keys.append((line, String(shown.split(separator: " ")[1])))
            }
            let administrators = "ProgramData/ssh/administrators_authorized_keys"
            let own = "users/\(user)/.ssh"
            defer {
                remove("ProgramData/ssh")
                remove(own)
            }
            try plant(administrators, "# a comment\r\n\r\n" + keys[0].line)
            try plant(
                own + "/authorized_keys", #"command="x y",no-pty "# + keys[1].line + "damaged\n")
            try plant("ProgramData/ssh/ssh_host_rsa_key.pub", keys[2].line)
            try plant("ProgramData/ssh/ssh_host_rsa_key", "private")
            let records = try collect()
            let found = all("authorized_key", records)
            #expect(found.count == 2)
            let first = try #require(found.first)
            #expect(first["fingerprint"] as? String == keys[0].fingerprint)
            #expect(first["username"] as? String == "Administrators")
            #expect(first["algorithm"] as? String == "ssh-ed25519")
            #expect(first["comment"] as? String == "ed25519 ü")
            let path = #"C:\ProgramData\ssh\administrators_authorized_keys"#
            #expect(first["path"] as? String == path)
            let second = try #require(found.last)
            #expect(second["fingerprint"] as? String == keys[1].fingerprint)
            #expect(second["username"] as? String == user)
            #expect(second["options"] as? String == #"command="x y",no-pty"#)
            #expect(second["path"] as? String == #"C:\users\\#(user)\.ssh\authorized_keys"#)
            let hostKeys = all("ssh_host_key", records)
            #expect(hostKeys.map { $0["fingerprint"] as? String } == [keys[2].fingerprint])
            #expect(hostKeys.first?["algorithm"] as? String == "ssh-rsa")
            #expect(
                try sources("authorized_key", records).contains("authorized_key openssh \(path)"))
            #expect(try sources("ssh_host_key", records).count == 1)
            #expect(
                try query("SELECT Authorized_keys_known, SSH_host_keys_known FROM Executions")
                    == "1|1\n")
        }

        @Test func withoutOpenSSHKeysAreUnknown() throws {
            let records = try collect()
            #expect(all("authorized_key", records).isEmpty && all("ssh_host_key", records).isEmpty)
            #expect(
                try query(
                    """
                    SELECT Authorized_keys_known IS NULL, SSH_host_keys_known IS NULL FROM Executions
                    """) == "1|1\n")
        }

        // MARK: Sockets

        @Test func whatListens() throws {
            let listener = try Wine.start([Wine.children.string, "listen"], in: directory.path)
            defer { try? listener.closeInput() }
            var numbers: [Int] = []
            for _ in 0..<600 where listener.isRunning {
                let lines = try listener.outputSoFar().split(whereSeparator: \.isNewline)
                numbers = lines.compactMap { Int($0) }
                if lines.last == "ready" { break }
                Thread.sleep(forTimeInterval: 0.1)
            }
            try #require(numbers.count == 5)
            let records = try collect()
            try listener.closeInput()
            let ports = all("listening_port", records)
            for (index, (transport, family)) in [
                ("tcp", "ipv4"), ("tcp", "ipv6"), ("udp", "ipv4"), ("udp", "ipv6"),
            ].enumerated() {
                let found = ports.filter {
                    $0["port"] as? Int == numbers[index + 1]
                        && $0["protocol"] as? String == transport
                        && $0["family"] as? String == family
                }
                #expect(found.count == 1, "\(transport) \(family): \(ports)")
                let port = try #require(found.first)
                #expect(port["address"] as? String == (family == "ipv4" ? "127.0.0.1" : "::1"))
                // Wine does not find the process of a socket of TCP with IPv6.
                if transport == "tcp" && family == "ipv6" { continue }
                #expect(port["pid"] as? Int == numbers[0])
                let name = try #require(Wine.children.lastComponent?.string)
                #expect(port["process"] as? String == name)
                #expect((port["path"] as? String)?.hasSuffix(#"\"# + name) == true)
            }
            #expect(try sources("listening_port", records).count == 4)
            #expect(try query("SELECT Listening_ports_known FROM Executions") == "1\n")
            #expect(try listener.wait().status == 0)
        }

        // MARK: Hardware

        @Test func hardware() throws {
            let host = try #require(all("host", collect()).first)
            let memory = String(decoding: try contents(of: "/proc/meminfo"), as: UTF8.self)
            let kibibytes = try #require(memory.firstMatch(of: /MemTotal: *(\d+) kB/))
            // Wine counts pages, at another moment.
            let size = try #require(host["physical_memory"] as? Int)
            #expect(abs(size - (Int(kibibytes.1) ?? 0) * 1024) < 1 << 24)
            let uuid = try #require(host["uuid"] as? String)
            #expect(UUID(uuidString: uuid) != nil && uuid == uuid.lowercased())
            #expect(host["virtualization"] as? String != nil)
            let interfaces = try #require(host["interfaces"] as? [String])
            for name in try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net") {
                let address = String(
                    decoding: try contents(of: FilePath("/sys/class/net/\(name)/address")),
                    as: UTF8.self
                ).trimmingCharacters(in: .whitespacesAndNewlines)
                if name.hasPrefix("eth") { #expect(interfaces.contains("\(name) \(address)")) }
                if name == "lo" { #expect(!interfaces.contains { $0.hasPrefix("lo ") }) }
            }
        }

        /// What is not asked for is not read, and is said to be omitted.
        @Test func aChoice() throws {
            let records = try collect("--only", "package,account")
            let collection = try #require(all("collection", records).first)
            #expect(
                collection["omitted"] as? [String] == [
                    "process", "user", "patch", "privilege", "authorized_key", "ssh_host_key",
                    "listening_port",
                ])
            let kinds = Set(records.compactMap { $0["record"] as? String })
            #expect(
                kinds.isSubset(of: [
                    "snapshot", "host", "os_version", "cpu_info", "collection", "package",
                    "account",
                    "end",
                ]))
            for source in collection["sources"] as? [String] ?? [] {
                #expect(source.hasPrefix("package ") || source.hasPrefix("account "))
            }
        }
    }
}
