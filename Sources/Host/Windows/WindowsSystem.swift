#if WINDOWS
    import CHost
    import Records
    import Text

    /// What the running system says when it is asked.
    enum WindowsSystem {
        /// Of this computer in DNS, without a domain.
        static var hostname: String? { text { unsafe census_windows_hostname($0, $1) } }

        /// The domain or the workgroup that the computer is in.
        static var join: (domain: String?, workgroup: String?) {
            var isDomain: Int32 = 0
            let name = filledIn(text { unsafe census_windows_join(&isDomain, $0, $1) })
            return isDomain != 0 ? (name, nil) : (nil, name)
        }

        static var machineGUID: String? {
            registryText("SOFTWARE\\Microsoft\\Cryptography", "MachineGuid")
        }

        /// What Windows calls itself. Nil if it does not tell its numbers.
        static var version: WindowsVersion? {
            var numbers: [UInt32] = [0, 0, 0, 0]
            if unsafe census_windows_version(&numbers) != 0 { return nil }
            let key = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
            var version = WindowsVersion()
            version.major = Int(numbers[0])
            version.minor = Int(numbers[1])
            version.build = Int(numbers[2])
            version.isWorkstation = numbers[3] <= 1
            version.productName = registryText(key, "ProductName")
            version.editionID = registryText(key, "EditionID")
            version.displayVersion = registryText(key, "DisplayVersion")
            version.releaseID = registryText(key, "ReleaseId")
            version.servicePack = registryText(key, "CSDVersion")
            version.revision = registryNumber(key, "UBR")
            return version
        }

        /// `windows` in a container of Windows, whichever way it is isolated; `none` outside of one.
        /// The value is what .NET goes by, and is there in containers only.
        static var container: String {
            let key = "SYSTEM\\CurrentControlSet\\Control"
            return registryNumber(key, "ContainerType") == nil ? "none" : "windows"
        }

        static var cpuInfo: CPUInfoRecord {
            var counts: [UInt32] = [0, 0, 0]
            unsafe census_windows_processors(&counts)
            func known(_ count: UInt32) -> Int64? { count == 0 ? nil : Int64(count) }
            let key = "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0"
            var record = CPUInfoRecord()
            record.model = filledIn(registryText(key, "ProcessorNameString"))
            record.manufacturer = filledIn(registryText(key, "VendorIdentifier"))
            record.sockets = known(counts[0])
            record.numberOfCores = known(counts[1])
            record.logicalProcessors = known(counts[2])
            record.maxClockSpeedMHz = registryNumber(key, "~MHz")
            return record
        }

        /// Whether this process has the rights of an administrator (article "User Account Control").
        /// Nil if unknown.
        static var isElevated: Bool? {
            let result = census_windows_is_elevated()
            return result < 0 ? nil : result != 0
        }

        /// Nil if the system does not tell.
        static var addresses: [AdapterAddress]? {
            var addresses: [AdapterAddress] = []
            let isRead = list(census_windows_addresses, count: 7) { list, numbers in
                var bytes = [UInt8](repeating: 0, count: 16)
                var more: Int32 = 0
                let description = wide(512) {
                    more = unsafe census_windows_next_address(list, &numbers, &bytes, $0, $1)
                    return Int32(numbers[6])
                }
                if more == 0 { return false }
                var entry = AdapterAddress(
                    description: RawText(utf16: description ?? []).repaired,
                    bytes: Array(bytes.prefix(Int(numbers[5]))))
                entry.interfaceType = Int(numbers[0])
                entry.isUp = numbers[1] != 0
                entry.routeMetric = numbers[2] < 0 ? nil : Int(truncatingIfNeeded: numbers[2])
                entry.suffixOrigin = Int(numbers[3])
                entry.dadState = Int(numbers[4])
                addresses.append(entry)
                return true
            }
            return isRead ? addresses : nil
        }

        /// Nil if the system does not tell.
        static var sessions: [WindowsSession]? {
            var sessions: [WindowsSession] = []
            let isRead = list(census_windows_sessions, count: 6) { list, numbers in
                var more: Int32 = 0
                let texts = wide(4096) {
                    more = unsafe census_windows_next_session(list, &numbers, $0, $1)
                    return Int32(numbers[2...5].reduce(0, +))
                }
                if more == 0 { return false }
                var rest = (texts ?? [])[...]
                func next(_ index: Int) -> [UInt16] {
                    let count = Int(numbers[index])
                    defer { rest = rest.dropFirst(count) }
                    return Array(rest.prefix(count))
                }
                sessions.append(
                    WindowsSession(
                        state: Int(numbers[0]), user: next(2), domain: next(3), station: next(4),
                        client: next(5), logonTime: numbers[1]))
                return true
            }
            return isRead ? sessions : nil
        }

        /// Nil if the system does not tell.
        static var processes: [WindowsProcess]? {
            var processes: [WindowsProcess] = []
            let isRead = list(census_windows_processes, count: 4) { list, numbers in
                var more: Int32 = 0
                let name = wide(512) {
                    more = unsafe census_windows_next_process(list, &numbers, $0, $1)
                    return Int32(numbers[3])
                }
                if more == 0 { return false }
                processes.append(
                    WindowsProcess(
                        pid: numbers[0], parent: numbers[1], start: numbers[2],
                        name: name ?? []))
                return true
            }
            return isRead ? processes : nil
        }

        /// The security identifier of the process's owner and the path of its executable.
        static func details(
            of process: WindowsProcess
        ) -> (owner: [UInt8]?, path: [UInt16]?, isRefused: Bool) {
            var ownerCount: Int32 = 68  // SECURITY_MAX_SID_SIZE
            var pathCount: Int32 = 0
            var owner = [UInt8](repeating: 0, count: Int(ownerCount))
            let path = wide(32_768) {
                pathCount = $1
                unsafe census_windows_process(
                    process.pid, process.start, &owner, &ownerCount, $0, &pathCount)
                return pathCount
            }
            func isRefusal(_ count: Int32) -> Bool {
                count < 0 && census_error_meaning(-count) == census_refusal
            }
            return (
                ownerCount < 0 ? nil : Array(owner.prefix(Int(ownerCount))), path,
                isRefusal(ownerCount) || isRefusal(pathCount)
            )
        }

        /// `DOMAIN\user`, or the identifier itself as `S-1-5-…`.
        static func account(_ identifier: [UInt8]) -> RawText? {
            wide(600) { unsafe census_windows_account(identifier, $0, $1) }
                .map { RawText(utf16: $0) }
        }

        /// The account of this process.
        static var user: String? { text { unsafe census_windows_user($0, $1) } }

        static func registryText(_ key: String, _ value: String) -> String? {
            let (key, value) = (Array(key.utf8) + [0], Array(value.utf8) + [0])
            return text { unsafe census_windows_registry_text(key, value, $0, $1) }
        }

        private static func registryNumber(_ key: String, _ value: String) -> Int64? {
            let (key, value) = (Array(key.utf8) + [0], Array(value.utf8) + [0])
            let number = unsafe census_windows_registry_number(key, value)
            return number < 0 ? nil : number
        }

        /// Reads a list of CHost to its end. `next` takes an entry, and gives false after the last.
        /// - Returns: whether there is such a list.
        private static func list(
            _ begin: (UnsafeMutablePointer<Int32>) -> UnsafeMutableRawPointer?, count: Int,
            _ next: (UnsafeMutableRawPointer, inout [Int64]) -> Bool
        ) -> Bool {
            var error: Int32 = 0
            guard let list = unsafe begin(&error) else { return false }
            defer { unsafe census_windows_end_list(list) }
            var numbers = [Int64](repeating: 0, count: count)
            while unsafe next(list, &numbers) {}
            return true
        }

        /// Reads a list of CHost as rows, at most so many, and releases it.
        /// - Parameter error: why there is no list.
        @inline(never)
        static func rows(
            _ list: UnsafeMutableRawPointer?, _ error: Int32, limit: Int = 100_000
        ) -> WindowsRows {
            var rows = WindowsRows()
            guard let list = unsafe list else {
                rows.failure = .system(-error)
                return rows
            }
            defer { unsafe census_windows_end_list(list) }
            let numberCount = Int(census_row_numbers)
            var numbers = [Int64](repeating: 0, count: Int(census_row_size))
            var texts = [UInt16](repeating: 0, count: 32_768)
            while true {
                let result = unsafe census_windows_next(
                    list, &numbers, &texts, Int32(texts.count))
                if result == 0 { break }
                if result < 0 || rows.items.count == limit {
                    rows.failure = result < 0 ? .system(-result) : .tooMany
                    break
                }
                var row = WindowsRow()
                row.numbers = Array(numbers[..<numberCount])
                var start = 0
                for length in numbers[numberCount...] {
                    let end = start + Int(max(0, length))
                    row.texts.append(length < 0 ? nil : Array(texts[start..<end]))
                    start = end
                }
                rows.items.append(row)
            }
            return rows
        }

        private static func text(
            _ call: (UnsafeMutablePointer<UInt16>, Int32) -> Int32
        ) -> String? {
            wide(1024) { unsafe call($0, $1) }.map { RawText(utf16: $0).repaired }
        }

        /// The text that a call puts into a buffer, whose length is what it gives.
        /// - Returns: nil where it gives an error.
        private static func wide(
            _ capacity: Int32, _ call: (UnsafeMutablePointer<UInt16>, Int32) -> Int32
        ) -> [UInt16]? {
            var count: Int32 = 0
            let text = unsafe [UInt16](unsafeUninitializedCapacity: Int(capacity)) { buffer, used in
                count = unsafe call(buffer.baseAddress!, capacity)
                used = Int(max(0, count))
            }
            // A copy, which takes no more memory than it needs (a slice of all would be the same).
            return count < 0 ? nil : text.map { $0 }
        }
    }

    extension LiveSystem {
        /// The account that this process acts as: `DOMAIN\user`.
        package static var userName: String { WindowsSystem.user ?? "unknown" }
    }
#endif
