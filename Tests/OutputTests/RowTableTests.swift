import Output
import Testing

@Suite struct RowTableTests {
    let table = RowTable(
        ["Server_ID", "Name", "Note"],
        [
            [.integer(1), .text("web-01"), .null],
            [.integer(12), .text("=\"x\",\u{1B}[2J"), .text("")],
            [.null, .text("日本"), .text("a")],
        ])

    @Test(
        arguments: [
            (
                .table, nil,
                #"""
                +-----------+--------------+------+
                | Server_ID | Name         | Note |
                +-----------+--------------+------+
                |         1 | web-01       | ∅    |
                |        12 | ="x",\x1B[2J |      |
                |         ∅ | 日本         | a    |
                +-----------+--------------+------+
                3 rows in set

                """#
            ),
            (
                .table, 1,
                """
                +-----------+--------+------+
                | Server_ID | Name   | Note |
                +-----------+--------+------+
                |         1 | web-01 | ∅    |
                +-----------+--------+------+
                3 rows in set, the first 1 shown and 2 more (--limit all shows them)

                """
            ),
            (
                .csv, nil,
                "Server_ID,Name,Note\r\n1,web-01,\r\n12,\"'=\"\"x\"\",\u{1B}[2J\",\"\"\r\n,日本,a\r\n"
            ),
            (
                .json, 2,
                #"""
                [
                {"Server_ID": 1, "Name": "web-01", "Note": null},
                {"Server_ID": 12, "Name": "=\"x\",\u001b[2J", "Note": ""}
                ]

                """#
            ),
        ] as [(RowFormat, Int?, String)])
    func formats(format: RowFormat, limit: Int?, text: String) {
        #expect(String(decoding: table.bytes(format, limit: limit), as: UTF8.self) == text)
    }

    @Test func nothing() {
        let table = RowTable(["A", "B"])
        #expect(table.bytes(.table) == Array("Empty set\n".utf8))
        #expect(table.bytes(.csv) == Array("A,B\r\n".utf8))
        #expect(table.bytes(.json) == Array("[]\n".utf8))
    }
}
