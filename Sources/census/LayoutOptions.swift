import ArgumentParser
import Output

/// The options for the layout of rows, which all commands that write rows share.
struct LayoutOptions: ParsableArguments {
    @Flag(
        name: .customLong("bom"),
        help: "Begin CSV with a byte order mark, by which a spreadsheet recognises UTF-8.")
    var hasByteOrderMark = false

    @Option(
        help: ArgumentHelp(
            "The delimiter of CSV. (default: comma)", valueName: "delimiter"))
    var delimiter: RowLayout.Delimiter?

    @OptionGroup var pager: PagerOption

    /// - Parameter writesCSV: whether the command writes CSV.
    /// - Throws: `ValidationError` if an option has no effect.
    func validate(writesCSV: Bool, with option: String = "--format csv") throws {
        if writesCSV { return }
        if hasByteOrderMark { throw ValidationError("--bom requires \(option).") }
        if delimiter != nil { throw ValidationError("--delimiter requires \(option).") }
    }

    /// The format with the options.
    func applied(to format: RowFormat) -> RowFormat {
        var format = format
        format.layout.hasByteOrderMark = hasByteOrderMark
        format.layout.delimiter = delimiter ?? .comma
        return format
    }
}

/// The option of a command whose output is shown with a pager.
struct PagerOption: ParsableArguments {
    @Flag(help: "Do not show the output on a terminal with $PAGER.")
    var noPager = false

    /// Shows what is written from now on with the pager, if standard output is a terminal.
    func start() {
        if !noPager { Console.startPager() }
    }
}

/// Arguments are their names, which a shell needs no quotes for, or the characters themselves.
extension RowLayout.Delimiter: ExpressibleByArgument {
    init?(argument: String) {
        guard let delimiter = Self.allCases.first(where: { "\($0)" == argument }) else {
            self.init(rawValue: argument)
            return
        }
        self = delimiter
    }

    static var allValueStrings: [String] { allCases.map { "\($0)" } }
}

/// The value of `--limit`: a number of rows, or `all`.
enum RowLimit: ExpressibleByArgument {
    case all
    case rows(Int)

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let rows = Int(argument), rows >= 0 {
            self = .rows(rows)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { rows.map(String.init) ?? "all" }

    /// Nil for all rows.
    var rows: Int? { if case .rows(let rows) = self { rows } else { nil } }

    /// The number of rows that are shown to a person who has not asked for more.
    static let screenful = RowLimit.rows(50)
}

/// The option that limits the number of rows.
struct LimitOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Maximum number of rows of a table, or all. (default: 50 on a terminal, otherwise all)",
            valueName: "rows"))
    var limit: RowLimit?

    /// The limit for standard output; nil for all rows.
    var forStandardOutput: Int? {
        (limit ?? (Console.isOutputTerminal ? .screenful : .all)).rows
    }

    /// The limit for a file; nil for all rows.
    var forFile: Int? { limit?.rows }
}
