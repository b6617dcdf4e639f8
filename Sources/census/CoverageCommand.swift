import ArgumentParser
import Files
import Output
import Query
import SystemPackage
import Text

struct CoverageCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Tell which hosts are missing, and what may not be relied on.",
        discussion: """
            Answers: may I sign this audit? Found are hosts that are missing, unexpected or stale, \
            entries of the list that mean the same host, files that were rejected and not replaced \
            by good ones, one name under several ids, several hosts under one id (a copied \
            machine-id), clocks that cannot be right, and collections that saw less than all.

            Exit codes: 0 nothing stands out, 1 something does, 2 could not do it (without \
            --expected also where the database has no host in it), 64 wrong usage.

            Examples:
              census coverage --expected hosts.csv
              census coverage --expected hosts.csv --max-age 30d --format csv > open.csv
            """)

    @Option(
        help: ArgumentHelp(
            "CSV or tab-separated text with a column of names, ids or addresses of hosts, with a header or without; - for standard input.",
            valueName: "file"), completion: .file())
    var expected: String?

    @Option(
        name: .customLong("max-age"),
        help: ArgumentHelp(
            "Hosts not seen for so long are stale: 30d, 12h.", valueName: "age"))
    var maxAge: AgeLimit?

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "The moment from which ages count, in UTC. (default: now)", valueName: "when"))
    var asOf: TimeSpan?

    @OptionGroup var database: DatabaseOption

    @Option(help: "How to write the rows.")
    var format = RowFormat.table

    func validate() throws {
        if expected?.isEmpty == true { throw ValidationError("--expected is empty.") }
        if asOf != nil && maxAge == nil { throw ValidationError("--as-of needs --max-age.") }
    }

    func run() throws {
        let list = try expected.map(readList)
        guard let now = Timestamp.now() else {
            throw Failure(message: "the clock of this machine cannot be right: set it first")
        }
        let oldest = try oldest(now)
        let lists = expected.map { [(path: $0, use: "the list of --expected")] } ?? []
        let (coverage, name) = try database.read(beside: lists) { database in
            (try Coverage(in: database, expected: list, oldest: oldest, now: now), database.name)
        }
        // Nothing that was covered is no answer, but what was rejected is worth a look.
        let isEmpty = coverage.hosts.isEmpty && list == nil
        if !isEmpty || !coverage.anomalies.isEmpty {
            try Console.write(
                RowTable(Coverage.Anomaly.columns, coverage.anomalies.map(\.row)), format,
                named: "coverage")
        }
        let summary = summary(coverage)
        if isEmpty {
            throw Failure(message: "\(name) has no host in it: \(summary)")
        }
        Console.note(summary)
        if !coverage.anomalies.isEmpty { throw ExitCode(1) }
    }

    private func readList(_ path: String) throws -> ExpectedHosts {
        let file = try OpenFile(readingOrStandardInput: path)
        let path = file.path.text
        let bytes = try file.contents()
        do throws(ExpectedHosts.InvalidList) {
            let list = try ExpectedHosts(bytes)
            if let line = list.firstLineInWindows1252 {
                Console.note("\(path):\(line): this is not UTF-8; read as Windows-1252")
            }
            if let line = list.linesWithoutHost.first {
                let more = list.linesWithoutHost.count - 1
                Console.note(
                    "\(path):\(line): there is no host in this row; it is passed over"
                        + (more > 0 ? ", and so \(more == 1 ? "is" : "are") \(more) more" : ""))
            }
            return list
        } catch {
            let place = error.line.map { "\(path):\($0)" } ?? path
            throw Failure(message: "\(place): \(error.reason)")
        }
    }

    private func oldest(_ now: Timestamp) throws -> Timestamp? {
        guard let maxAge else { return nil }
        let end = asOf?.end ?? now
        guard let oldest = Timestamp(unixSeconds: end.unixSeconds - maxAge.seconds) else {
            throw Failure(message: "--max-age reaches beyond the calendar")
        }
        return oldest
    }

    private func summary(_ coverage: Coverage) -> String {
        var parts = [counted(coverage.hosts.count, "host") + " seen"]
        if let count = coverage.expectedCount { parts[0] += ", \(count) expected" }
        for kind in Coverage.Kind.allCases {
            let count = coverage.anomalies.count { $0.kind == kind }
            if count > 0 { parts.append("\(count) \(kind.rawValue)") }
        }
        if parts.count == 1 && !coverage.hosts.isEmpty { parts.append("nothing stands out") }
        if coverage.expectedCount == nil {
            parts.append("what is missing is not known without --expected")
        }
        return parts.joined(separator: "; ")
    }
}

/// `30d`, `12h`, `90m`: days, hours or minutes.
struct AgeLimit: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let number = Int(argument.dropLast()), (0...1_000_000).contains(number)
        else { return nil }
        seconds = number * unit
    }
}
