import ArgumentParser
import Files
import Output
import SystemPackage
import Text

/// The option that names the output file of a command with one output.
struct OutputOption: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "The output file. (default: -, standard output)", valueName: "file"),
        completion: .file())
    var path: String?

    @OptionGroup var force: ForceOption

    func validate() throws {
        if path?.isEmpty == true { throw ValidationError("--output is empty.") }
    }

    /// Whether it is a file, and not standard output.
    var isFile: Bool { path != nil && path != "-" }

    /// Requires that the output file may be where it is to be, before long work.
    func requirePlace(sparing inUse: FilesInUse) throws {
        if let path, isFile { try OutputFiles(sparing: inUse).requirePlace(at: FilePath(path)) }
    }

    /// Runs `body` with a function that appends to the output. A file appears whole at the end, or
    /// not at all; a broken pipe is not an error.
    /// - Parameters:
    ///   - kind: what may be overwritten.
    ///   - inUse: the files that are not.
    func write(
        _ kind: OutputKind, sparing inUse: FilesInUse,
        _ body: (_ output: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        guard let path, isFile else {
            let output = try Console.output()
            do { try body { try output.write($0) } } catch let error as FileError
                where error.errno == .brokenPipe
            {}
            return
        }
        let files = OutputFiles(sparing: inUse, isForced: force.force)
        let file = try files.file(at: FilePath(path), kind)
        try body { try file.write($0) }
        try files.publish()
    }

    /// Writes a listing, and reports what the output does not show of it.
    /// - Parameters:
    ///   - layout: nil for a command that shows its output with no pager.
    ///   - name: of the table.
    func write(
        _ rows: Listing.Rows, _ format: Format, _ layout: LayoutOptions?, named name: String,
        limit: LimitOption, sparing inUse: FilesInUse
    ) throws {
        let limit = isFile ? limit.forFile : limit.forStandardOutput
        switch format {
        case .rows(let format):
            if !isFile { layout?.pager.start() }
            var format = layout?.applied(to: format) ?? format
            if !isFile { format = Console.fitted(format) }
            let kind = OutputKind.rows(format, rows.columns, of: name)
            var written: WrittenRows?
            try write(kind, sparing: inUse) { output in
                written = try rows.write(format, limit: limit, to: output)
            }
            if let written { Console.note(written, in: name) }
        case .workbook(let format):
            if !isFile { try Console.requireNoTerminal(for: .workbook(format)) }
            let workbook = try format.make()
            let written = try rows.write(to: workbook, named: name, limit: limit)
            if !isFile { Interruption.end() }
            try write(.workbook(format), sparing: inUse) { try workbook.finish(to: $0) }
            Console.note(written, in: name)
        default: break  // Not accepted as an argument.
        }
    }

    /// Writes a table, likewise.
    func write(
        _ table: RowTable, _ format: Format, _ layout: LayoutOptions?, named name: String,
        limit: LimitOption, sparing inUse: FilesInUse
    ) throws {
        try write(.table(table), format, layout, named: name, limit: limit, sparing: inUse)
    }
}
