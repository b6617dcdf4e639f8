import Database

/// The rows of a table in which each thing stands once: found, or added where it is new.
///
/// Not `INSERT OR IGNORE`, which would hide other errors than the one it is meant for.
struct EntityTable {
    private let find: any Statement
    private let insert: any Statement

    init(_ database: any Database, find: String, insert: String) throws(DatabaseError) {
        self.find = try database.prepare(find)
        self.insert = try database.prepare(insert)
    }

    func id(
        in database: any Database, _ bind: (any Statement) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int64 {
        try bind(find)
        if let id = try find.first([], { $0.integer(0) }) { return id }
        try bind(insert)
        try insert.run([])
        return database.lastInsertedID
    }

    func id(_ values: [Value], in database: any Database) throws(DatabaseError) -> Int64 {
        try id(in: database) { (statement) throws(DatabaseError) in try statement.bind(values) }
    }
}

/// The statements of a `Loader`, prepared once.
struct LoaderStatements {
    let os, processor, process, user: EntityTable
    let findSnapshot, findServer, findNewest: any Statement
    let insertReceipt, completeReceipt: any Statement
    let insertServer, updateServer, insertExecution: any Statement
    let insertAddress, insertLink, insertUserLink: any Statement

    init(_ database: any Database) throws(DatabaseError) {
        os = try EntityTable(
            database,
            find: """
                SELECT OS_ID FROM OS
                WHERE OS_Name = ?1 AND (OS_Version = ?2 OR (OS_Version IS NULL AND ?2 IS NULL))
                """,
            insert: "INSERT INTO OS (OS_Name, OS_Version) VALUES (?, ?)")
        processor = try EntityTable(
            database, find: "SELECT Processor_ID FROM Processors WHERE Brand = ?",
            insert: "INSERT INTO Processors (Brand) VALUES (?)")
        process = try EntityTable(
            database, find: "SELECT Process_ID FROM Processes WHERE PID = ? AND Process_Name = ?",
            insert: "INSERT INTO Processes (PID, Process_Name) VALUES (?, ?)")
        user = try EntityTable(
            database, find: "SELECT User_ID FROM USERS WHERE User_Name = ?",
            insert: "INSERT INTO USERS (User_Name) VALUES (?)")

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
        insertAddress = try database.prepare(
            "INSERT INTO ADDRESSES_PER_EXECUTION (Execution_ID, Address) VALUES (?, ?)")
        insertLink = try database.prepare(
            """
            INSERT INTO PROCESSES_PER_EXECUTION (Execution_ID, Process_ID, Owner_ID)
            VALUES (?, ?, ?)
            """)
        insertUserLink = try database.prepare(
            "INSERT INTO USERS_PER_EXECUTION (Execution_ID, User_ID) VALUES (?, ?)")
    }
}
