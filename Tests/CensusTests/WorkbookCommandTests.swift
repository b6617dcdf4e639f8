#if Spreadsheet
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// `--format xlsx`.
    @Suite struct WorkbookCommandTests {
        let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            let ingest = try run(
                TestSupport.census, ["ingest", "--quiet", referenceFleet.string],
                in: directory.path)
            #expect((ingest.status, ingest.error) == (0, ""))
        }

        private func census(_ arguments: String...) throws -> RunResult {
            try run(TestSupport.census, arguments, in: directory.path)
        }

        private func python(_ script: String) throws -> String {
            let result = try run(
                "/usr/bin/python3", ["-c", "import openpyxl\n" + script], in: directory.path)
            #expect(result.error == "")
            return result.output
        }

        private func sheets(_ file: String) throws -> String {
            try python(
                """
                for sheet in openpyxl.load_workbook('\(file)'):
                    print(sheet.title, sheet.max_row, [cell.value for cell in sheet[1]])
                """)
        }

        @Test func allReportsAreInOneFile() throws {
            let written = try census("report", "--format", "xlsx", "-o", "audit.xlsx")
            #expect((written.status, written.output, written.error) == (0, "", ""))
            #expect(
                try sheets("audit.xlsx") == """
                    test_1 9 ['Server_ID', 'IP', 'Exec_date', 'Users']
                    test_2 5 ['IP', 'OS_Name', 'Brand']
                    test_3 1730 ['Server_ID', 'Exec_date', 'Procesos Ejecutando']
                    test_4 9 ['Server_ID', 'IP', 'Exec_date', 'Cantidad de Procesos Ejecutando']
                    test_5 9 ['Server_ID', 'IP', 'Exec_date', 'Cantidad de usuarios por servidor y ejecucion']

                    """)
            let stream = try census("report", "--format", "xlsx", "-o", "-")
            #expect(stream.outputBytes == (try directory.read("audit.xlsx")))
            #expect(try directory.names() == ["audit.xlsx", "census.sqlite"])
        }

        /// Its own workbooks are overwritten, but none that was changed since.
        @Test func whatSomebodyHasSavedIsNotOverwritten() throws {
            func write(_ more: String...) throws -> RunResult {
                try run(
                    TestSupport.census, ["report", "3", "--format", "xlsx", "-o", "a.xlsx"] + more,
                    in: directory.path)
            }
            #expect(try write().status == 0)
            #expect(try write("--limit", "3").status == 0)
            #expect(try sheets("a.xlsx").hasPrefix("test_3 4 "))
            _ = try python(
                "book = openpyxl.load_workbook('a.xlsx'); book.active['A1'] = 'mine'; book.save('a.xlsx')"
            )
            let refused = try write()
            #expect(refused.status == 1)
            #expect(
                refused.error
                    == "census: cannot write a.xlsx: it is not an earlier xlsx workbook; give another "
                    + "name, or use --force to overwrite it\n")
            #expect(try sheets("a.xlsx").contains("mine"))
            #expect(try write("--force").status == 0)
        }

        @Test(arguments: ["", "PK", "PK\u{5}\u{6}" + String(repeating: "\u{0}", count: 18), "mine"])
        func filesOfOthersAreNotOverwritten(_ bytes: String) throws {
            try directory.write(bytes.utf8, to: "a.xlsx")
            let result = try census("report", "3", "--format", "xlsx", "-o", "a.xlsx")
            #expect(result.status == 1)
            #expect(result.error.hasSuffix("or use --force to overwrite it\n"))
            #expect(try directory.read("a.xlsx") == Array(bytes.utf8))
        }

        @Test func otherCommandsWriteOneSheet() throws {
            try directory.write("host\nnobody\n".utf8, to: "list")
            for (command, status, sheet) in [
                (["diff"], 1, "diff 3 ["), (["diff", "--host", "ale-laptop"], 1, "diff 5 ["),
                (["coverage", "--expected", "list"], 1, "coverage 6 ["),
            ] {
                let result = try run(
                    TestSupport.census, command + ["--format", "xlsx"], in: directory.path)
                #expect(result.status == Int32(status))
                try directory.write(result.outputBytes, to: "t.xlsx")
                #expect(try sheets("t.xlsx").hasPrefix(sheet), "\(command)")
            }
        }

        /// In every column in which all values are moments, whichever command writes it.
        @Test(arguments: [
            "list hosts", "list executions", "list evidence", "find python*",
            "find python* --each-host", "diff", "coverage --expected list", "report 4 -o -",
        ])
        func momentsAreDates(_ command: String) throws {
            try directory.write("host\nnobody\n".utf8, to: "list")
            let retracted = try census("retract", "ivan-pc", "--reason", "r")
            try #require(retracted.status == 0, "\(retracted.error)")
            for format in ["json", "xlsx"] {
                let result = try run(
                    TestSupport.census,
                    command.split(separator: " ").map(String.init) + ["--format", format],
                    in: directory.path)
                try directory.write(result.outputBytes, to: "t.\(format)")
            }
            let types = try python(
                """
                import datetime, json, re
                rows = json.load(open('t.json'))
                if isinstance(rows, dict): rows = rows['test_4']
                book = list(openpyxl.load_workbook('t.xlsx').active.iter_rows(values_only=True))
                dates = 0
                for column, title in enumerate(book[0]):
                    texts = [row[title] for row in rows if row[title] is not None]
                    values = [row[column] for row in book[1:] if row[column] is not None]
                    if texts and all(re.fullmatch(r'....-..-.. ..:..:..', str(t)) for t in texts):
                        dates += 1
                        if not all(isinstance(v, datetime.datetime) for v in values): print(title)
                print(min(dates, 1))
                """)
            #expect(types == "1\n")
        }

        @Test(arguments: ["report -o -", "diff", "coverage"])
        func isNotWrittenToATerminal(_ command: String) throws {
            let result = try run(
                "script",
                ["-qec", "'\(TestSupport.census)' \(command) --format xlsx", "/dev/null"],
                in: directory.path)
            #expect(
                result.output
                    == "census: refusing to write binary data to a terminal: redirect it with | or >\r\n"
            )
        }

        @Test(arguments: [
            ("report --format xlsx", "--format xlsx requires -o FILE, such as -o audit.xlsx."),
            (
                "report --format xlsx -o .",
                "-o . is a directory: name a file in it, such as -o ./audit.xlsx."
            ),
            (
                "report -o audit.xlsx",
                "-o audit.xlsx has the extension of another format: give --format xlsx, or a "
                    + "directory, such as -o reports/."
            ),
            ("report --format xlsx -o a.xlsx --bom", "--bom requires --format csv."),
        ])
        func wrongUsage(_ command: String, _ message: String) throws {
            let result = try run(
                TestSupport.census, command.split(separator: " ").map(String.init),
                in: directory.path)
            #expect((result.status, result.output) == (64, ""))
            #expect(result.error.hasPrefix("census: \(message)\n"))
        }

        /// Where temporary files cannot be written whole, there is an error and no file. With the last
        /// of these sizes the rows fit into their file, and not the sheet.
        @Test(arguments: [8, 64, 240, 247, 248, 249, 250]) func noRoom(_ blocks: Int) throws {
            let script = """
                trap '' XFSZ; ulimit -f \(blocks)
                "$census" report 3 --format xlsx -o a.xlsx
                """
            let result = try run(
                "bash", ["-c", script], in: directory.path,
                environment: ["census": TestSupport.census, "TMPDIR": directory.path.string])
            if result.status == 0 && blocks >= 248 {
                return #expect(try sheets("a.xlsx").hasPrefix("test_3 1730 "))
            }
            #expect(result.status == 1)
            // The latter is said where the library has noticed nothing.
            #expect(
                ["File too large", "No space left on device"].map {
                    "census: cannot write temporary files in \(directory.path): \($0)\n"
                }.contains(result.error))
            #expect(try directory.names() == ["census.sqlite"])
        }
    }
#endif
