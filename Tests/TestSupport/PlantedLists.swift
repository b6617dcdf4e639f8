extension PlantedFleet {
    /// Hosts whose lists changed before their last execution; see `Lists`.
    public enum ListPlant: Int, Sendable {
        case installed = 50
        case removed, upgraded, downgraded
        case account, leaver, locked, superuser, administrator
        case authorizedKey, hostKey
        case opened, closed, replaced
        /// Packages and listeners are unknown; nothing else changed.
        case unknown
        /// Another machine with the id and the address of the host.
        case otherHardware
        /// A copy of the disk of the host before, with an id of its own.
        case copy
        /// Its last login, the PID of its server, and the time of an installation: no difference.
        case volatile
    }

    /// The lists of a host in one execution, and what goes with them in other records.
    struct Lists {
        /// Members of the record `host`.
        let hardware: String
        /// Members of the record `collection`.
        let sources: String
        private(set) var lines: [String] = []

        init(_ host: Int, isLast: Bool) {
            let plant = isLast ? ListPlant(rawValue: host) : nil
            let isOther = plant == .otherHardware
            let machine = isOther ? 1000 : host
            hardware =
                #","container":"none","uuid":"\#(uuid(machine))","hardware_vendor":"Dell Inc.","#
                + #""hardware_serial":"SN\#(machine)","#
                + #""interfaces":["eno1 52:54:00:10:\#(10 + machine / 90):\#(10 + machine % 90)"]"#
            var sources = [
                "package dpkg var/lib/dpkg/status", "account passwd etc/passwd",
                "privilege sudoers etc/sudoers",
                "authorized_key sshd root/.ssh/authorized_keys",
                "ssh_host_key sshd etc/ssh/ssh_host_ed25519_key.pub",
                "listening_port proc proc/net/tcp",
            ]
            if plant == .unknown {
                sources.removeAll { $0.hasPrefix("package") || $0.hasPrefix("listening_port") }
            }
            self.sources =
                #","sources":["# + sources.map { "\"\($0)\"" }.joined(separator: ",") + "]"
            if plant != .unknown {
                addPackages(plant)
                addPorts(plant)
            }
            addAccounts(plant)
            // A copy has the key of the host whose disk it is from.
            let keyOwner = host == ListPlant.copy.rawValue ? host - 1 : host
            lines.append(
                #"{"record":"ssh_host_key","algorithm":"ssh-ed25519","fingerprint":"SHA256:host\#(plant == .hostKey ? 9999 : keyOwner)"}"#
            )
        }

        private mutating func addPackages(_ plant: ListPlant?) {
            let time = #","install_time":\#(plant == .volatile ? 1_790_000_000 : 1_780_000_000)"#
            var versions = [
                ("adduser", "3.134"), ("auditd", "1:3.0.9-1"), ("bash", "5.2.15-2+b7"),
                ("openssh-server", "1:9.2p1-2+deb12u3"), ("openssl", "3.0.14-1~deb12u1"),
                ("postgresql-15", "15.8-0+deb12u1"),
            ]
            switch plant {
            case .installed: versions.append(("nmap", "7.93+dfsg1-1"))
            case .removed: versions.remove(at: 1)
            case .upgraded: versions[4].1 = "3.0.14-1~deb12u2"
            case .downgraded: versions[4].1 = "3.0.9-1"
            default: break
            }
            lines += versions.map { package($0.0, $0.1, #","arch":"amd64"\#(time)"#) }
        }

        private mutating func addPorts(_ plant: ListPlant?) {
            func port(
                _ port: Int, _ address: String, _ pid: Int, _ process: String, _ path: String,
                _ package: String?
            ) -> String {
                #"{"record":"listening_port","port":\#(port),"protocol":"tcp","family":"ipv4","address":"\#(address)","pid":\#(pid),"process":"\#(process)","path":"\#(path)""#
                    + (package.map { #","package":"\#($0)""# } ?? "") + "}"
            }
            let path = "/usr/lib/postgresql/15/bin/postgres"
            let owner = plant == .replaced ? "ssh-of-our-own" : "openssh-server"
            lines.append(
                port(
                    22, "0.0.0.0", plant == .volatile ? 4712 : 20, "sshd", "/usr/sbin/sshd", owner))
            if plant != .closed {
                lines.append(port(5432, "127.0.0.1", 30, "postgres", path, "postgresql-15"))
            }
            if plant == .opened {
                lines.append(port(4444, "0.0.0.0", 666, "nc", "/tmp/nc", nil))
            }
        }

        private mutating func addAccounts(_ plant: ListPlant?) {
            func account(_ name: String, _ uid: Int, _ status: String, _ more: String = "") {
                lines.append(
                    #"{"record":"account","username":"\#(name)","uid":\#(uid),"gid":\#(uid),"is_enabled":\#(status == "set"),"password_status":"\#(status)"\#(more)}"#
                )
            }
            account("root", 0, "locked")
            account(
                "anna", 1000, plant == .locked ? "locked" : "set",
                #","last_login":\#(plant == .volatile ? 1_790_000_000 : 1_780_000_000)"#)
            if plant != .leaver { account("bert", 1001, "set") }
            if plant == .account { account("mallory", 1002, "set") }
            if plant == .superuser { account("toor", 0, "set") }
            func privilege(_ subject: String, _ rule: String) {
                lines.append(
                    #"{"record":"privilege","subject":"\#(subject)","source":"/etc/sudoers","rule":"\#(rule)"}"#
                )
            }
            privilege("%sudo", "ALL=(ALL:ALL) ALL")
            if plant == .administrator { privilege("bert", "ALL=(ALL) NOPASSWD: ALL") }
            func key(_ name: String) {
                lines.append(
                    #"{"record":"authorized_key","fingerprint":"SHA256:\#(name)","username":"anna","algorithm":"ssh-ed25519","path":"/home/anna/.ssh/authorized_keys"}"#
                )
            }
            key("anna")
            if plant == .authorizedKey { key("mallory") }
        }
    }
}
