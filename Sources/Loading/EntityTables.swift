import Database
import Records

/// The tables of the schema whose rows have ids.
extension EntityTable {
    static let os = EntityTable(
        name: "OS", idColumn: "OS_ID", keyColumns: ["OS_Name", "OS_Version"])
    static let processors = EntityTable(
        name: "Processors", idColumn: "Processor_ID", keyColumns: ["Brand"])
    static let processes = EntityTable(
        name: "Processes", idColumn: "Process_ID", keyColumns: ["PID", "Process_Name"],
        keyIndex: "Processes_by_key")
    static let servers = EntityTable(
        name: "Servers", idColumn: "Server_ID", keyColumns: ["Host_ID"])
    static let executions = EntityTable(
        name: "Executions", idColumn: "Execution_ID", keyColumns: ["Snapshot_ID"])
    static let retractions = EntityTable(
        name: "Retractions", idColumn: "Retraction_ID", keyColumns: ["Snapshot_ID"])
    static let receipts = EntityTable(
        name: "Receipts", idColumn: "Receipt_ID", keyColumns: [])

    /// The table of a kind of listed records.
    init(_ kind: ListedKind) {
        let columns = kind.columns.map(\.name)
        let digest = kind.itemDigestColumn.map { [$0] }
        self.init(
            name: kind.table, idColumn: kind.idColumn, keyColumns: digest ?? columns,
            valueColumns: digest == nil ? [] : columns)
    }

    /// The table of the sets of a kind; nil if executions have links of their own.
    init?(setsOf kind: ListedKind) {
        guard let table = kind.setTable else { return nil }
        self.init(
            name: table, idColumn: kind.linkColumn, keyColumns: ["Set_SHA256"],
            valueColumns: ["Item_count"])
    }
}
