import ArgumentParser
import Files
import Output
import Query
import SystemPackage
import Text

struct CoverageCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Report missing hosts and unreliable data.",
        discussion: """
            Is this audit complete and reliable? Reports hosts that are missing, unexpected or \
            stale, list entries that match the same host, rejected files that were not replaced \
            by valid ones, one name under several ids, several hosts under one id (a copied \
            machine-id), changed or shared host keys of SSH, missing or unknown signatures, damaged \
            custody logs, implausible clocks, and incomplete collections.

            Exit codes: 0 no findings, 1 findings, 2 failure (without --expected also if the \
            database contains no hosts), 64 usage error.

            Examples:
              census coverage --expected hosts.csv
              census coverage --expected hosts.csv --max-age 30d --format csv > open.csv
            """)

    @OptionGroup var expected: ExpectedOption

    @Option(
        name: .customLong("max-age"),
        help: ArgumentHelp(
            "Report hosts not seen for this long as stale: 30d, 12h.", valueName: "age"))
    var maxAge: AgeLimit?

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "The time, in UTC, from which ages are counted. (default: now)", valueName: "when"))
    var asOf: TimeSpan?

    @OptionGroup var host: HostOption

    @OptionGroup var database: DatabaseOption

    @OptionGroup var output: TableOutput

    func validate() throws {
        if asOf != nil && maxAge == nil { throw ValidationError("--as-of requires --max-age.") }
    }

    func run() throws {
        try Console.requireNoTerminal(for: output.format.format)
        let list = try expected.read()
        try output.output.requirePlace(
            sparing: database.filesInUse(reading: [], expected.lists))
        let now = try Timestamp.present()
        let oldest = try oldest(now)
        let lists = expected.lists
        let (coverage, name) = try database.read(beside: lists) { database in
            var coverage = try Coverage(in: database, expected: list, oldest: oldest, now: now)
            let search = try HostSearch(in: database)
            if let hosts = try host.hosts(of: search, orAmong: list?.names ?? []) {
                coverage.keep(hosts, try host.patterns.map(HostOption.pattern))
            }
            return (coverage, database.name)
        }
        // A database without hosts is an error, but its rejected files are still reported.
        let isEmpty = coverage.hosts.isEmpty && list == nil && host.patterns.isEmpty
        if !isEmpty || !coverage.anomalies.isEmpty {
            try output.write(
                RowTable(Coverage.Anomaly.columns, coverage.anomalies.map(\.row)),
                named: "coverage", sparing: database.filesInUse(reading: [], lists))
        }
        let summary = coverage.summary
        if isEmpty {
            throw Failure(message: "\(name) contains no hosts: \(summary)")
        }
        let subject = host.patterns.isEmpty ? "" : host.patterns.joined(separator: " or ") + ": "
        Console.note(subject + summary)
        if !coverage.anomalies.isEmpty { throw ExitCode(1) }
    }

    private func oldest(_ now: Timestamp) throws -> Timestamp? {
        guard let maxAge else { return nil }
        let end = asOf?.end ?? now
        guard let oldest = Timestamp(unixSeconds: end.unixSeconds - maxAge.seconds) else {
            throw Failure(message: "--max-age is out of range")
        }
        return oldest
    }
}

/// `30d`, `12h`, `90m`: days, hours or minutes.
struct AgeLimit: ExpressibleByArgument {
    let seconds: Int64

    init?(argument: String) {
        let units: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let number = Int64(argument.dropLast()), (0...1_000_000).contains(number)
        else { return nil }
        seconds = number * unit
    }
}
