#if WINDOWS
    import CHost
    import Records
    import Text

    /// Reads the lists of what a host with Windows has: programs, updates, accounts, who has rights,
    /// sockets. Each names its sources in the log; one that does not exist is not named.
    struct WindowsInventory {
        let log: SourceLog
        /// The kinds that are asked for.
        let choice: RecordChoice
        /// The machine's hardware name.
        let arch: String?

        private static let windows = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\"
        static let windowsNT = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
        /// On a controller of a domain the accounts are all of the domain.
        private static let accountLimit = 10_000

        // MARK: Programs

        /// The programs that have an entry for themselves or for the system, as osquery's table
        /// `programs` has them: also those that Programs and Features hides, because another program
        /// has brought them, or as parts of the system (ParentKeyName, SystemComponent).
        func packages() -> [PackageRecord] {
            guard choice.contains(.packages) else { return [] }
            var packages: [PackageRecord] = []
            func add(
                _ isUsers: Bool, _ is32Bit: Bool, _ path: String, _ name: String, _ arch: RawText?
            ) {
                var rows = Self.keys(
                    isUsers, is32Bit, path, "DisplayName\0DisplayVersion\0Publisher\0InstallDate\0")
                if rows.isAbsent { return }
                for row in rows.items {
                    if let record = PackageRecord(program: row, arch: arch) {
                        packages.append(record)
                    }
                }
                rows.noteUnreadableKeys()
                log.add("package windows", name, rows.failure)
            }
            let uninstall = Self.windows + "Uninstall"
            let is64Bit = arch != "i686"
            // On ARM64 the view has programs for that processor and for x64.
            let native: RawText? = !is64Bit ? "x86" : arch == "x86_64" ? "x64" : nil
            add(false, false, uninstall, "HKLM\\" + uninstall, native)
            if is64Bit {
                add(
                    false, true, uninstall,
                    "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall",
                    "x86")
            }
            let users = Self.keys(true, false, "", "")
            if users.failure != nil { log.add("package windows", "HKU", users.failure) }
            for user in users.items {
                guard let sid = user.text(0), sid.bytes.index(of: "S-") == 0,
                    sid.bytes.index(of: "_") == nil
                else { continue }
                let path = sid.repaired + "\\" + uninstall
                add(true, false, path, "HKU\\" + path, nil)
            }
            return packages
        }

        // MARK: Updates

        /// The updates that Win32_QuickFixEngineering has, from where it has them.
        func patches() -> [PatchRecord] {
            guard choice.contains(.patches) else { return [] }
            let path = Self.windows + "Component Based Servicing\\Packages"
            var rows = Self.keys(
                false, false, path, "CurrentState\0InstallTimeHigh\0InstallTimeLow\0")
            if rows.isAbsent { return [] }
            var patches: [PatchRecord] = []
            let root = WindowsSystem.registryText(Self.windowsNT, "SystemRoot") ?? ""
            for row in rows.items {
                guard var package = ServicingPackage(row) else { continue }
                var description: RawText?
                if package.isWhole, let name = row.text(0)?.repaired {
                    let manifest = "\(root)\\servicing\\Packages\\\(name).mum"
                    let file = Self.file(manifest, limit: 1 << 14)
                    description = package.readManifest(file.bytes)
                }
                patches.add(package, description: description)
            }
            rows.noteUnreadableKeys()
            log.add("patch windows", "HKLM\\" + path, rows.failure)
            return patches
        }

        // MARK: Accounts

        /// The accounts of this computer.
        func accounts() -> [AccountRecord] {
            guard choice.contains(.accounts) || choice.contains(.authorizedKeys) else { return [] }
            var error: Int32 = 0
            var names = WindowsSystem.rows(
                unsafe census_windows_accounts(&error), error, limit: Self.accountLimit)
            var ages = PasswordAges()
            var seconds: [Int64] = [-1, 0]
            if unsafe census_windows_password_ages(&seconds) == 0 {
                ages.maxDays = seconds[0] < 0 ? nil : seconds[0] / 86_400
                ages.minDays = seconds[1] == 0 ? nil : seconds[1] / 86_400
            }
            let now = census_now()
            let profiles = profiles()
            var accounts: [AccountRecord] = []
            for row in names.items {
                let rows = WindowsSystem.rows(
                    unsafe census_windows_account_facts((row.texts[0] ?? []) + [0], &error), error)
                for facts in rows.items {
                    guard
                        var account = AccountRecord(windows: facts, now: now, ages: ages)
                    else { continue }
                    if account.home == nil {
                        account.home = profiles.first { $0.sid == account.sid }?.path
                    }
                    accounts.append(account)
                }
                // It may have been deleted meanwhile.
                if !rows.isAbsent, let failure = rows.failure { names.failure = failure }
            }
            if choice.contains(.accounts) {
                log.add("account windows", "NetUserEnum", names.failure)
            }
            return accounts
        }

        /// The directories of those who have logged in, by their security identifiers.
        func profiles() -> [(sid: String, path: RawText)] {
            var profiles: [(sid: String, path: RawText)] = []
            let rows = Self.keys(
                false, false, Self.windowsNT + "\\ProfileList", "ProfileImagePath\0")
            for row in rows.items {
                if let sid = row.text(0), let path = row.text(1) {
                    profiles.append((sid.repaired, path))
                }
            }
            return profiles
        }

        // MARK: Rights

        /// Of the groups in BUILTIN those by which one has rights over others: Administrators, Power
        /// Users, Account, Server, Print and Backup Operators, Remote Desktop Users, Network
        /// Configuration Operators, Distributed COM Users, Cryptographic Operators, Hyper-V
        /// Administrators, Remote Management Users (article "Well-known SIDs").
        private static let groups: [UInt32] = [
            544, 547, 548, 549, 550, 551, 555, 556, 562, 569, 578, 580,
        ]

        /// The members of groups that have rights.
        func privileges() -> [PrivilegeRecord] {
            guard choice.contains(.privileges) else { return [] }
            var privileges: [PrivilegeRecord] = []
            var isRead = false
            var error: Int32 = 0
            for id in Self.groups {
                let rows = WindowsSystem.rows(
                    unsafe census_windows_members(id, &error), error, limit: Self.accountLimit)
                if rows.isAbsent { continue }
                if rows.failure == nil {
                    isRead = true
                } else {
                    log.add("privilege windows", "S-1-5-32-\(id)", rows.failure)
                }
                guard let group = rows.items.first?.text(0) else { continue }
                for row in rows.items.dropFirst() {
                    guard let member = row.text(0) else { continue }
                    privileges.append(
                        PrivilegeRecord(subject: member, source: "group", rule: group))
                }
            }
            if isRead { log.add("privilege windows", "BUILTIN", nil) }
            return privileges
        }

        // MARK: Sockets

        /// The sockets that accept connections or datagrams.
        /// - Parameter processes: all of the system.
        func listeningPorts(_ processes: [ProcessRecord]) -> [ListeningPortRecord] {
            guard choice.contains(.listeningPorts) else { return [] }
            var ports: [ListeningPortRecord] = []
            var error: Int32 = 0
            for kind: Int32 in 0..<4 {
                let start = ports.count
                let rows = WindowsSystem.rows(
                    unsafe census_windows_ports(kind / 2, kind & 1, &error), error)
                // A system without IPv6.
                if rows.isAbsent { continue }
                for row in rows.items {
                    if let record = ListeningPortRecord(windows: row, isUDP: kind > 1) {
                        ports.add(record, from: start)
                    }
                }
                let table = kind > 1 ? "GetExtendedUdpTable" : "GetExtendedTcpTable"
                log.add(
                    "listening_port windows", table + (kind & 1 == 0 ? " IPv4" : " IPv6"),
                    rows.failure)
            }
            for index in ports.indices {
                for process in processes where process.pid == ports[index].pid {
                    ports[index].process = process.name
                    ports[index].path = process.path
                }
            }
            return ports
        }

        // MARK: Questions

        /// - Parameter values: each with a NUL behind it.
        private static func keys(
            _ isUsers: Bool, _ is32Bit: Bool, _ path: String, _ values: String
        ) -> WindowsRows {
            let path = Array(path.utf8) + [0]
            let values = Array(values.utf8)
            var error: Int32 = 0
            let list = unsafe census_windows_keys(
                isUsers ? 1 : 0, is32Bit ? 1 : 0, path, values, Int64(values.count), &error)
            return unsafe WindowsSystem.rows(list, error)
        }

        /// The first bytes of a file, at most so many, and why there are none.
        static func file(
            _ path: String, limit: Int32
        ) -> (bytes: [UInt8], failure: SourceFailure?, isAbsent: Bool) {
            let path = Array(path.utf8) + [0]
            var count: Int64 = 0
            let bytes = filled(upTo: limit) {
                count = unsafe census_windows_read_file(path, $0, $1)
                return Int32(count)
            }
            if count >= 0 { return (bytes, nil, false) }
            let code = Int32(-count)
            return (
                [], code == census_invalid() ? .notRegular : .system(code),
                census_error_meaning(code) == census_no_such_name
            )
        }
    }

    extension HostRecord {
        /// Adds what the hardware is.
        mutating func readHardware() {
            var length: Int32 = 0
            let table = filled(upTo: 1 << 18) {
                length = unsafe census_windows_firmware($0, $1)
                return length
            }
            let smbios = length < 0 ? nil : SMBIOS(table)
            uuid = smbios?.uuid
            if let smbios {
                hardwareVendor = knownHardwareText(trimmed(smbios.vendor))
                hardwareModel = knownHardwareText(trimmed(smbios.model))
                hardwareSerial = knownHardwareText(trimmed(smbios.serial))
            }
            virtualization = virtualMachine(smbios, hypervisor: LiveSystem.hypervisor ?? [])
            let memory = census_windows_memory()
            physicalMemory = memory <= 0 ? nil : memory
            var error: Int32 = 0
            let adapters = WindowsSystem.rows(unsafe census_windows_adapters(&error), error)
            if adapters.failure == nil {
                interfaces = sortedByBytes(adapters.items.compactMap { RawText(adapter: $0) })
            }
        }
    }
#endif
