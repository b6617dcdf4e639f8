import Database
import DatabaseSupport
import Testing

#if MySQL
    import MySQL
#endif

/// An error keeps the library's error code, which is not in the message.
@Suite struct ErrorNumberTests {
    private func failure(_ body: () throws -> Void) -> DatabaseError? {
        do { try body() } catch { return error as? DatabaseError }
        return nil
    }

    @Test(arguments: Engine.allCases) func ofAStatement(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let unknown = failure { _ = try test.database.prepare("SELECT nothing FROM Servers") }
        #expect(unknown?.number == (engine == .sqlite ? 1 : 1054))
    }

    @Test(arguments: Engine.allCases) func ofAConstraint(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let missing = failure {
            try test.database.execute("INSERT INTO USERS (User_Name) VALUES (NULL)")
        }
        #expect(missing?.number == (engine == .sqlite ? 1299 : 1048))
        #expect(missing?.code == .valueRefused)
    }

    /// What census finds by itself has none.
    @Test(arguments: Engine.allCases) func ofNoLibrary(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let newer = failure { try test.database.requireSchema(1) }
        #expect(newer?.code == .newerSchema)
        #expect(newer?.number == nil)
    }

    #if MySQL
        @Test func ofAConnection() throws {
            let address = try MySQLAddress("mysql://127.0.0.1:1/none")
            let error = failure { _ = try MySQLDatabase(address, password: nil) }
            #expect(error?.code == .cannotOpen)
            #expect([2002, 2003].contains(error?.number))
        }
    #endif
}
