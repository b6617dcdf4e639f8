import ArgumentParser
import Database
import Files
import Output
import Query

#if Rules
    import Rules
#endif

/// The output formats of `show`.
enum SheetFormat: FormatArgument {
    case text, html

    static let all: [SheetFormat] = [.text, .html]
    var name: String { "\(self)" }
}

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of one host.",
        discussion: """
            Prints a page of text: the facts of the host, the files that they came from, its \
            processes, packages, accounts and listeners in its newest execution, what changed since \
            the execution before and, with --rules, which rules it violates. --format html makes a \
            page for a browser, which begins with the findings.

            Exit codes: 0 success, 1 failure, 64 usage error or invalid rules.

            Examples:
              census show web-01
              census show 192.0.2.10 --rules rules.yaml -o web-01.txt
              census show web-01 --format html -o web-01.html
            """)

    @Argument(help: "A name, id, address or Server_ID.")
    var host: String

    @OptionGroup var database: DatabaseOption

    #if Rules
        @OptionGroup var rules: RulesOption
    #endif

    @Option(help: "The output format.")
    var format = SheetFormat.text

    @OptionGroup var output: OutputOption

    @Option(
        help: ArgumentHelp(
            "Maximum number of rows of each list, or all. (default: 20, and 500 with --format html)",
            valueName: "rows"))
    var limit: RowLimit?

    @OptionGroup var pager: PagerOption

    /// The number of rows of each section of text without `--limit`.
    private static let rows = RowLimit.rows(20)

    func validate() throws {
        if host.isEmpty { throw ValidationError("The host is empty.") }
        if format == .html && output.path == nil {
            throw ValidationError("--format html requires -o FILE, such as -o host.html.")
        }
    }

    private var lists: [(path: String, use: String)] {
        #if Rules
            rules.lists
        #else
            []
        #endif
    }

    func run() throws {
        output.noteExtension(for: format)
        switch format {
        case .text: try writeText()
        case .html: try writePage()
        }
    }

    private func writeText() throws {
        #if Rules
            let rules = try rules.read()
        #endif
        let inUse = try database.filesInUse(reading: [], lists)
        try output.requirePlace(sparing: inUse)
        let sheet = try database.read(beside: lists) { database in
            let host = try HostSearch(in: database).host(called: host)
            var sheet = HostSheet(
                try HostOverview(of: host, HostQuery(in: database), in: database))
            #if Rules
                if let path = self.rules.path {
                    var selection = ExecutionSelection()
                    selection.serverIDs = [host.serverID]
                    selection.isLatestOnly = true
                    let inspection = try Inspection(of: database, by: rules, selection)
                    sheet.add(inspection.section(of: path))
                }
            #endif
            return sheet
        }
        if !output.isFile { pager.start() }
        let text = sheet.bytes(
            limit: (limit ?? Self.rows).rows ?? .max,
            width: output.isFile ? nil : Console.outputWidth)
        try output.write(HostSheet.kind, sparing: inUse) { try $0(text.bytes) }
        if text.isShortened {
            Console.note("show: shortened to the width of the terminal (-o FILE writes all)")
        }
    }

    private func writePage() throws {
        #if Rules
            let checks = try PageChecks(rules: rules)
        #else
            let checks = try PageChecks()
        #endif
        let inUse = try database.filesInUse(reading: [], lists)
        try output.requirePlace(sparing: inUse)
        try output.write(.page, sparing: inUse) { output in
            try database.read(beside: lists) { database in
                let host = try HostSearch(in: database).host(called: host)
                var selection = ExecutionSelection()
                selection.serverIDs = [host.serverID]
                let page = HostPage(
                    of: host, try checks.findings(in: database, selection, about: host),
                    generator: "census \(Census.version)",
                    limit: (limit ?? PageOptions.rows).rows ?? 1 << 40)
                try page.write(from: database, to: output)
            }
        }
    }
}
