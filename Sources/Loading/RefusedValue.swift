import Database
import Evidence
import Records

extension SnapshotError {
    /// The error of a file with a value that the database refuses.
    /// - Parameter refusal: an error with the code `valueRefused`.
    init(_ refusal: DatabaseError) {
        let value =
            refusal.column.flatMap { column in
                (ObservedColumns.origins + Self.listedOrigins + Self.otherOrigins).first {
                    $0.column == column
                }
                .map { "\"\($0.key)\" of the record \"\($0.record)\"" }
            } ?? "a value of the file"
        self.init(.unsupported, "the database refuses \(value): \(refusal.message)")
    }

    private static let listedOrigins = ListedKind.all.flatMap { kind in
        kind.columns.map {
            ColumnOrigins.Origin(column: $0.name, record: kind.record, key: $0.key)
        }
    }

    /// Columns of other tables, and of `Executions` where the loader writes them itself.
    private static let otherOrigins: [ColumnOrigins.Origin] = [
        ColumnOrigins.Origin(column: "Exec_date", record: "snapshot", key: "taken_at"),
        ColumnOrigins.Origin(column: "Newest_Exec_date", record: "snapshot", key: "taken_at"),
        ColumnOrigins.Origin(column: "Newest_Snapshot_ID", record: "snapshot", key: "id"),
        ColumnOrigins.Origin(column: "Host_ID", record: "host", key: "host_id"),
        ColumnOrigins.Origin(column: "Address", record: "host", key: "addresses"),
        ColumnOrigins.Origin(column: "OS_Name", record: "os_version", key: "name"),
        ColumnOrigins.Origin(column: "OS_Version", record: "os_version", key: "version"),
        ColumnOrigins.Origin(column: "Version_or_empty", record: "os_version", key: "version"),
        ColumnOrigins.Origin(column: "Brand", record: "cpu_info", key: "model"),
        ColumnOrigins.Origin(column: "PID", record: "process", key: "pid"),
        ColumnOrigins.Origin(column: "Process_Name", record: "process", key: "name"),
        ColumnOrigins.Origin(column: "Snapshot_SHA256", record: "end", key: "sha256"),
    ]
}
