import Database
import Query
import Records
import SQLScripts
import Text

// The charts.
extension Page {
    /// The number of line colours in a chart.
    static let colours = 8
    /// The maximum number of bars, and of lines in the coverage chart.
    private static let bars = 12
    private static let coverageRows = 40

    /// The numbers of a picture, as a table.
    private struct Numbers {
        let columns: [String]
        var rows: [[String]] = []
    }

    private func figure(
        _ title: String, _ caption: Markup, legend: [(colour: String, name: String)] = [],
        _ picture: Markup, _ numbers: Numbers? = nil
    ) -> Markup {
        var markup: Markup = "<figure>\n<figcaption><h3>\(title)</h3><p>\(caption)</p>"
        if !legend.isEmpty {
            markup += "<ul class=\"legend\">"
            for (colour, name) in legend {
                markup += "<li><span class=\"swatch \(colour)\"></span>\(name)</li>"
            }
            markup += "</ul>"
        }
        markup += "</figcaption>\n"
        if picture.utf8.isEmpty { return markup + "</figure>\n" }
        markup += """
            <div class="picture" role="group" aria-label="\(title)" tabindex="0">\(picture)</div>

            """
        if let numbers {
            markup += """
                <details class="numbers"><summary>The numbers of “\(title)”</summary>
                \(plainTable(title, numbers.columns, numbers.rows))</details>

                """
        }
        return markup + "</figure>\n"
    }

    func pictures(
        _ data: PageData, _ changes: [ServerChanges], _ database: any Database
    ) throws -> Markup {
        guard let axis = data.axis else { return Markup() }
        var markup: Markup = "<section id=\"pictures\">\n<h2>Pictures</h2>\n<div class=\"pair\">\n"
        markup += try shares(
            "Operating systems", "system", selection.prepare(Scripts.Page.systems, in: database),
            nameColumns: 2)
        markup += try shares(
            "Processors", "processor", selection.prepare(Scripts.Page.processors, in: database),
            nameColumns: 1)
        markup += "</div>\n"
        if data.firstSeen < data.lastSeen {
            for list in data.lists.indices { markup += overTime(list, data, axis) }
            markup += try coverage(data, axis, database)
        } else {
            markup += figure(
                "Over time", "All data is from one time, \(data.firstSeen).", Markup())
        }
        if let picture = mostChanged(changes, data) { markup += picture }
        return markup + "</section>\n"
    }

    private func shares(
        _ title: String, _ kind: String, _ statement: any Statement, nameColumns: Int
    ) throws -> Markup {
        var bars: [Bar] = []
        var others = (kinds: 0, servers: 0)
        while try statement.step() {
            let count = Int(statement.integer(nameColumns))
            if bars.count == Self.bars {
                others.kinds += 1
                others.servers += count
                continue
            }
            let name = (0..<nameColumns).compactMap { statement.textOrNil($0) }
            bars.append(
                Bar(
                    name: name.isEmpty ? "unknown" : name.joined(separator: " "), parts: [count],
                    note: grouped(count)))
        }
        if others.kinds > 0 {
            bars.append(
                Bar(
                    name: grouped(others.kinds, "other \(kind)"), parts: [others.servers],
                    note: grouped(others.servers)))
        }
        return figure(
            title, "Servers, as last seen.", barChart(title, bars, width: 508),
            Numbers(
                columns: ["Name", "Servers"], rows: bars.map { [$0.name, $0.note] }))
    }

    /// One line per server if there are enough colours, otherwise the distribution.
    /// - Parameter list: the index of what is counted in `data.lists`.
    private func overTime(_ list: Int, _ data: PageData, _ axis: TimeAxis) -> Markup {
        let title = "\(data.lists[list].replacing("_", with: " ")) per server over time"
        if data.counts[list].isEmpty {
            return figure(title, "Unknown for all servers.", Markup())
        }
        if data.servers.count <= Self.colours {
            return figure(
                title, "A line for each server, a mark for each execution.",
                legend: data.servers.enumerated().map { ("s\($0)", $1.label) },
                lineChart(title, data.servers.map { $0.samples[list] }, over: axis),
                Numbers(
                    columns: ["Server", "Time", "Count"],
                    rows: data.servers.flatMap { server in
                        server.samples[list].map {
                            [server.label, Self.text($0.time), grouped($0.count)]
                        }
                    }))
        }
        return figure(
            title,
            """
            All \(grouped(data.servers.count)) servers, by \(axis.bucketName). The table of servers \
            has a line for each that it shows.
            """,
            legend: [
                ("ink", "median"), ("inner", "the middle 8 of 10 executions"),
                ("outer", "lowest to highest"),
            ],
            spreadChart(title, data.counts[list], over: axis),
            Numbers(
                columns: [
                    "From", "Executions", "Lowest", "Tenth", "Median", "Nine tenths", "Highest",
                ],
                rows: data.counts[list].sorted { $0.key < $1.key }.map { bucket, counts in
                    let counts = counts.sorted()
                    return [axis.name(of: bucket), grouped(counts.count)]
                        + [0, 1, 5, 9, 10].map { grouped(quantile(counts, $0)) }
                }))
    }

    /// `2026-11-23 05:00:00`.
    private static func text(_ time: Int) -> String {
        Timestamp(unixSeconds: Int64(time))?.sqlText ?? ""
    }

    private func coverage(
        _ data: PageData, _ axis: TimeAxis, _ database: any Database
    ) throws -> Markup {
        let seen = figure(
            "Coverage",
            """
            How many of \(grouped(data.servers.count, "server")) were seen, by \(axis.bucketName).
            """,
            seenChart("Servers seen over time", data.seen, over: axis),
            Numbers(
                columns: ["From", "Servers"],
                rows: data.seen.sorted { $0.key < $1.key }.map {
                    [axis.name(of: $0), grouped($1)]
                }))
        // Servers not seen for the longest time come first.
        var servers = data.servers.filter { $0.lastTime != nil }
        let all = servers.count
        if all > Self.coverageRows {
            servers.sort { ($0.lastTime ?? 0, $0.id) < ($1.lastTime ?? 0, $1.id) }
            servers.removeLast(all - Self.coverageRows)
        }
        let statement = try selection.prepare(Scripts.Page.dates, in: database)
        var rows: [(name: String, times: [Int])] = []
        for server in servers {
            try statement.bind(server.id, at: 0)
            var times: [Int] = []
            while try statement.step() {
                guard let time = Timestamp(sqlText: statement.text(0)) else { continue }
                times.append(Int(time.unixSeconds))
            }
            rows.append((server.label, times))
        }
        let caption: Markup =
            all > rows.count
            ? """
            The \(rows.count) servers that were not seen for the longest time, a mark for each \
            execution.
            """ : "A mark for each execution."
        return seen
            + figure(
                "When each server was seen", caption,
                coverageChart("When each server was seen", rows, over: axis),
                Numbers(
                    columns: ["Server", "Executions", "Times"],
                    rows: rows.map { row in
                        [
                            row.name, grouped(row.times.count),
                            row.times.map(Self.text).joined(separator: ", "),
                        ]
                    }))
    }

    private func mostChanged(_ changes: [ServerChanges], _ data: PageData) -> Markup? {
        let title = "What changed most"
        let changed = changes.prefix(15).filter { $0.counts.changes > 0 }
        if changed.isEmpty {
            return figure(
                title,
                changes.isEmpty
                    ? "No server has two executions that can be compared."
                    : "No changes between the last two executions of any server.", Markup())
        }
        let bars = changed.map { server in
            let counts = server.counts
            func text(_ count: Int?) -> String { count.map(String.init) ?? "?" }
            return Bar(
                name: server.server.label,
                parts: [counts.processesAppeared ?? 0, counts.processesGone ?? 0],
                note: "processes +\(text(counts.processesAppeared)) "
                    + "−\(text(counts.processesGone)), "
                    + data.kinds.filter { counts.areCollected[$0.index] }
                    .map { "\($0.name) \(text(counts.lists[$0.index])), " }.joined()
                    + "facts \(counts.facts)")
        }
        return figure(
            title,
            """
            Processes, by name and owner, that differ between a server’s last two executions, \
            with the number of changed \(data.kinds.map(\.name).joined(separator: ", ")) and \
            other facts.
            """,
            legend: [("s0", "new processes"), ("s1", "processes gone")],
            barChart(title, bars, width: 1040),
            Numbers(
                columns: ["Server", "New processes", "Processes gone", "All"],
                rows: bars.map { [$0.name, grouped($0.parts[0]), grouped($0.parts[1]), $0.note] }))
    }
}
