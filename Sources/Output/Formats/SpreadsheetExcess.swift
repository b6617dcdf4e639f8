/// What of a CSV file does not fit into the sheet of a spreadsheet: Microsoft, "Excel specifications
/// and limits". LibreOffice Calc has as many rows.
package struct SpreadsheetExcess: Sendable, Equatable {
    /// The header included.
    package static let maxRows = 1_048_576
    /// Of a cell, in UTF-16 units.
    package static let maxCharacters = 32_767

    /// The header included; 0 where all of them fit.
    package private(set) var rows = 0
    /// Cells that are too long.
    package private(set) var cells = 0
    /// Characters of the longest one.
    package private(set) var longest = 0

    /// Nil where all fits.
    init?(rows: Int, longCells: Int, longest: Int) {
        if rows <= Self.maxRows && longCells == 0 { return nil }
        self.rows = rows > Self.maxRows ? rows : 0
        cells = longCells
        self.longest = longest
    }

    /// `1100000 rows with the header, of which a spreadsheet opens the first 1048576`.
    package var descriptions: [String] {
        var descriptions: [String] = []
        if rows > 0 {
            descriptions.append(
                "\(rows) rows with the header, of which a spreadsheet opens the first "
                    + "\(Self.maxRows)")
        }
        if cells > 0 {
            let what =
                cells == 1
                ? "a cell of \(longest) characters"
                : "\(cells) cells of up to \(longest) characters"
            descriptions.append(
                "\(what), of which a spreadsheet keeps the first \(Self.maxCharacters)")
        }
        return descriptions
    }
}
