import Database
import DatabaseSupport
import TestSupport
import Testing

@testable import Loading

@Suite struct EntityIDsTests {
    private static let users = EntityTable(
        name: "USERS", idColumn: "User_ID", keyColumns: ["User_Name"])
    private static let processes = EntityTable(
        name: "Processes", idColumn: "Process_ID", keyColumns: ["PID", "Process_Name"])
    private static let systems = EntityTable(
        name: "OS", idColumn: "OS_ID", keyColumns: ["OS_Name", "OS_Version"])

    private func resolve(
        _ names: [String], _ ids: inout EntityIDs<ItemKeys>, _ test: TestDatabase
    ) throws -> [Int64] {
        let numbers = names.map { ids.keys.number(of: $0.utf8.span) }
        try ids.resolve(in: test.database)
        return numbers.map(ids.id)
    }

    @Test(arguments: Engine.allCases) func newKeysAreAddedInOrder(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        var ids = EntityIDs(Self.users, ItemKeys([.text]))
        #expect(try resolve(["b", "c", "a", "b"], &ids, test) == [2, 3, 1, 2])
        #expect(try resolve(["c", "d"], &ids, test) == [3, 4])
        #expect(
            try test.rows("SELECT User_Name FROM USERS ORDER BY User_ID") == ["a", "b", "c", "d"])
    }

    /// Rows inserted by another program are found, whether or not the table was empty at first.
    @Test(arguments: Engine.allCases, [false, true])
    func whatOthersAddIsFound(_ engine: Engine, wasEmpty: Bool) throws {
        let test = try TestDatabase(engine)
        let other = try test.reopened()
        if !wasEmpty { try other.database.execute("INSERT INTO USERS (User_Name) VALUES ('z')") }
        var ids = EntityIDs(Self.users, ItemKeys([.text]))
        let a = try resolve(["a"], &ids, test)[0]
        try other.database.execute("INSERT INTO USERS (User_Name) VALUES ('x'), ('y')")
        let found = try resolve(["w", "y", "x", "a"], &ids, test)
        #expect(found[3] == a)
        try other.database.execute("INSERT INTO USERS (User_Name) VALUES ('v')")
        ids.forget()
        let again = try resolve(["w", "y", "x", "a", "v"], &ids, test)
        #expect(again.dropLast() == found[...])
        let rows = try test.rows("SELECT User_ID, User_Name FROM USERS ORDER BY User_Name")
        #expect(rows.count == (wasEmpty ? 5 : 6))
        for (id, name) in zip(again, ["w", "y", "x", "a", "v"]) {
            #expect(rows.contains("\(id)|\(name)"))
        }
    }

    /// Two programs that began with an empty table; one does not see the other's uncommitted rows.
    #if MySQL
        @Test func whatAnotherAddedUnseenIsAConflict() throws {
            let test = try TestDatabase(.server)
            let other = try test.reopened()
            try other.database.beginWriting()
            try other.database.execute("INSERT INTO USERS (User_Name) VALUES ('early')")
            var ids = EntityIDs(Self.users, ItemKeys([.text]))
            try test.database.beginWriting()
            _ = try resolve(["a"], &ids, test)
            try other.database.commit()
            let error = #expect(throws: DatabaseError.self) { try resolve(["early"], &ids, test) }
            #expect(error?.code == .conflict)
            test.database.rollback()
            ids.forget()
            try test.database.beginWriting()
            #expect(
                try resolve(["early"], &ids, test).map(String.init)
                    == test.rows("SELECT User_ID FROM USERS WHERE User_Name = 'early'"))
            test.database.rollback()
        }
    #endif

    @Test(arguments: Engine.allCases, [false, true])
    func keysOfEveryShape(_ engine: Engine, forgets: Bool) throws {
        let test = try TestDatabase(engine)
        let other = try test.reopened()
        try other.database.execute(
            "INSERT INTO Processes (PID, Process_Name) VALUES (4294967295, 'last'), (0, '')")
        try other.database.execute(
            "INSERT INTO OS (OS_Name, OS_Version) VALUES ('Linux', NULL), ('Linux', '12')")
        var processes = EntityIDs(Self.processes, ProcessKeys())
        var systems = EntityIDs(Self.systems, ItemKeys([.text, .nullableText]))
        if forgets {
            processes.forget()
            systems.forget()
        }
        let last = processes.keys.number(of: 4_294_967_295, "last".utf8.span)
        let first = processes.keys.number(of: 0, "".utf8.span)
        let new = processes.keys.number(of: 256, "\u{1}".utf8.span)
        let unknown = systems.keys.number(of: "Linux\0\0".utf8.span)
        let twelve = systems.keys.number(of: "Linux\0\u{1}12".utf8.span)
        let other12 = systems.keys.number(of: "Linux1\0\u{1}2".utf8.span)
        try processes.resolve(in: test.database)
        try systems.resolve(in: test.database)
        #expect([last, first, new].map(processes.id) == [1, 2, 3])
        #expect([unknown, twelve, other12].map(systems.id) == [1, 2, 3])
        #expect(
            try test.rows("SELECT PID, Process_Name FROM Processes WHERE Process_ID = 3")
                == ["256|\u{1}"])
        #expect(
            try test.rows("SELECT OS_Name, OS_Version FROM OS WHERE OS_ID = 3") == ["Linux1|2"])
    }

    /// New ids are those of the order of PID and name, in each of two batches.
    @Test func processesAreInsertedInTheOrderOfTheirIndex() throws {
        let test = try TestDatabase()
        var processes = EntityIDs(Self.processes, ProcessKeys())
        let names = ["systemd-journald", "systemd-logind", "systemd", "", "b", "a\u{1}", "a", "é"]
        for pids in [[7, 1, 300], [4_294_967_295, 2, 300]] as [[UInt32]] {
            for name in names.shuffled() {
                for pid in pids { _ = processes.keys.number(of: pid, name.utf8.span) }
            }
            let before = try test.rows("SELECT COUNT(*) FROM Processes")[0]
            try processes.resolve(in: test.database)
            let new = "FROM Processes WHERE Process_ID > \(before) ORDER BY"
            #expect(
                try test.rows("SELECT PID, Process_Name \(new) Process_ID")
                    == test.rows("SELECT PID, Process_Name \(new) PID, CAST(Process_Name AS BLOB)"))
        }
    }

    /// Inserted by another program after this one has cached all rows.
    @Test func aProcessThatCensusWouldNotAdd() throws {
        let test = try TestDatabase()
        var processes = EntityIDs(Self.processes, ProcessKeys())
        _ = processes.keys.number(of: 1, "init".utf8.span)
        try processes.resolve(in: test.database)
        try test.database.execute("INSERT INTO Processes (PID, Process_Name) VALUES (-1, 'x')")
        let number = processes.keys.number(of: 2, "x".utf8.span)
        try processes.resolve(in: test.database)
        #expect(processes.id(number) == 3)

        var users = EntityIDs(Self.users, ItemKeys([.text]))
        _ = users.keys.number(of: "a".utf8.span)
        try users.resolve(in: test.database)
        try test.database.execute("INSERT INTO USERS VALUES (5000000000, 'b')")
        let b = users.keys.number(of: "b".utf8.span)
        #expect(b == 1)
        let error = #expect(throws: DatabaseError.self) { try users.resolve(in: test.database) }
        #expect(
            error?.message == "USERS has an id that census does not assign: 5000000000")
        #expect(error?.database == test.database.name)
    }
}
