import ArgumentParser
import Database
import Files
import Output
import Query

#if Rules
    import Rules
#endif

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of one host.",
        discussion: """
            Prints a page of text: what the host is, the files that this is known from, what runs \
            and is installed, its accounts and listeners as of its newest execution, what changed \
            since the execution before and, with --rules, what breaks the rules. Each list has its \
            first 20 rows, or as many as --limit says.

            Exit codes: 0 success, 1 failure, 64 usage error or invalid rules.

            Examples:
              census show web-01
              census show 192.0.2.10 --rules rules.yaml -o web-01.txt
            """)

    @Argument(help: "A name, id, address or Server_ID.")
    var host: String

    @OptionGroup var database: DatabaseOption

    #if Rules
        @OptionGroup var rules: RulesOption
    #endif

    @OptionGroup var output: OutputOption

    @OptionGroup var limit: LimitOption

    /// The number of rows of each section without `--limit`.
    private static let rows = 20

    func validate() throws {
        if host.isEmpty { throw ValidationError("The host is empty.") }
    }

    func run() throws {
        #if Rules
            let lists = rules.lists
            let rules = try rules.read()
        #else
            let lists: [(path: String, use: String)] = []
        #endif
        let inUse = try database.filesInUse(reading: [], lists)
        let sheet = try database.read(beside: lists) { database in
            let host = try HostSearch(in: database).host(called: host)
            var sheet = HostSheet(try HostOverview(of: host, in: database))
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
        try output.write(HostSheet.kind, sparing: inUse) {
            try $0(sheet.bytes(limit: (limit.limit ?? .rows(Self.rows)).rows ?? .max))
        }
    }
}
