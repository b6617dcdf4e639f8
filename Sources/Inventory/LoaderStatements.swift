import Database

/// The statements of a `Loader`, prepared once.
struct LoaderStatements {
    let findSnapshot, findServer, findNewest: any Statement
    let insertReceipt, completeReceipt: any Statement
    let insertServer, updateServer, insertExecution: any Statement

    init(_ database: any Database) throws(DatabaseError) {
        findSnapshot = try database.prepare(
            "SELECT Snapshot_SHA256 FROM Executions WHERE Snapshot_ID = ?")
        findServer = try database.prepare("SELECT Server_ID FROM Servers WHERE Host_ID = ?")
        findNewest = try database.prepare(
            """
            SELECT Exec_date, Snapshot_ID FROM Executions WHERE Server_ID = ?
            ORDER BY Exec_date DESC, Snapshot_ID DESC LIMIT 1
            """)

        insertReceipt = try database.prepare(
            """
            INSERT INTO Receipts (Path, Size_bytes, SHA256, Verdict, Reason, Received_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        completeReceipt = try database.prepare(
            "UPDATE Receipts SET Size_bytes = ?, SHA256 = ?, Verdict = ? WHERE Receipt_ID = ?")
        insertServer = try database.prepare(
            """
            INSERT INTO Servers (Host_ID, Hostname, IP, OS_ID, Processor_ID)
            VALUES (?, ?, ?, ?, ?)
            """)
        updateServer = try database.prepare(
            """
            UPDATE Servers SET Hostname = ?, IP = ?, OS_ID = ?, Processor_ID = ?
            WHERE Server_ID = ?
            """)
        insertExecution = try database.prepare(
            """
            INSERT INTO Executions (
                Server_ID, Exec_date, Hostname, IP, OS_ID, Processor_ID, Processes_known,
                Users_known, Host_ID_source, Boot_time, UTC_offset_seconds, Kernel, Arch, Container,
                Platform, Platform_like, Codename, Manufacturer, Sockets, Number_of_cores,
                Logical_processors, Max_clock_speed_MHz, Collector_euid, Session_source,
                Processes_hidden, Processes_unreadable, Generator, Snapshot_ID,
                Snapshot_SHA256, Receipt_ID)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?, ?, ?, ?)
            """)
    }
}
