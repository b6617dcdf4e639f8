import Database
import Query
import Text

/// The views of hosts in a page: data from which its script makes a view of one host.
struct HostViews {
    /// The maximum number of rows of each list.
    private static let limit = 500

    /// The number of hosts that have one.
    private(set) var count = 0

    /// Writes the views of as many hosts as there is room for.
    /// - Parameters:
    ///   - findings: of all hosts.
    ///   - output: receives the views, each in one piece.
    init(
        of data: PageData, _ findings: [PageFinding], _ selection: ExecutionSelection,
        in room: PageRoom, from database: any Database, to output: ([UInt8]) throws -> Void
    ) throws {
        let evidence = try FindingEvidence(data, database)
        let query = try HostQuery(selection, evidence.query, in: database)
        let own = Dictionary(grouping: findings) { $0.serverID ?? 0 }
        let seen = Set(data.servers.filter { $0.newest != nil }.map(\.id))
        var left = room.share
        for host in try Server.all(in: database, selection) where seen.contains(host.serverID) {
            var sheet = HostSheet(of: host.description)
            sheet.add(
                try HostSheet.Section(of: own[host.serverID] ?? [], evidence))
            sheet.add(try HostOverview(of: host, query, in: database))
            let view = sheet.view(of: host.serverID, limit: Self.limit)
            if view.count > left { break }
            left -= view.count
            room.take(view.count)
            count += 1
            try output(view)
        }
    }

    /// What the table of servers says of the views.
    func introduction(_ data: PageData) -> Markup {
        if count == data.servers.count { return Markup() }
        return """
            <p class="note">A click on a server shows it by itself. This page has room for the first \
            \(grouped(count)) of \(grouped(data.servers.count)); \
            <code>census show HOST --format html</code> makes a page of any other.</p>

            """
    }
}

extension HostSheet.Section {
    /// The findings about a host.
    init(of findings: [PageFinding], _ evidence: FindingEvidence) throws(DatabaseError) {
        var rows: [[String?]] = []
        for finding in findings {
            let file = try evidence.file(of: finding)
            rows.append([
                finding.weight, finding.name, finding.what, finding.seen, file?.path, file?.sha256,
            ])
        }
        self.init(
            "What stands out: \(rows.count)",
            ["Severity", "Finding", "What", "Seen", "File", "SHA256"], rows)
    }

    /// The rows for a page, where columns of counts are integers.
    var values: [[Value]] {
        func integer(_ row: [String?], _ column: Int) -> Int64? {
            guard row.indices.contains(column), let text = row[column],
                let integer = Int64(text), String(integer) == text
            else { return nil }
            return integer
        }
        let areCounts = columns.indices.map { column in
            rows.allSatisfy { integer($0, column) != nil }
        }
        return rows.map { row in
            columns.indices.map { column in
                if areCounts[column] { return Value(integer(row, column)) }
                return row.indices.contains(column) ? Value(row[column]) : .text("")
            }
        }
    }

    /// How many rows a page does not have, and how to print them; nil if it has all.
    func rest(limit: Int) -> String? {
        if rows.count <= limit { return nil }
        let command = command.map { "; \($0) prints all" } ?? ""
        return "The first \(grouped(limit)) of \(grouped(rows.count, "row"))\(command)."
    }
}

extension HostSheet {
    /// The sheet as the data of a view, in an element for the page's script.
    fileprivate func view(of serverID: Int64, limit: Int) -> [UInt8] {
        var json = Array(
            "<script type=\"application/json\" id=\"view_\(serverID)\">{\"title\":".utf8)
        appendScriptJSON(distinctFromUnknown(title.carriedBytes), to: &json)
        json += ",\"parts\":[\n".utf8
        for (index, section) in sections.enumerated() {
            json += (index == 0 ? "{\"title\":" : ",\n{\"title\":").utf8
            appendScriptJSON(distinctFromUnknown(section.title.carriedBytes), to: &json)
            json += ",\"note\":".utf8
            appendScriptJSON(Array((section.rest(limit: limit) ?? "").utf8), to: &json)
            json += ",\"columns\":[".utf8
            for (index, column) in section.columns.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                appendScriptJSON(Array(column.utf8), to: &json)
            }
            json += "],\"rows\":[".utf8
            var rows = PageRows(columns: section.columns.count, in: PageRoom(.max))
            for row in section.values.prefix(limit) { rows.add(row, to: &json) }
            json += "]}".utf8
        }
        return json + Array("]}</script>\n".utf8)
    }
}
