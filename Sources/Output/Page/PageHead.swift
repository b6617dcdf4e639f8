import Crypto
import Database
import Query
import Records
import SQLScripts
import Text

/// The SHA-256 that identifies the snapshots in a database; sql/page/page_digest.sql defines it.
struct DatabaseDigest {
    let hexadecimal: String
    /// The number of snapshots.
    let snapshots: Int

    init(of database: any Database) throws(DatabaseError) {
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
        hexadecimal = Text.hexadecimal(digest.finalize())
        snapshots = lines
    }

    static let query =
        "SELECT Snapshot_ID, Snapshot_SHA256 FROM Executions "
        + "WHERE Snapshot_ID IS NOT NULL ORDER BY Snapshot_ID"
}

// What stands above the rows of tables, and at the head.
extension Page {
    var title: String { caseInfo.name.map { "Census: \($0)" } ?? "Census" }

    private func list(_ rows: [(String, Markup)]) -> Markup {
        var markup: Markup = "<dl class=\"case\">\n"
        for (name, value) in rows {
            markup += "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n"
        }
        return markup + "</dl>\n"
    }

    func head(_ data: PageData) -> Markup {
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
        return "<section id=\"case\" aria-label=\"Case\">\n" + list(rows) + "</section>\n"
    }

    /// The digest, above the files.
    func evidence(_ data: PageData, _ digest: DatabaseDigest) -> Markup {
        var rows: [(String, Markup)] = [
            (
                "Digest",
                """
                <code class="digest">\(digest.hexadecimal)</code>\
                <details><summary>How to compute it</summary>\
                <p>The SHA-256 of one line for each of the \(grouped(digest.snapshots, "snapshot")) \
                in the database, sorted by id: the snapshot’s id, a tab, the SHA-256 of its text as in \
                its last line, a line feed. The same snapshots give the same digest, regardless of \
                engine and load order.</p>\
                <pre>sqlite3 -tabs census.sqlite &quot;\(DatabaseDigest.query)&quot; | sha256sum
                mariadb -N -B census -e &quot;\(DatabaseDigest.query)&quot; | sha256sum</pre></details>
                """
            )
        ]
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
        rows.append(("Made by", "\(generator)"))
        return list(rows)
    }

    /// How many findings there are of each name, worst first.
    func summary(of findings: [PageFinding]) -> Markup {
        var markup = Markup()
        for check in self.findings.checks { markup += note(check) }
        if findings.isEmpty {
            let nothing =
                self.findings.checks.isEmpty ? "Nothing was checked" : "Nothing was found"
            return markup + note(nothing)
        }
        var groups: [(first: PageFinding, count: Int, servers: Set<Int64>)] = []
        for finding in findings {
            let index = groups.firstIndex {
                $0.first.severity == finding.severity && $0.first.name == finding.name
            }
            if index == nil { groups.append((finding, 0, [])) }
            groups[index ?? groups.count - 1].count += 1
            if let id = finding.serverID {
                groups[index ?? groups.count - 1].servers.insert(id)
            }
        }
        return markup
            + plainTable(
                "Findings by kind", ["Severity", "Finding", "Meaning", "Findings", "Servers"],
                groups.map { group in
                    [
                        group.first.weight, group.first.name, group.first.meaning,
                        grouped(group.count), grouped(group.servers.count),
                    ]
                })
    }
}

/// A note of one clause: `Accounts are unknown on 2 servers.`
func note(_ clause: String) -> Markup {
    "<p class=\"note\">\(clause.prefix(1).uppercased() + clause.dropFirst()).</p>\n"
}
