package import Database
package import Query

/// A page about one host: what stands out, and what `HostSheet` has.
package struct HostPage {
    private let host: Server
    private let findings: PageFindings
    private let generator: String
    private let limit: Int

    /// - Parameters:
    ///   - findings: about any hosts.
    ///   - generator: the program and its version.
    ///   - limit: the maximum number of rows of each list that the page shows at first.
    package init(of host: Server, _ findings: PageFindings, generator: String, limit: Int) {
        self.host = host
        self.findings = findings
        self.generator = generator
        self.limit = limit
    }

    /// Writes the page.
    ///
    /// The database is read in one state if the caller has begun a transaction.
    package func write(
        from database: any Database, to output: ([UInt8]) throws -> Void
    ) throws {
        // Tables keep it while they are written.
        try withoutActuallyEscaping(output) { try write(database, $0) }
    }

    private func write(
        _ database: any Database, _ output: @escaping ([UInt8]) throws -> Void
    ) throws {
        let overview = try HostOverview(of: host, HostQuery(in: database), in: database)
        let own = findings.of([host.serverID]).filter { $0.serverID != nil }
        let evidence = try FindingEvidence(
            newest: [host.serverID: overview.newest.id], database)
        var sheet = HostSheet(of: host.description)
        sheet.add(try HostSheet.Section(of: own, evidence))
        sheet.add(overview)

        let frame = PageFrame(title: sheet.title, generator: generator)
        let names = sheet.sections.map { String($0.title.prefix { $0 != ":" }) }
        try output(
            frame.beginning(names.enumerated().map { ("part_\($0)", $1) }).utf8)
        let room = PageRoom(Page.usualSize)
        for (index, section) in sheet.sections.enumerated() {
            var table = PageTable(
                "part_\(index)", section.title, section.columns, limit: limit, file: nil, in: room,
                to: output)
            table.nothing = nil
            if index == 0 {
                for check in findings.checks { table.introduction += note(check) }
            }
            for row in section.values { try table.add(row) }
            try table.finish()
        }
        let newest = overview.visits.first { $0.id == overview.newest.id }
        try output(
            frame.ending(
                signingFor: """
                    Signed for the execution of \(overview.newest.date), from the file with the \
                    SHA-256 <code class="digest">\(newest?.sha256 ?? "unknown")</code>.
                    """
            ).utf8)
    }
}
