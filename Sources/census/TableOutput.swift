import ArgumentParser
import Output

/// The options of a command that writes one table: its format, its layout, and where it goes.
struct TableOutput: ParsableArguments {
    @Option(help: "The output format.")
    var format = TableFormat.table

    @OptionGroup var limit: LimitOption

    @OptionGroup var output: OutputOption

    @OptionGroup(title: "Layout") var layout: LayoutOptions

    func validate() throws {
        try layout.validate(writesCSV: format.name == RowFormat.csv.name)
    }

    /// Writes the table, and reports what the output does not show of it.
    /// - Parameters:
    ///   - name: of the table.
    ///   - inUse: the files that are not overwritten.
    func write(_ table: RowTable, named name: String, sparing inUse: FilesInUse) throws {
        try write(.table(table), named: name, sparing: inUse)
    }

    /// Writes a listing, likewise.
    func write(_ rows: Listing.Rows, named name: String, sparing inUse: FilesInUse) throws {
        output.noteExtension(for: format)
        try output.write(
            rows, format.format, layout, named: name, limit: limit, sparing: inUse)
    }
}
