import Files
import Output
import Text

/// Standard output and standard error.
enum Console {
    static let isOutputTerminal = CallingProcess.isTerminal(1)
    static let isErrorTerminal = CallingProcess.isTerminal(2)

    /// Writes a line to standard error, with control characters escaped.
    static func note(_ line: String) { writeToStandardError(visible(line) + "\n") }

    /// Shows a line that the next one replaces.
    static func progress(_ line: String) { writeToStandardError("\r\u{1B}[K" + visible(line)) }

    static func clearProgress() { writeToStandardError("\r\u{1B}[K") }

    /// Ignores errors: there is no other stream to report them on.
    private static func writeToStandardError(_ text: String) {
        do throws(FileError) {
            try OpenFile(standardStream: 2, name: "standard error").write(Array(text.utf8))
        } catch {}
    }

    /// Writes results to standard output. A broken pipe is not an error.
    static func write(_ bytes: [UInt8]) throws(FileError) {
        do throws(FileError) { try output().write(bytes) } catch {
            if error.errno != .brokenPipe { throw error }
        }
    }

    /// Writes rows to standard output, and warns about rows and cells that a spreadsheet would not
    /// show.
    /// - Parameters:
    ///   - name: of the table.
    ///   - remedy: how to get all of them.
    static func write(
        _ table: RowTable, _ format: RowFormat, named name: String, remedy: String = jsonRemedy
    ) throws(FileError) {
        let (bytes, excess) = table.formatted(format)
        try write(bytes)
        note(excess, in: name, remedy: remedy)
    }

    static let jsonRemedy = "use --format json for all of it"

    /// Warns once per table about rows and cells that a spreadsheet would not show.
    static func note(_ excess: SpreadsheetExcess?, in name: String, remedy: String) {
        guard let excess else { return }
        note("\(name): \(excess.descriptions.joined(separator: ", and ")); \(remedy)")
    }

    static func output() throws(FileError) -> OpenFile {
        try OpenFile(standardStream: 1, name: "standard output")
    }
}
