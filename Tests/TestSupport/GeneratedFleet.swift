#if MySQL
    import Crypto
    import Foundation

    /// A fleet made up from a seed, whose names are as hard to tell apart as names can be. The same
    /// seed gives the same fleet.
    ///
    /// Its files lie in four folders `0` to `3`, a quarter of the hosts in each. Most hold one
    /// snapshot, some all of their host's; some are gzipped.
    public struct GeneratedFleet {
        public struct File {
            /// `0/003-1.jsonl`.
            public var name: String
            public var text: [UInt8]
            public var snapshots: Int
        }

        public private(set) var files: [File] = []
        public var snapshots: Int { files.reduce(0) { $0 + $1.snapshots } }
        private var random: SplitMix64

        public init(seed: UInt64, hosts: Int = 200, executions: Int = 5) {
            random = SplitMix64(state: seed)
            for host in 0..<hosts { addHost(host, executions) }
        }

        /// Writes all files, or those of some folders. Every third one is gzipped.
        /// - Returns: the names as they are then, sorted.
        @discardableResult
        public func write(
            to directory: TemporaryDirectory, folders: ClosedRange<Int> = 0...3
        ) throws -> [String] {
            var names: [String] = []
            var gzipped: [String] = []
            for (index, file) in files.enumerated() {
                guard folders.contains(Int(file.name.prefix(1))!) else { continue }
                try directory.write(file.text, to: file.name)
                if index % 3 == 0 {
                    gzipped.append(file.name)
                } else {
                    names.append(file.name)
                }
            }
            let result = try run("gzip", ["-1"] + gzipped, in: directory.path)
            guard result.status == 0 else { throw MariaDBError(result.error) }
            return (names + gzipped.map { $0 + ".gz" }).sorted()
        }

        /// The text of all files of a folder, one after the other, as `cat` makes it.
        public func text(folder: Int) -> [UInt8] {
            files.filter { $0.name.hasPrefix("\(folder)/") }.flatMap(\.text)
        }
    }

    // What a fleet is made of.
    extension GeneratedFleet {
        private static let long = String(repeating: "x", count: 379)
        private static let longest = String(repeating: "😀", count: 379)

        /// In each line names that some comparison or other takes for the same.
        static let lookAlikes: [[String]] = [
            [
                "svchost", "svchost ", "svchost  ", " svchost", "SVCHOST", "Svchost", "ｓvchost",
                "svchost\u{200B}", "svchost\t", "svchost\u{A0}", "svchost\u{3000}", "sv\u{AD}chost",
            ],
            ["café", "cafe\u{301}", "cafe", "CAFÉ", "cafè"],
            ["straße", "strasse", "straſſe", "STRASSE", "STRAẞE"],
            ["init", "ınit", "İnit", "INIT", "i\u{307}nit"],
            ["", " ", "  ", "\u{200B}", "\u{FEFF}", "\u{2060}", "\u{301}"],
            ["\u{AC00}", "\u{1100}\u{1161}"],
            ["Å", "\u{212B}", "A\u{30A}", "a\u{30A}", "å"],
            ["ﬁle", "file", "ﬀ", "ff"],
            ["😀", "😁", "🏴\u{E0067}\u{E007F}", "👩‍🚀", "👩🚀"],
            // Their order as UTF-16 is another than that of their bytes.
            [
                "\u{FFFD}", "\u{E000}", "\u{FFFF}", "\u{1F600}", "\u{10FFFF}", "\u{10FFFE}", "?",
                "??",
            ],
            ["NULL", "null", "\\N", "(null)", "nil"],
            ["0", "00", "-0", "0.0", "0e0", "1e0", "false"],
            ["=1+1", "'=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"],
            ["O'Brien", "O''Brien", "O\\'Brien", "O\"Brien", "O\"\"Brien", "O`Brien", "O’Brien"],
            [
                "'); DROP TABLE Processes; -- ", "' OR '1'='1", "/*!50000 SELECT 1 */", "#", "-- ",
                "\"; DELETE FROM USERS; #", ";", "DELIMITER //",
            ],
            ["a\nb", "a\r\nb", "a\rb", "a\tb", "a\\nb", "a b", "a\u{2028}b", "a\u{85}b"],
            ["\\", "\\\\", "a\\", "a%", "a_", "ab", "a*"],
            ["\u{1}", "\u{8}", "\u{1A}", "\u{1B}[2J", "\u{1F}", "\u{7F}", "\u{80}"],
            ["\u{202E}exe.txt", "exe.txt", "txt.exe"],
            ["Ж", "ж", "Z", "Ž", "ž", "ǆ", "ǅ", "Σ", "σ", "ς", "か", "カ", "ｶ"],
            [long, long + "x", long + "X", long + "y", long + " "],
            [longest, longest + "😀", longest + "😁", longest + " ", longest + "é"],
        ]

        private static let systems: [(name: String, version: String?)] = [
            ("Debian GNU/Linux", "12"), ("Debian GNU/Linux", nil), ("Debian GNU/Linux", "12 "),
            ("Debian GNU/Linux", "１２"), ("Debian GNU/Linux ", "12"), ("debian gnu/linux", "12"),
            ("windows", "10"), ("Windows", "10"), ("NULL", "NULL"), ("NULL", nil), (" ", "0"),
            ("openSUSE Tumbleweed", "20261123"), (longest + "😀", longest + "😁"),
            (longest + "😀", longest + "😀"),
        ]

        private static let processors: [String?] = [
            "Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz", "Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz ",
            "Intel(R) Core(TM) I7-6500U CPU @ 2.50GHz", "Intel® Core™ i7-6500U CPU @ 2.50GHz", nil,
            "NULL", " ", long + "\u{10FFFF}",
        ]

        private static let daemons = [
            "systemd", "sshd", "cron", "rsyslogd", "dbus-daemon", "agetty", "nginx", "postgres",
            "java", "python3", "bash", "gvfs-udisks2-volume-monitor", "System Idle Process",
        ]

        private struct Program {
            var pid: Int
            var name: String
            /// The members of the record that tell the owner.
            var owner: [String]
        }

        private mutating func addHost(_ number: Int, _ executions: Int) {
            // Three hosts at a time have ids that look alike.
            let group = number / 3
            let id = ["host-\(group)", "HOST-\(group)", "host-\(group) "][number % 3]
            var running = (0..<18).map { _ in process() }
            var texts: [[UInt8]] = []
            for execution in 0..<executions {
                // The third and the fourth execution of some are at the same second.
                let day = execution == 3 && number % 5 == 0 ? 2 : execution
                let date = String(
                    format: "2026-%02d-%02dT%02d:%02d:%02dZ", 1 + number % 12, 1 + day,
                    number % 24, number % 60, number % 59)
                // Some have ended, others have begun; most go on with the PID they have.
                for index in running.indices where chance(0.1) { running[index] = process() }
                texts.append(snapshot(hostID: id, date, running + (0..<7).map { _ in process() }))
            }
            let folder = number % 4
            let name = "\(folder)/\(String(format: "%03d", number))"
            if number % 10 == 9 {
                files.append(
                    File(name: "\(name).jsonl", text: texts.flatMap(\.self), snapshots: executions))
            } else {
                for (index, text) in texts.enumerated() {
                    // Of some hosts the newest comes first.
                    let place = number % 2 == 0 ? index : executions - 1 - index
                    files.append(File(name: "\(name)-\(place).jsonl", text: text, snapshots: 1))
                }
            }
        }

        private mutating func process() -> Program {
            let owner: [String] =
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<5: [#""user":\#(quoted(user()))"#]
                case 5..<7: [#""uid":\#(Int.random(in: 0..<30, using: &random) * 100)"#]
                case 7..<8: [#""uid":1000,"user":\#(quoted(user()))"#]
                default: []
                }
            if chance(0.4) {
                // Names that look alike have the same PID, or nobody would have to tell them apart.
                let group = Int.random(in: 0..<Self.lookAlikes.count, using: &random)
                let name = Self.lookAlikes[group].randomElement(using: &random)!
                return Program(pid: 1000 + group, name: name, owner: owner)
            }
            let name = Self.daemons.randomElement(using: &random)!
            let pid =
                chance(0.02)
                ? [0, 1, 2_147_483_648, 4_294_967_295].randomElement(using: &random)!
                : Int.random(in: 1...4000, using: &random)
            return Program(pid: pid, name: name, owner: owner)
        }

        private mutating func user() -> String {
            if chance(0.6) { return "user\(Int.random(in: 0..<40, using: &random))" }
            while true {
                let name = Self.lookAlikes.randomElement(using: &random)!
                    .randomElement(using: &random)!
                if !name.isEmpty { return name }
            }
        }

        private mutating func text(or unknown: Double) -> String? {
            if chance(unknown) { return nil }
            if chance(0.7) {
                return "192.0.2.\(Int.random(in: 0..<256, using: &random))"
            }
            return Self.lookAlikes.randomElement(using: &random)!.randomElement(using: &random)!
        }

        private mutating func snapshot(hostID: String, _ date: String, _ running: [Program])
            -> [UInt8]
        {
            let digits = String(format: "%016lx%016lx", random.next(), random.next())
            let id = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)]
                .map { digits.dropFirst($0.0).prefix($0.1 - $0.0) }.joined(separator: "-")
            var programs = running
            if chance(0.3), let one = programs.randomElement(using: &random) {
                // The same process a second time, with another owner.
                programs.append(
                    Program(
                        pid: one.pid, name: one.name,
                        owner: chance(0.5) ? [] : [#""user":\#(quoted(user()))"#]))
            }
            var users = (0..<Int.random(in: 0...3, using: &random)).map { _ in user() }
            var collection = #""euid":0,"session_source":"utmp","processes_hidden":false"#
            if chance(0.05) {
                users = []
                collection = #""session_source":"none","processes_hidden":true"#
            } else if chance(0.05) {
                programs = []
                collection = #""session_source":"logind""#
            }
            let addresses = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                quoted(text(or: 0)!)
            }
            let system = Self.systems.randomElement(using: &random)!
            let model = Self.processors.randomElement(using: &random)!
            let host = [
                #""host_id":\#(quoted(hostID))"#, #""hostname":\#(quoted(text(or: 0.1)))"#,
                #""ip":\#(quoted(text(or: 0.1)))"#, #""kernel":\#(quoted(text(or: 0.5)))"#,
                #""addresses":[\#(addresses.joined(separator: ","))]"#,
            ]
            let os = [
                #""name":\#(quoted(system.name))"#, #""version":\#(quoted(system.version))"#,
            ]
            var lines = [
                record("snapshot", [#""format":1,"id":"\#(id)","taken_at":"\#(date)""#]),
                record("host", host), record("os_version", os),
                record("cpu_info", [#""model":\#(quoted(model))"#]),
                record("collection", [collection]),
            ]
            for process in programs {
                let name = #""pid":\#(process.pid),"name":\#(quoted(process.name))"#
                lines.append(record("process", [name] + process.owner))
            }
            for user in users { lines.append(record("user", [#""user":\#(quoted(user))"#])) }
            lines += packages()
            lines += accounts()
            let body = lines.joined()
            let digest = SHA256.hash(data: Data(body.utf8)).map { String(format: "%02x", $0) }
            let end = [
                #""processes":\#(programs.count)"#, #""users":\#(users.count)"#,
                #""sha256":"\#(digest.joined())""#,
            ]
            return Array((body + record("end", end)).utf8)
        }

        /// Of half of the snapshots, one of few lists; some have a package of their own.
        private mutating func packages() -> [String] {
            if chance(0.5) { return [] }
            var list = SplitMix64(state: UInt64.random(in: 0..<4, using: &random))
            var lines: [String] = []
            for group in Self.lookAlikes {
                guard let name = group.randomElement(using: &list), !name.isEmpty else { continue }
                let version = Self.lookAlikes.randomElement(using: &list)!.first!
                lines.append(
                    record(
                        "package",
                        [
                            #""type":"deb","name":\#(quoted(name))"#,
                            #""version":\#(quoted(version.isEmpty ? nil : version))"#,
                            #""source":\#(quoted(list.next() % 2 == 0 ? nil : name))"#,
                        ]))
            }
            if chance(0.2) {
                let name = quoted("own\(Int.random(in: 0..<1000, using: &random))")
                lines.append(
                    record("package", [#""type":"rpm","name":\#(name),"version":"1:2-3""#]))
            }
            return lines.shuffled(using: &random)
        }

        /// Of some snapshots, accounts and what they may do, listeners and keys.
        private mutating func accounts() -> [String] {
            if chance(0.6) { return [] }
            var lines: [String] = []
            for group in Self.lookAlikes {
                guard let name = group.randomElement(using: &random), !name.isEmpty else {
                    continue
                }
                let number = Int.random(in: 0..<3, using: &random)
                lines += [
                    record(
                        "account",
                        [
                            #""username":\#(quoted(name)),"uid":\#(number)"#,
                            #""groups":[\#(quoted(name)),"adm"],"is_enabled":\#(number > 0)"#,
                            #""last_login":\#(number * 1_000_000_000)"#,
                        ]),
                    record(
                        "privilege",
                        [
                            #""subject":\#(quoted(name)),"source":"/etc/sudoers""#,
                            #""rule":\#(quoted(name + " = " + name))"#,
                        ]),
                    record(
                        "authorized_key",
                        [
                            #""fingerprint":"SHA256:\#(number)","username":\#(quoted(name))"#,
                            #""algorithm":"ssh-rsa","options":\#(quoted(name))"#,
                        ]),
                    record(
                        "listening_port",
                        [
                            #""port":\#(number),"protocol":"tcp","family":"ipv6""#,
                            #""address":"::","process":\#(quoted(name))"#,
                            #""package":\#(quoted(name))"#,
                        ]),
                    record("ssh_host_key", [#""algorithm":\#(quoted(name)),"fingerprint":"f""#]),
                    record("patch", [#""hotfix_id":\#(quoted(name)),"installed_on":\#(number)"#]),
                ]
            }
            return lines
        }

        private func record(_ type: String, _ members: [String]) -> String {
            "{" + ([#""record":"\#(type)""#] + members).joined(separator: ",") + "}\n"
        }

        private mutating func chance(_ probability: Double) -> Bool {
            Double.random(in: 0..<1, using: &random) < probability
        }

        /// The text as JSON has it, `null` for nil.
        private func quoted(_ text: String?) -> String {
            guard let text else { return "null" }
            var json = "\""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"", "\\": json += "\\\(scalar)"
                case "\0"..<" ": json += String(format: "\\u%04x", scalar.value)
                default: json.unicodeScalars.append(scalar)
                }
            }
            return json + "\""
        }
    }
#endif
