#if MySQL
    import Database
    import TestSupport
    import Testing

    @testable import MySQL

    @Suite struct MySQLStatementTests {
        /// Texts longer than those fetched with a row, among others, in several rows.
        @Test func longTexts() throws {
            let server = try ServerDatabase()
            let database = try MySQLDatabase(MySQLAddress(server.address), password: nil)
            let counts = [0, 1, 2047, 2048, 2049, 4096, 3_000_000, 5, 2049, 0]
            let statement = try database.prepare(
                counts.map { "SELECT REPEAT('x', \($0)), \($0), NULL, REPEAT('ä', \($0))" }
                    .joined(separator: " UNION ALL "))
            // Twice: a statement keeps no state of its last run.
            for _ in 1...2 {
                for count in counts {
                    #expect(try statement.step())
                    #expect(statement.text(0) == String(repeating: "x", count: count))
                    #expect(statement.integer(1) == count)
                    #expect(statement.textOrNil(2) == nil)
                    #expect(statement.text(3) == String(repeating: "ä", count: count))
                    var bytes = Array("before".utf8)
                    statement.appendText(0, to: &bytes)
                    #expect(bytes.count == 6 + count)
                }
                #expect(try !statement.step())
            }
        }
    }
#endif
