import Database
import Evidence

extension SnapshotError {
    /// The error of a file with a value that the database refuses.
    /// - Parameter refusal: an error with the code `valueRefused`.
    init(_ refusal: DatabaseError) {
        let value =
            refusal.column.flatMap { column in
                Self.origins.first { $0.columns.contains(column) }.map { origin in
                    "\"\(origin.key(of: column))\" of the record \"\(origin.record)\""
                }
            } ?? "a value of the file"
        self.init(.unsupported, "the database refuses \(value): \(refusal.message)")
    }

    /// The columns of the database that hold fields of a record.
    private struct Origin {
        let record: String
        let columns: [String]
        /// The keys of columns with other names.
        var keys: [String: String] = [:]

        func key(of column: String) -> String { keys[column] ?? column.lowercased() }
    }

    private static let origins = [
        Origin(
            record: "snapshot",
            columns: [
                "Exec_date", "Newest_Exec_date", "UTC_offset_seconds", "Generator", "Snapshot_ID",
                "Newest_Snapshot_ID",
            ],
            keys: [
                "Exec_date": "taken_at", "Newest_Exec_date": "taken_at", "Snapshot_ID": "id",
                "Newest_Snapshot_ID": "id",
            ]),
        Origin(
            record: "host",
            columns: [
                "Host_ID", "Host_ID_source", "Hostname", "IP", "Address", "Boot_time", "Kernel",
                "Arch", "Container",
            ], keys: ["Address": "addresses"]),
        Origin(
            record: "os_version",
            columns: [
                "OS_Name", "OS_Version", "Version_or_empty", "Platform", "Platform_like",
                "Codename",
            ],
            keys: ["OS_Name": "name", "OS_Version": "version", "Version_or_empty": "version"]),
        Origin(
            record: "cpu_info",
            columns: [
                "Brand", "Manufacturer", "Sockets", "Number_of_cores", "Logical_processors",
                "Max_clock_speed_MHz",
            ], keys: ["Brand": "model"]),
        Origin(
            record: "collection",
            columns: [
                "Collector_euid", "Session_source", "Processes_hidden", "Processes_unreadable",
            ], keys: ["Collector_euid": "euid"]),
        Origin(
            record: "process", columns: ["PID", "Process_Name"], keys: ["Process_Name": "name"]),
        Origin(record: "user", columns: ["User_Name"], keys: ["User_Name": "user"]),
        Origin(record: "end", columns: ["Snapshot_SHA256"], keys: ["Snapshot_SHA256": "sha256"]),
    ]
}
