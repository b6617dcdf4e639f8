import Database
import DatabaseSupport
import Output
import Testing

/// How a spreadsheet interprets CSV.
@Suite struct SpreadsheetTests {
    private func field(_ text: String) -> String {
        let bytes = RowTable(["A"], [[.text(text)]]).bytes(.csv)
        return String(decoding: bytes.dropFirst(3).dropLast(2), as: UTF8.self)
    }

    private static let alphabet = [
        "'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠", "x", "\"", ",", " ",
    ]

    /// Escaping is injective and reversible, and no field is a formula.
    @Test func texts() {
        var texts = [""]
        for _ in 0..<3 { texts += Set(texts.flatMap { text in Self.alphabet.map { text + $0 } }) }
        var textsByField: [[UInt8]: String] = [:]
        for text in Set(texts.map { Array($0.utf8) }).map({ String(decoding: $0, as: UTF8.self) }) {
            var field = field(text)
            #expect(textsByField.updateValue(text, forKey: Array(field.utf8)) == nil)
            // As a reader of CSV has it.
            if field.utf8.first == UInt8(ascii: "\"") {
                field = String(field.unicodeScalars.dropFirst().dropLast()).replacing(
                    "\"\"", with: "\"")
            }
            #expect(!isFormula(field[...]))
            let rest = field.drop { $0 == "'" }
            let undone =
                rest.endIndex > rest.startIndex && rest.startIndex > field.startIndex
                    && isFormula(rest)
                ? String(field.unicodeScalars.dropFirst()) : field
            #expect(Array(undone.utf8) == Array(text.utf8))
        }
    }

    private func isFormula(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
    }

    private func excess(_ cells: [String]) -> [String]? {
        RowTable(["A"], cells.map { [.text($0)] }).formatted(.csv).written.excess?.descriptions
    }

    @Test func longCells() {
        func text(_ count: Int, _ text: String = "x") -> String {
            String(repeating: text, count: count)
        }
        #expect(excess([text(32_767)]) == nil)
        #expect(excess([text(32_767, "é")]) == nil)
        #expect(excess([text(16_383, "😀")]) == nil)
        #expect(excess(["=" + text(32_765)]) == nil)
        let one = "a cell of 32768 characters, of which a spreadsheet keeps only the first 32767"
        #expect(excess([text(32_768)]) == [one])
        #expect(excess([text(16_384, "😀")]) == [one])
        #expect(excess(["=" + text(32_766)]) == [one])
        #expect(
            excess([text(40_000), "a", text(44_999)])
                == [
                    "2 cells of up to 44999 characters, of which a spreadsheet keeps only the first 32767"
                ])
        let json = RowTable(["A"], [[.text(text(40_000))]])
        #expect(json.formatted(.json).written.excess == nil)
        #expect(json.formatted(.table).written.excess == nil)
    }

    @Test func manyRows() {
        var formatter = CSVFormatter(["A"])
        var bytes: [UInt8] = []
        formatter.begin(&bytes)
        let row = [Value.integer(1)]
        for _ in 1..<1_048_576 { formatter.add(row, &bytes) }
        #expect(formatter.excess == nil)
        formatter.add(row, &bytes)
        #expect(
            formatter.excess?.descriptions == [
                "1048577 rows with the header, of which a spreadsheet opens only the first 1048576"
            ])
    }

    /// The column titles parsed from a query are those of its rows.
    @Test(arguments: Engine.allCases) func columnsAreThoseOfTheQuery(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        for (index, report) in Report.all.enumerated() {
            #expect(
                try test.report(index + 1, .csv)
                    == report.columns.joined(separator: ",") + "\r\n")
        }
    }
}
