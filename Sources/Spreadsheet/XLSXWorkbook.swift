import CXLSXWriter
import Database
import Files
import Glibc
import Output
import SystemPackage
import Text

/// A workbook that libxlsxwriter writes, row by row, to temporary files.
///
/// Integers are numbers, moments are dates, and all other values are texts, with control characters and
/// invisible ones escaped as in tables; NULL is an empty cell. A table that has more rows than a sheet
/// goes on in the next sheet: `packages`, `packages (2)`.
final class XLSXWorkbook: Workbook {
    private let file: OpenFile
    private let maxRows: Int
    /// Nil once it is finished.
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let bold: UnsafeMutablePointer<lxw_format>
    private let date: UnsafeMutablePointer<lxw_format>

    /// The current table.
    private var name = ""
    private var columns: [String] = []
    /// The number of its sheets so far.
    private var parts = 0
    /// The number of sheets of all tables.
    private var sheetCount = 0
    private var longCells = 0
    private var longest = 0

    /// The current sheet.
    private var sheet: UnsafeMutablePointer<lxw_worksheet>?
    /// The number of its rows so far, with the header.
    private var rows = 0
    /// The characters of the longest cell of each of its columns.
    private var widths: [Int] = []
    private var text: [UInt8] = []

    /// The columns of all tables that have moments.
    private static let dateColumns: Set = [
        "Exec_date", "Expires", "First_seen", "First_visit", "From", "Installed_on", "Last_login",
        "Last_seen", "Last_visit", "Password_changed", "Received_at", "Retracted_at", "To",
    ]

    /// No column is made wider than this, in characters.
    private static let maxWidth = 60

    /// A spreadsheet keeps 15 digits of a number.
    private static let maxNumber: Int64 = 999_999_999_999_999

    /// - Parameter maxRows: the number of rows of a sheet, with the header.
    init(maxRows: Int = SpreadsheetExcess.maxRows) throws(FileError) {
        self.maxRows = maxRows
        file = try OpenFile.makeTemporary()
        let directory = strdup(OpenFile.temporaryDirectory.string)
        defer { free(directory) }
        var options = lxw_workbook_options(constant_memory: 1, tmpdir: directory, use_zip64: 0)
        guard let workbook = workbook_new_opt(file.pathOfDescriptor, &options) else {
            throw FileError("create", OpenFile.temporaryDirectory, .noMemory)
        }
        self.workbook = workbook
        Self.setProperties(of: workbook)
        bold = workbook_add_format(workbook)
        format_set_bold(bold)
        date = workbook_add_format(workbook)
        format_set_num_format(date, "yyyy\\-mm\\-dd\\ hh:mm:ss")
    }

    deinit {
        // The library frees a workbook only where it writes it.
        if let workbook { lxw_workbook_free(workbook) }
    }

    func begin(_ name: String, _ columns: [String]) throws {
        self.name = name
        self.columns = columns
        parts = 0
        longCells = 0
        longest = 0
        try beginSheet()
    }

    func add(_ row: any Row) throws {
        if rows == maxRows {
            try endSheet()
            try beginSheet()
        }
        for column in columns.indices where !row.isNull(column) {
            text.removeAll(keepingCapacity: true)
            row.appendText(column, to: &text)
            if row.isInteger(column), let number = Int64(String(decoding: text, as: UTF8.self)),
                (-Self.maxNumber...Self.maxNumber).contains(number)
            {
                try write(Double(number), column, nil)
            } else if let serial = serialDate(column) {
                try write(serial, column, date)
            } else {
                try write(text, column, nil)
            }
        }
        rows += 1
    }

    func end() throws -> SpreadsheetExcess? {
        try endSheet()
        return SpreadsheetExcess(rows: 0, longCells: longCells, longest: longest)
    }

    func finish(to output: ([UInt8]) throws -> Void) throws {
        let result = workbook_close(workbook)
        workbook = nil
        try check(result)
        try requireCompleteSheets()
        try file.rewind()
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try file.read(into: &bytes, at: 0)
            if count == 0 { return }
            try output(Array(bytes[..<count]))
        }
    }

    /// The library does not look whether its temporary files could be written whole.
    private func requireCompleteSheets() throws {
        let sheets = try zipEntries(of: file).filter { $0.name.hasPrefix("xl/worksheets/") }
        var areComplete = sheets.count == sheetCount
        for sheet in sheets {
            var ending: [UInt8] = []
            let isWhole = try sheet.inflate(from: file) { ending = (ending + $0).suffix(64) }
            areComplete =
                areComplete && isWhole && ending.suffix(12) == Array("</worksheet>".utf8)[...]
        }
        if !areComplete {
            throw FileError(
                "write temporary files in", OpenFile.temporaryDirectory, .noSpace)
        }
    }

    private func beginSheet() throws {
        parts += 1
        sheet = workbook_add_worksheet(workbook, parts == 1 ? name : "\(name) (\(parts))")
        if sheet == nil { throw failure }
        sheetCount += 1
        rows = 0
        widths = columns.map { _ in 0 }
        for (index, column) in columns.enumerated() {
            try write(Array(column.utf8), index, bold)
            widths[index] += 3  // the button of the filter
        }
        rows = 1
        worksheet_freeze_panes(sheet, 1, 0)
    }

    private func endSheet() throws {
        for (index, width) in widths.enumerated() {
            let width = Double(min(width, Self.maxWidth) + 1)
            try check(worksheet_set_column(sheet, UInt16(index), UInt16(index), width, nil))
        }
        let last = (row: UInt32(rows - 1), column: UInt16(columns.count - 1))
        try check(worksheet_autofilter(sheet, 0, 0, last.row, last.column))
        if census_has_failed(sheet) != 0 { throw failure }
    }

    private func write(
        _ number: Double, _ column: Int, _ format: UnsafeMutablePointer<lxw_format>?
    ) throws {
        widths[column] = max(widths[column], format == nil ? text.count : 19)
        try check(worksheet_write_number(sheet, UInt32(rows), UInt16(column), number, format))
    }

    private func write(
        _ utf8: [UInt8], _ column: Int, _ format: UnsafeMutablePointer<lxw_format>?
    ) throws {
        var shown: [UInt8] = []
        appendVisible(utf8, to: &shown)
        let cell = keptText(String(decoding: shown, as: UTF8.self))
        widths[column] = max(widths[column], min(displayWidth(shown), Self.maxWidth))
        try check(worksheet_write_string(sheet, UInt32(rows), UInt16(column), cell, format))
    }

    /// The text as far as a cell keeps it, escaped.
    private func keptText(_ text: String) -> String {
        var kept = text.prefix(utf16: SpreadsheetExcess.maxCharacters)
        var cell = escaped(kept)
        while cell.unicodeScalars.count > SpreadsheetExcess.maxCharacters {
            kept = kept.prefix(utf16: kept.utf16.count * 9 / 10)
            cell = escaped(kept)
        }
        if kept.utf8.count < text.utf8.count {
            longCells += 1
            longest = max(longest, text.utf16.count)
        }
        return cell
    }

    /// What would be an escape of Office Open XML (ECMA-376, 22.9.2.19), such as `_x0041_`, is escaped.
    private func escaped(_ text: String) -> String {
        if !text.utf8.contains(UInt8(ascii: "_")) { return text }
        return text.replacing(#/_(?=x[0-9A-Fa-f]{4}_)/#, with: "_x005F_")
    }

    /// Days since the last day of 1899, if the text in a column of dates is one since March 1900:
    /// spreadsheets differ before it.
    private func serialDate(_ column: Int) -> Double? {
        guard Self.dateColumns.contains(columns[column]), text.count == 19,
            let moment = Timestamp(sqlText: String(decoding: text, as: UTF8.self))
        else { return nil }
        let days = Double(moment.unixSeconds) / 86_400 + 25_569
        return days >= 61 ? days : nil
    }

    private func check(_ result: lxw_error) throws {
        if result != LXW_NO_ERROR { throw failure }
    }

    /// The error of the temporary files; the library does not say which one failed.
    private var failure: FileError {
        let code = errno
        return FileError(
            "write temporary files in", OpenFile.temporaryDirectory,
            code == 0 ? .ioError : Errno(rawValue: code))
    }
}

extension String {
    /// The beginning of at most `count` UTF-16 units.
    fileprivate func prefix(utf16 count: Int) -> String {
        if utf16.count <= count { return self }
        let units = utf16.prefix(count)
        // Nil in the middle of a scalar.
        return String(units) ?? String(units.dropLast()) ?? ""
    }
}
