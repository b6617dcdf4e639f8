#if MySQL
    import Testing

    @testable import MySQL

    @Suite struct SQLScriptTests {
        @Test(arguments: [
            ("", []),
            ("\n  \n-- nothing;\n", []),
            ("SELECT 1;\nSELECT 2;\n", ["SELECT 1", "SELECT 2"]),
            ("SELECT 1;\n\n\nSELECT 2;", ["SELECT 1", "\n\nSELECT 2"]),
            // The last statement needs no delimiter.
            ("SELECT 1;\nSELECT\n  2\n", ["SELECT 1", "SELECT\n  2\n\n"]),
            ("SELECT 1,\n  -- why;\n  2;\n", ["SELECT 1,\n  2"]),
            // A comment after other text is passed to the server.
            (
                "CREATE TABLE t (\n  x INT -- number\n);\n",
                ["CREATE TABLE t (\n  x INT -- number\n)"]
            ),
            ("SELECT 1 - -1;\n", ["SELECT 1 - -1"]),
            ("SELECT ';', 1;\n", ["SELECT ';', 1"]),
            (
                "DELIMITER //\nBEGIN\n  SELECT 1;\nEND//\nBEGIN END//\nDELIMITER ;\nSELECT 2;\n",
                ["BEGIN\n  SELECT 1;\nEND", "BEGIN END", "SELECT 2"]
            ),
        ])
        func statements(text: String, expected: [String]) {
            #expect(SQLScript(text).statements == expected)
        }
    }
#endif
