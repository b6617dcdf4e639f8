import Crypto
package import Database
import FoundationEssentials
package import Query
import Records
import SQLScripts
package import SystemPackage
import Text

/// The reports as one self-contained HTML page with charts.
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
        /// The number of rows in the page.
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

    private let reports: [Report]
    private let caseInfo: CaseInfo
    private let generator: String
    private let limit: Int
    let selection: ExecutionSelection

    /// - Parameters:
    ///   - generator: the program and its version.
    ///   - limit: the maximum number of rows of each table in the page.
    package init(
        _ reports: [Report], _ caseInfo: CaseInfo, generator: String, limit: Int,
        of selection: ExecutionSelection = ExecutionSelection()
    ) {
        self.selection = selection
        self.reports = reports
        self.caseInfo = caseInfo
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
        let (files, writeBytes) = try open(destination, kinds)
        var remainders: [Remainder] = []
        let data = try PageData(
            of: selection, kinds, from: database, withSamples: max(limit, Self.colours))
        let changes = try ServerChanges.all(of: data, in: database)

        func table(_ name: String, _ title: String, _ columns: [String]) -> PageTable {
            PageTable(name, title, columns, limit: limit, file: files[name])
        }
        func write(_ markup: Markup) throws { try writeBytes(markup.utf8) }
        func finish(_ table: inout PageTable) throws {
            try write(table.finish())
            if let remainder = table.remainder { remainders.append(remainder) }
        }
        func copy(
            _ name: String, _ title: String, _ statement: any Statement, gap: String? = nil
        ) throws {
            var table = table(name, title, statement.columnNames)
            table.gap = gap
            while try statement.step() { try table.add(statement) }
            try finish(&table)
        }

        try write(beginning(data))
        try write(head(data, database))
        try copy("evidence", "Evidence files", database.prepare(Scripts.Page.evidence))
        try write(pictures(data, changes, database))
        var servers = table("servers", "Servers", Self.serverColumns(kinds))
        for server in data.servers { try add(server, to: &servers, data.axis) }
        try finish(&servers)
        var changed = table("changes", "What changed on each server", Self.changeColumns(kinds))
        for server in changes { try changed.add(row(server, kinds)) }
        try finish(&changed)
        for report in reports {
            try copy(
                report.name, report.heading,
                report.prepare(in: database, of: selection),
                gap: report.gap(in: database, of: selection))
        }
        try write(ending)
        return remainders
    }

    /// The tables with their columns, in the order of the page.
    private func tables(_ kinds: [ListedKind]) -> [(name: String, columns: [String])] {
        [
            ("evidence", columnTitles(of: Scripts.Page.evidence)),
            ("servers", Self.serverColumns(kinds)), ("changes", Self.changeColumns(kinds)),
        ] + reports.map { ($0.name, $0.columns) }
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

// The frame.
extension Page {
    private static let style = Markup(trusted: PackageResources.page_css)
    private static let script = Markup(trusted: PackageResources.page_js)

    /// The Content-Security-Policy source of an inline style or script.
    private static func source(_ markup: Markup) -> String {
        "'sha256-\(Data(SHA256.hash(data: markup.utf8)).base64EncodedString())'"
    }

    private var title: String { caseInfo.name.map { "Census: \($0)" } ?? "Census" }

    private func beginning(_ data: PageData) -> Markup {
        let policy =
            "default-src 'none'; style-src \(Self.source(Self.style)); "
            + "script-src \(Self.source(Self.script)); base-uri 'none'; form-action 'none'"
        var markup: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="generator" content="\(generator)">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            <nav aria-label="Sections"><ul>
            """
        var sections = [("evidence", "Evidence")]
        if data.axis != nil { sections += [("pictures", "Pictures")] }
        sections += [("servers", "Servers"), ("changes", "Changes")]
        sections += reports.map { ($0.name, $0.shortHeading) }
        for (name, title) in sections { markup += "<li><a href=\"#\(name)\">\(title)</a></li>" }
        return markup + "</ul></nav>\n</header>\n<main>\n"
    }

    private var ending: Markup {
        """
        </main>
        <footer><p>Made by \(generator). Times are UTC. NULL is unknown.</p></footer>
        <script>\(Self.script)</script>
        </body>
        </html>

        """
    }

    private func head(_ data: PageData, _ database: any Database) throws -> Markup {
        var rows: [(String, Markup)] = []
        if let name = caseInfo.name { rows.append(("Case", "\(name)")) }
        if let examiner = caseInfo.examiner { rows.append(("Examiner", "\(examiner)")) }
        if let note = caseInfo.note {
            var lines = Markup()
            for (index, line) in note.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                lines += index == 0 ? "\(String(line))" : "<br>\(String(line))"
            }
            rows.append(("Note", lines))
        }
        if data.axis != nil {
            rows.append(("Period", "\(data.firstSeen) to \(data.lastSeen) UTC"))
        }
        let counted = ["process row"] + data.kinds.map(\.noun)
        let contents = zip(data.totals, counted).map { grouped($0, $1) }
        rows.append(
            (
                "Contents",
                """
                \(grouped(data.servers.count, "server")), \(grouped(data.executions, "execution")), \
                \(contents.joined(separator: ", "))
                """
            ))
        let digest = try digest(database)
        rows.append(
            (
                "Digest",
                """
                <code class="digest">\(digest.hexadecimal)</code>\
                <details><summary>How to compute it</summary>\
                <p>The SHA-256 of one line for each of the \(grouped(digest.lines, "snapshot")) \
                in the database, sorted by id: the snapshot’s id, a tab, the SHA-256 of its text as in \
                its last line, a line feed. The same snapshots give the same digest, regardless of \
                engine and load order.</p>\
                <pre>sqlite3 -tabs census.sqlite &quot;\(Self.digestQuery)&quot; | sha256sum
                mariadb -N -B census -e &quot;\(Self.digestQuery)&quot; | sha256sum</pre></details>
                """
            ))
        if data.executionsWithoutSnapshot > 0 {
            rows.append(
                (
                    "Not covered",
                    """
                    \(grouped(data.executionsWithoutSnapshot, "execution")) without a \
                    snapshot are not part of the digest
                    """
                ))
        }
        if data.executionsWithoutDate > 0 {
            rows.append(
                (
                    "Impossible dates",
                    """
                    \(grouped(data.executionsWithoutDate, "execution")) dated after the file was \
                    loaded: excluded from the charts over time and from the newest executions
                    """
                ))
        }
        rows.append(("Made by", "\(generator)"))
        var markup: Markup = "<section id=\"case\" aria-label=\"Case\">\n<dl class=\"case\">\n"
        for (name, value) in rows {
            markup += "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n"
        }
        return markup + "</dl>\n</section>\n"
    }

    private static let digestQuery =
        "SELECT Snapshot_ID, Snapshot_SHA256 FROM Executions "
        + "WHERE Snapshot_ID IS NOT NULL ORDER BY Snapshot_ID"

    private func digest(
        _ database: any Database
    ) throws -> (hexadecimal: String, lines: Int) {
        var digest = SHA256()
        var lines = 0
        let statement = try database.prepare(Scripts.Page.digest)
        while try statement.step() {
            var line: [UInt8] = []
            statement.appendText(0, to: &line)
            line.append(UInt8(ascii: "\t"))
            statement.appendText(1, to: &line)
            line.append(UInt8(ascii: "\n"))
            digest.update(data: line)
            lines += 1
        }
        return (hexadecimal(digest.finalize()), lines)
    }
}

// Tables that are not reports.
extension Page {
    private static func serverColumns(_ kinds: [ListedKind]) -> [String] {
        ["Server_ID", "Hostname", "IP", "Executions", "Processes"] + kinds.map(\.title)
            + ["First_seen", "Last_seen", "OS", "Processor"]
    }

    private func add(
        _ server: PageData.ServerSummary, to table: inout PageTable, _ axis: TimeAxis?
    ) throws {
        let facts = [
            Value(server.id), Value(server.hostname), Value(server.ip), Value(server.executions),
        ]
        let row =
            facts + server.newestCounts.map { Value($0) } + [
                .text(server.firstSeen), .text(server.lastSeen), .text(server.system),
                Value(server.processor),
            ]
        try table.add(row) { column in
            let list = column - facts.count
            guard let axis, server.samples.indices.contains(list) else { return nil }
            return sparkline(server.samples[list], over: axis)
        }
    }

    private static func changeColumns(_ kinds: [ListedKind]) -> [String] {
        ["Server_ID", "Hostname", "IP", "From", "To"] + ChangeCounts.columns(kinds)
    }

    private func row(_ server: ServerChanges, _ kinds: [ListedKind]) -> [Value] {
        [
            Value(server.server.id), Value(server.server.hostname), Value(server.server.ip),
            .text(server.older), .text(server.newer),
        ] + server.counts.row(kinds)
    }
}
