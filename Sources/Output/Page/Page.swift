package import Database
package import Query
import Records
import SQLScripts
package import SystemPackage

/// The reports as one self-contained HTML page with findings and charts.
///
/// The same database and options give the same bytes: the page has no creation time, and rows are
/// sorted by the bytes of names.
package struct Page {
    /// A table that the page shows only in part.
    package struct Remainder: Sendable {
        /// Its name, such as `test_3`.
        package let table: String
        /// The total number of rows.
        package let rows: Int
        /// The number of rows that the page shows at first.
        package let shown: Int
        /// The CSV file with all rows; nil if there is none.
        package let file: FilePath?
        /// The rows and cells of that file that a spreadsheet would not show.
        package let excess: SpreadsheetExcess?
    }

    /// The destination of a page.
    package enum Destination {
        /// A file. Tables with more rows than the page shows are written beside it: for
        /// `audit.html` as `audit_test_3.csv` and so on.
        case file(FilePath, OutputFiles)
        /// An output without other files.
        case stream(([UInt8]) throws -> Void)
    }

    /// The number of bytes for what a page does not show at first. With more it opens slowly.
    package static let usualSize = 20_000_000

    private let reports: [Report]
    let caseInfo: CaseInfo
    let findings: PageFindings
    let generator: String
    let limit: Int
    let selection: ExecutionSelection
    private let size: Int

    /// - Parameters:
    ///   - findings: what the page says first.
    ///   - generator: the program and its version.
    ///   - limit: the maximum number of rows of each table that the page shows at first.
    ///   - size: the number of bytes for what it does not show at first.
    package init(
        _ reports: [Report], _ caseInfo: CaseInfo, _ findings: PageFindings = PageFindings(),
        generator: String, limit: Int, size: Int = usualSize,
        of selection: ExecutionSelection = ExecutionSelection()
    ) {
        self.size = size
        self.selection = selection
        self.reports = reports
        self.caseInfo = caseInfo
        self.findings = findings
        self.generator = generator
        self.limit = limit
    }

    /// Writes the page. Its files are created when the caller publishes them.
    ///
    /// The database is read in one state if the caller has begun a transaction.
    package func write(
        to destination: Destination, from database: any Database
    ) throws -> [Remainder] {
        let kinds = try ListedKind.collected(in: database)
        let (files, output) = try open(destination, kinds)
        let data = try PageData(
            of: selection, kinds, from: database, withSamples: max(limit, Self.colours))
        let changes = try ServerChanges.all(of: data, in: database)
        let digest = try DatabaseDigest(of: database)
        let ownFindings = findings.of(Set(data.servers.map(\.id)))
        let room = PageRoom(size)
        var remainders: [Remainder] = []

        func write(_ markup: Markup) throws { try output(markup.utf8) }
        /// Writes a table, of which `add` adds the rows.
        func writeTable(
            _ name: String, _ title: String, _ columns: [String], _ introduction: Markup = "",
            nothing: String? = "No rows.", isLastColumnSpanish: Bool = false,
            _ add: (inout PageTable) throws -> Void
        ) throws {
            var table = PageTable(
                name, title, columns, limit: limit, file: files[name], in: room, to: output)
            table.introduction = introduction
            table.nothing = nothing
            table.isLastColumnSpanish = isLastColumnSpanish
            try add(&table)
            try table.finish()
            if let remainder = table.remainder { remainders.append(remainder) }
        }

        let frame = PageFrame(title: title, generator: generator, examiner: caseInfo.examiner)
        try write(frame.beginning(sections(data)))
        try write(head(data) + "<section id=\"host\" aria-live=\"polite\"></section>\n")
        try writeTable(
            "findings", "What stands out", Self.findingColumns, summary(of: ownFindings),
            nothing: nil
        ) { table in
            let evidence = try FindingEvidence(data, database)
            for finding in ownFindings { try table.add(evidence.row(of: finding)) }
        }
        try write(pictures(data, changes, database))
        let hosts = try HostViews(
            of: data, ownFindings, selection, in: room, from: database, to: output)
        try writeTable(
            "servers", "Servers", Self.serverColumns(kinds), hosts.introduction(data)
        ) { table in
            for server in data.servers { try add(server, to: &table, data.axis) }
        }
        try writeTable("changes", "What changed on each server", Self.changeColumns(kinds)) {
            for server in changes { try $0.add(row(server, kinds)) }
        }
        for report in reports {
            let rows = try report.rows(in: database, of: selection)
            let gap = try report.gap(in: database, of: selection)
            try writeTable(
                report.name, report.heading, rows.columnNames, gap.map(note) ?? "",
                isLastColumnSpanish: report.isLastColumnSpanish
            ) { try $0.add(allOf: rows) }
        }
        let receipts = try database.prepare(Scripts.Page.evidence)
        try writeTable(
            "evidence", "Evidence", PageEvidence.columns, evidence(data, digest)
        ) { while try receipts.step() { try $0.add(PageEvidence.row(of: receipts)) } }
        try write(
            frame.ending(
                signingFor: """
                    Signed for the database with the digest <code class="digest">\
                    \(digest.hexadecimal)</code>.
                    """))
        return remainders
    }

    /// The links at the head of the page.
    private func sections(_ data: PageData) -> [(name: String, title: String)] {
        [("findings", "What stands out")] + (data.axis == nil ? [] : [("pictures", "Pictures")])
            + [("servers", "Servers"), ("changes", "Changes")]
            + reports.map { ($0.name, $0.shortHeading) } + [("evidence", "Evidence")]
    }

    /// The tables with their columns, in the order of the page.
    private func tables(_ kinds: [ListedKind]) -> [(name: String, columns: [String])] {
        [
            ("findings", Self.findingColumns), ("servers", Self.serverColumns(kinds)),
            ("changes", Self.changeColumns(kinds)),
        ] + reports.map { ($0.name, $0.columns) }
            + [("evidence", PageEvidence.columns)]
    }

    /// Reserves the names of all files that may be written.
    private func open(
        _ destination: Destination, _ kinds: [ListedKind]
    ) throws -> (files: [String: OutputFile], write: ([UInt8]) throws -> Void) {
        switch destination {
        case .stream(let write): return ([:], write)
        case .file(let path, let all):
            // The page links to the others, so it is created last.
            var files: [String: OutputFile] = [:]
            for (name, columns) in tables(kinds) {
                files[name] = try all.file(
                    named: "\(path.stem ?? "")_\(name).csv", in: path.removingLastComponent(),
                    .rows(.csv, columns, of: name), isCertain: false)
            }
            let page = try all.file(at: path, .page)
            return (files, { try page.write($0) })
        }
    }
}
