/// How rows are laid out, where their format leaves a choice. A format ignores what is not its own.
package struct RowLayout: Sendable {
    /// The width of the terminal that a table must fit; nil if any width does.
    package var terminalWidth: Int?
    /// The character between the fields of CSV.
    package var delimiter: Delimiter = .comma
    /// Whether CSV begins with U+FEFF, by which spreadsheets recognise UTF-8.
    package var hasByteOrderMark = false

    /// The usual layout: tables of any width, CSV of RFC 4180.
    package init() {}

    /// What separates the fields of CSV.
    package enum Delimiter: String, CaseIterable, Sendable {
        case comma = ","
        case semicolon = ";"
        case bar = "|"
        case tab = "\t"

        var byte: UInt8 { rawValue.utf8.first! }
    }
}
