/// The part of a CSV file that exceeds the limits of a spreadsheet (Microsoft, "Excel
/// specifications and limits"; LibreOffice Calc has the same number of rows).
package struct SpreadsheetExcess: Sendable, Equatable {
    /// The maximum number of rows, including the header.
    package static let maxRows = 1_048_576
    /// The maximum length of a cell in UTF-16 units.
    package static let maxCharacters = 32_767

    /// The number of rows, including the header; 0 if all of them fit.
    package private(set) var rows = 0
    /// The number of cells that are too long.
    package private(set) var cells = 0
    /// The length of the longest cell in UTF-16 units.
    package private(set) var longest = 0

    /// Nil if everything fits.
    package init?(rows: Int, longCells: Int, longest: Int) {
        if rows <= Self.maxRows && longCells == 0 { return nil }
        self.rows = rows > Self.maxRows ? rows : 0
        cells = longCells
        self.longest = longest
    }

    /// `1100000 rows with the header, of which a spreadsheet opens only the first 1048576`.
    package var descriptions: [String] {
        var descriptions: [String] = []
        if rows > 0 {
            descriptions.append(
                "\(rows) rows with the header, of which a spreadsheet opens only the first "
                    + "\(Self.maxRows)")
        }
        if cells > 0 {
            let what =
                cells == 1
                ? "a cell of \(longest) characters"
                : "\(cells) cells of up to \(longest) characters"
            descriptions.append(
                "\(what), of which a spreadsheet keeps only the first \(Self.maxCharacters)")
        }
        return descriptions
    }
}
