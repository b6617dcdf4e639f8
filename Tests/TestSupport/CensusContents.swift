#if MySQL
    public import SystemPackage

    /// Where a census is, and how a test sees what is in it without census's own code.
    public enum CensusContents {
        case file(FilePath)
        /// Runs a script on a server and gives the rows, with tabs between the values.
        case server((_ script: String) throws -> String)

        /// Compares what the tables hold of all snapshots, in terms that do not depend on which ids
        /// the database gave.
        /// - Returns: for each query that gives other rows one row that only one of them has, texts
        ///   in hexadecimal.
        public func differences(from other: CensusContents) throws -> [String] {
            try Self.queries.compactMap { name, query in
                let (ours, theirs) = try (rows(query), other.rows(query))
                if ours == theirs { return nil }
                let place = zip(ours, theirs).prefix { $0 == $1 }.count
                func row(_ rows: [Substring]) -> Substring {
                    place < rows.count ? rows[place].prefix(300) : "nothing"
                }
                return "\(name) (\(ours.count), \(theirs.count)): \(row(ours)) | \(row(theirs))"
            }
        }

        private static let queries: KeyValuePairs = [
            "executions": """
            SELECT e.Snapshot_ID, e.Snapshot_SHA256, \(hex("s.Host_ID")), e.Exec_date,
                   \(hex("e.Hostname")), \(hex("e.IP")), \(hex("o.OS_Name")),
                   \(hex("o.OS_Version")), \(hex("p.Brand")), \(hex("e.Kernel")), e.Processes_known,
                   e.Users_known, e.Collector_euid, \(hex("e.Session_source")), e.Processes_hidden,
                   e.Boot_time, e.UTC_offset_seconds, \(hex("e.Arch")), \(hex("e.Container")),
                   \(hex("e.Host_ID_source")), \(hex("e.Platform")), \(hex("e.Platform_like")),
                   \(hex("e.Codename")), \(hex("e.Manufacturer")), e.Sockets, e.Number_of_cores,
                   e.Logical_processors, e.Max_clock_speed_MHz, e.Processes_unreadable,
                   \(hex("e.Generator")), e.Date_is_possible, e.Collector_elevated,
                   e.Packages_known, k.Set_SHA256, k.Item_count, \(hex("e.Unread_files"))
            FROM Executions e
            JOIN Servers s ON s.Server_ID = e.Server_ID
            JOIN OS o ON o.OS_ID = e.OS_ID
            LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
            LEFT JOIN PACKAGE_SETS k ON k.Package_Set_ID = e.Package_Set_ID
            """,
            "servers": """
            SELECT \(hex("s.Host_ID")), \(hex("s.Hostname")), \(hex("s.IP")), \(hex("o.OS_Name")),
                   \(hex("o.OS_Version")), \(hex("p.Brand")), s.Newest_date_is_possible, s.Newest_Exec_date, s.Newest_Snapshot_ID
            FROM Servers s
            JOIN OS o ON o.OS_ID = s.OS_ID
            LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID
            """,
            "processes of executions": """
            SELECT e.Snapshot_ID, p.PID, \(hex("p.Process_Name")), \(hex("u.User_Name"))
            FROM PROCESSES_PER_EXECUTION x
            JOIN Executions e ON e.Execution_ID = x.Execution_ID
            JOIN Processes p ON p.Process_ID = x.Process_ID
            LEFT JOIN USERS u ON u.User_ID = x.Owner_ID
            """,
            "users of executions": """
            SELECT e.Snapshot_ID, \(hex("u.User_Name"))
            FROM USERS_PER_EXECUTION x
            JOIN Executions e ON e.Execution_ID = x.Execution_ID
            JOIN USERS u ON u.User_ID = x.User_ID
            """,
            "addresses of executions": """
            SELECT e.Snapshot_ID, \(hex("x.Address"))
            FROM ADDRESSES_PER_EXECUTION x
            JOIN Executions e ON e.Execution_ID = x.Execution_ID
            """,
            "packages of sets": """
            SELECT k.Set_SHA256, p.Package_SHA256
            FROM PACKAGES_PER_SET x
            JOIN Packages p ON p.Package_ID = x.Package_ID
            JOIN PACKAGE_SETS k ON k.Package_Set_ID = x.Package_Set_ID
            """,
            "Accounts of executions": """
            SELECT e.Snapshot_ID, e.Accounts_known, k.Set_SHA256, k.Item_count, i.Account_SHA256
            FROM Executions e
            LEFT JOIN ACCOUNT_SETS k ON k.Account_Set_ID = e.Account_Set_ID
            LEFT JOIN ACCOUNTS_PER_SET x ON x.Account_Set_ID = k.Account_Set_ID
            LEFT JOIN Accounts i ON i.Account_ID = x.Account_ID
            """,
            "Privileges of executions": """
            SELECT e.Snapshot_ID, e.Privileges_known, k.Set_SHA256, k.Item_count, i.Privilege_SHA256
            FROM Executions e
            LEFT JOIN PRIVILEGE_SETS k ON k.Privilege_Set_ID = e.Privilege_Set_ID
            LEFT JOIN PRIVILEGES_PER_SET x ON x.Privilege_Set_ID = k.Privilege_Set_ID
            LEFT JOIN Privileges i ON i.Privilege_ID = x.Privilege_ID
            """,
            "Authorized_keys of executions": """
            SELECT e.Snapshot_ID, e.Authorized_keys_known, k.Set_SHA256, k.Item_count, i.Authorized_Key_SHA256
            FROM Executions e
            LEFT JOIN AUTHORIZED_KEY_SETS k ON k.Authorized_Key_Set_ID = e.Authorized_Key_Set_ID
            LEFT JOIN AUTHORIZED_KEYS_PER_SET x ON x.Authorized_Key_Set_ID = k.Authorized_Key_Set_ID
            LEFT JOIN Authorized_keys i ON i.Authorized_Key_ID = x.Authorized_Key_ID
            """,
            "SSH_host_keys of executions": """
            SELECT e.Snapshot_ID, e.SSH_host_keys_known, k.Set_SHA256, k.Item_count, i.SSH_Host_Key_SHA256
            FROM Executions e
            LEFT JOIN SSH_HOST_KEY_SETS k ON k.SSH_Host_Key_Set_ID = e.SSH_Host_Key_Set_ID
            LEFT JOIN SSH_HOST_KEYS_PER_SET x ON x.SSH_Host_Key_Set_ID = k.SSH_Host_Key_Set_ID
            LEFT JOIN SSH_host_keys i ON i.SSH_Host_Key_ID = x.SSH_Host_Key_ID
            """,
            "Patches of executions": """
            SELECT e.Snapshot_ID, e.Patches_known, k.Set_SHA256, k.Item_count, i.Patch_SHA256
            FROM Executions e
            LEFT JOIN PATCH_SETS k ON k.Patch_Set_ID = e.Patch_Set_ID
            LEFT JOIN PATCHES_PER_SET x ON x.Patch_Set_ID = k.Patch_Set_ID
            LEFT JOIN Patches i ON i.Patch_ID = x.Patch_ID
            """,
            "listeners of executions": """
            SELECT e.Snapshot_ID, e.Listening_ports_known, i.Listening_Port_SHA256, i.Port,
                   \(hex("i.Address")), \(hex("i.Package_Name"))
            FROM Executions e
            LEFT JOIN LISTENING_PORTS_PER_EXECUTION x ON x.Execution_ID = e.Execution_ID
            LEFT JOIN Listening_ports i ON i.Listening_Port_ID = x.Listening_Port_ID
            """,
            "hardware of executions": """
            SELECT Snapshot_ID, Hardware_UUID, Physical_memory, \(hex("Interfaces")),
                   \(hex("Hardware_vendor")), \(hex("Hardware_model")),
                   \(hex("Hardware_serial")), \(hex("Virtualization"))
            FROM Executions
            """,
            // Each thing once: no row that nothing leads to, and none that is there twice.
            "OS": "SELECT \(hex("OS_Name")), \(hex("OS_Version")) FROM OS",
            "Processors": "SELECT \(hex("Brand")) FROM Processors",
            "Processes": "SELECT PID, \(hex("Process_Name")) FROM Processes",
            "USERS": "SELECT \(hex("User_Name")) FROM USERS",
            "ACCOUNT_SETS": "SELECT Set_SHA256 FROM ACCOUNT_SETS",
            "Accounts": "SELECT Account_SHA256 FROM Accounts",
            "PRIVILEGE_SETS": "SELECT Set_SHA256 FROM PRIVILEGE_SETS",
            "Privileges": "SELECT Privilege_SHA256 FROM Privileges",
            "AUTHORIZED_KEY_SETS": "SELECT Set_SHA256 FROM AUTHORIZED_KEY_SETS",
            "Authorized_keys": "SELECT Authorized_Key_SHA256 FROM Authorized_keys",
            "SSH_HOST_KEY_SETS": "SELECT Set_SHA256 FROM SSH_HOST_KEY_SETS",
            "SSH_host_keys": "SELECT SSH_Host_Key_SHA256 FROM SSH_host_keys",
            "PATCH_SETS": "SELECT Set_SHA256 FROM PATCH_SETS",
            "Patches": "SELECT Patch_SHA256 FROM Patches",
            "Listening_ports": "SELECT Listening_Port_SHA256 FROM Listening_ports",
            "PACKAGE_SETS": "SELECT Set_SHA256 FROM PACKAGE_SETS",
            "Packages": """
            SELECT Package_SHA256, \(hex("Package_Type")), \(hex("Package_Name")),
                   \(hex("Version")), \(hex("Package_Arch")), \(hex("Source")), \(hex("Source_version")),
                   \(hex("Publisher"))
            FROM Packages
            """,
        ]

        /// (Of NULL, SQLite's `HEX` gives an empty text.)
        private static func hex(_ column: String) -> String {
            "CASE WHEN \(column) IS NOT NULL THEN HEX(\(column)) END"
        }

        /// The server's ids by the hosts' ones in hexadecimal.
        public func serverIDs() throws -> [String: Int] {
            let pairs = try rows("SELECT HEX(Host_ID), Server_ID FROM Servers").map {
                let parts = $0.split(separator: "\t", omittingEmptySubsequences: false)
                return (String(parts[0]), Int(parts[1])!)
            }
            return Dictionary(uniqueKeysWithValues: pairs)
        }

        /// The rows of a query, sorted, with tabs between the values, which are ASCII.
        public func rows(_ query: String) throws -> [Substring] {
            try output(query).split(separator: "\n", omittingEmptySubsequences: false)
                .dropLast().sorted()
        }

        private func output(_ query: String) throws -> String {
            switch self {
            case .server(let run): return try run(query)
            case .file(let path):
                let result = try TestSupport.run(
                    "sqlite3", ["-separator", "\t", "-nullvalue", "NULL", path.string, query])
                guard result.status == 0 else { throw MariaDBError(result.error) }
                return result.output
            }
        }
    }

    /// Where bytes begin to differ and what stands there; nil where they do not. (Swift Testing looks
    /// for the smallest difference of two arrays, which takes minutes for long ones.)
    public func difference(_ ours: [UInt8], _ theirs: [UInt8]) -> String? {
        if ours == theirs { return nil }
        let place = zip(ours, theirs).prefix { $0 == $1 }.count
        func text(_ bytes: [UInt8]) -> String {
            String(decoding: bytes[max(0, place - 60)...].prefix(120), as: UTF8.self)
        }
        return "at byte \(place): \(text(ours)) | \(text(theirs))"
    }

    /// Compares the rows of the five reports, whatever their order.
    /// - Parameter renumbering: the `Server_ID` that `theirs` has in the place of each of `ours`.
    /// - Returns: for each report that is another one, a row that one of them has more often.
    public func differencesOfReports(
        _ ours: String, renumbering: [Int: Int], _ theirs: String
    ) throws -> [String] {
        try zip(reportRows(of: ours, renumbering), reportRows(of: theirs, nil)).compactMap {
            if $0 == $1 { return nil }
            let row =
                $0.first { [theirs = $1] in theirs[$0.key] != $0.value }
                ?? $1.first { [ours = $0] in ours[$0.key] != $0.value }
            return row.map { String(decoding: $0.key.prefix(300), as: UTF8.self) }
        }
    }

    /// For each report how often each row of its JSON is in it. (By bytes: a `String` takes names for
    /// equal that are not.)
    private func reportRows(
        of database: String, _ renumbering: [Int: Int]?
    ) throws -> [[[UInt8]: Int]] {
        let directory = try TemporaryDirectory()
        let result = try run(
            census, ["report", "--format", "json", "-o", "out", "--db", database],
            in: directory.path)
        guard result.status == 0 else { throw MariaDBError(result.error) }
        let start = Array(#"{"Server_ID": "#.utf8)
        return try (1...5).map { number in
            var rows: [[UInt8]: Int] = [:]
            for line in try directory.read("out/test_\(number).json").split(separator: 10) {
                var row = Array(line.last == UInt8(ascii: ",") ? line.dropLast() : line)
                if let renumbering, row.starts(with: start) {
                    let digits = row[start.count...].prefix { $0 != UInt8(ascii: ",") }
                    let id = renumbering[Int(String(decoding: digits, as: UTF8.self))!]!
                    row.replaceSubrange(digits.indices, with: String(id).utf8)
                }
                rows[row, default: 0] += 1
            }
            return rows
        }
    }
#endif
