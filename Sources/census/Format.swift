import ArgumentParser
import Output
import SystemPackage

#if Rules
    import Rules
#endif

#if Spreadsheet
    import Spreadsheet
#endif

/// An output format. A new format is a file of its own, and a line in `all`.
enum Format: Sendable {
    /// Any rows.
    case rows(RowFormat)
    /// Any tables, as sheets.
    case workbook(WorkbookFormat)
    /// An HTML page of reports and charts.
    case page
    #if Rules
        /// The findings of `check`.
        case findings(InspectionFormat)
    #endif

    static let all: [Format] = {
        var all: [Format] = [
            .rows(.table), .rows(.vertical), .rows(.csv), .rows(.json), .rows(.jsonLines),
            .rows(.markdown),
        ]
        #if Spreadsheet
            all.append(.workbook(.xlsx))
        #endif
        all.append(.page)
        #if Rules
            all += [.findings(.junit), .findings(.sarif)]
        #endif
        return all
    }()

    /// Its name in `--format`.
    var name: String {
        switch self {
        case .rows(let format): format.name
        case .workbook(let format): format.name
        case .page: "html"
        #if Rules
            case .findings(let format): format.name
        #endif
        }
    }

    /// Nil if the format does not write rows.
    var rows: RowFormat? { if case .rows(let format) = self { format } else { nil } }

    var isPage: Bool { if case .page = self { true } else { false } }

    /// Whether a file has all reports, whatever its name.
    var isOfOneFile: Bool {
        switch self {
        case .workbook, .page: true
        default: false
        }
    }

    /// Whether any tables can be written in it.
    var isOfTables: Bool {
        switch self {
        case .rows, .workbook: true
        default: false
        }
    }

    /// The extension of a file of reports, without a dot; nil if the format cannot write reports.
    var fileExtension: String? {
        switch self {
        case .rows(let format): format.fileExtension
        case .workbook(let format): format.fileExtension
        case .page: "html"
        #if Rules
            case .findings: nil
        #endif
        }
    }
}

extension Format {
    /// Says where an output file has the extension of another format, as where `-o hosts.csv` is given
    /// without `--format csv`. Any text may be in a `.txt`.
    static func noteExtension(of path: String, _ format: String) {
        guard let name = FilePath(path).extension?.lowercased(), name != "txt" else { return }
        let meant = all.filter { $0.fileExtension == name || $0.name == name }
        guard let other = meant.first, !meant.contains(where: { $0.name == format }) else { return }
        Console.note("\(path) is written as \(format), not as \(other.name) (see --format)")
    }
}

/// The formats of any tables.
struct TableFormat: FormatArgument {
    let format: Format
    var name: String { format.name }

    static let table = TableFormat(format: .rows(.table))
    static var all: [TableFormat] {
        Format.all.filter(\.isOfTables).map(TableFormat.init(format:))
    }
}

/// The formats that a command accepts, as an argument.
protocol FormatArgument: ExpressibleByArgument, Sendable {
    static var all: [Self] { get }
    var name: String { get }
}

extension OutputOption {
    /// Says where the extension of the output file is that of another format.
    func noteExtension(for format: some FormatArgument) {
        if let path, isFile { Format.noteExtension(of: path, format.name) }
    }
}

extension FormatArgument {
    init?(argument: String) {
        guard let format = Self.all.first(where: { $0.name == argument }) else { return nil }
        self = format
    }

    static var allValueStrings: [String] { all.map(\.name) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    var defaultValueDescription: String { name }
}

extension RowFormat: FormatArgument {
    static var all: [RowFormat] { Format.all.compactMap(\.rows) }
}
