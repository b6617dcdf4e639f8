import Files
import Output
import Text

/// Standard output and standard error.
enum Console {
    static let isOutputTerminal = CallingProcess.isTerminal(1)
    static let isErrorTerminal = CallingProcess.isTerminal(2)
    /// The width of the terminal that standard output is; nil if it is none, or of no known width.
    static let outputWidth = isOutputTerminal ? CallingProcess.terminalWidth(1) : nil

    private static let isPaged = Monitor(false)

    /// Shows what is written from now on with the pager, if standard output is a terminal. It starts
    /// with the first output: until then a line on the terminal can say what is awaited.
    static func startPager() { isPaged.withLock { $0 = true } }

    /// Writes a line to standard error, with control characters escaped.
    static func note(_ line: String) {
        Activity.clear()
        writeToStandardError(visible(line) + "\n")
    }

    /// Shows a line that the next one replaces.
    static func progress(_ line: String) {
        Activity.noteOutput()
        showProgress(line)
    }

    /// The same of the line that says what is awaited.
    static func showProgress(_ line: String) { writeToStandardError("\r\u{1B}[K" + visible(line)) }

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

    /// - Throws: if standard output is a terminal and the format is none for people.
    static func requireNoTerminal(for format: Format) throws {
        guard case .workbook = format, isOutputTerminal else { return }
        throw Failure(
            message: "refusing to write binary data to a terminal: redirect it with | or >")
    }

    /// The format with tables that fit standard output.
    static func fitted(_ format: RowFormat) -> RowFormat {
        var format = format
        format.layout.terminalWidth = outputWidth
        return format
    }

    /// Reports what an output does not show.
    /// - Parameters:
    ///   - name: of the table.
    ///   - remedy: what to do about rows and cells that a spreadsheet would not show.
    static func note(_ written: WrittenRows, in name: String, remedy: String = jsonRemedy) {
        if written.omitted > 0 && !written.isOmissionReported {
            note("\(name): \(counted(written.omitted, "more row")) (--limit all shows them)")
        }
        note(written.excess, in: name, remedy: remedy)
        if written.isShortened {
            note("\(name): shortened to the width of the terminal (--format vertical shows all)")
        }
    }

    static let jsonRemedy = "use --format json for all of it"

    /// Warns once per table about rows and cells that a spreadsheet would not show.
    static func note(_ excess: SpreadsheetExcess?, in name: String, remedy: String) {
        guard let excess else { return }
        note("\(name): \(excess.descriptions.joined(separator: ", and ")); \(remedy)")
    }

    static func output() throws(FileError) -> OpenFile {
        Activity.end()
        if isPaged.withLock(\.self) {
            // These are asked of the terminal, not of the pager.
            _ = (isOutputTerminal, isErrorTerminal, outputWidth)
            Pager.start()
        }
        return try OpenFile(standardStream: 1, name: "standard output")
    }
}
