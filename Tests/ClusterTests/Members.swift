#if MySQL
    import Foundation
    import TestSupport
    import Testing

    /// The servers of a cluster that all have the database `census` and accept writes.
    struct Members {
        let nodes: [MariaDBServer]
        /// The directory of the files to load.
        let directory: TemporaryDirectory
        /// A statement after which a session sees all commits of other members.
        let catchingUp: String

        func address(_ node: Int) -> String {
            "mysql://root@127.0.0.1:\(nodes[node].port)/census"
        }

        func contents(_ node: Int) -> CensusContents {
            .server { try nodes[node].sql("\(catchingUp); \($0)", database: "census") }
        }

        /// Loads a fleet through three nodes at once, with all but one folder loaded by several.
        func expectEachToWrite(_ fleet: GeneratedFleet) throws {
            try fleet.write(to: directory)
            let writers = try [["0", "1", "2"], ["2", "3", "0"], ["1", "3", "2"]].enumerated().map {
                try RunningCommand(
                    census, ["ingest", "--quiet", "--db", address($0)] + $1, in: directory.path)
            }
            for writer in writers {
                let result = try writer.wait()
                #expect((result.status, result.error) == (0, ""))
            }
            try expectWhole(onNodes: [0, 1, 2])
        }

        /// Compares nodes with an SQLite database loaded by one program.
        func expectWhole(onNodes nodes: [Int]) throws {
            let sqlite = try run(
                census, ["ingest", "--quiet", "--db", "one.sqlite", "0", "1", "2", "3"],
                in: directory.path)
            try #require((sqlite.status, sqlite.error) == (0, ""))
            let one = directory.path.appending("one.sqlite")
            let theirs = try CensusContents.file(one).serverIDs()
            for node in nodes {
                #expect(
                    try contents(node).differences(from: .file(one)) == [], "node \(node + 1)")
                let ours = try contents(node).serverIDs()
                let renumbering = Dictionary(uniqueKeysWithValues: ours.map { ($1, theirs[$0]!) })
                #expect(
                    try differencesOfReports(
                        address(node), renumbering: renumbering, one.string) == [])
            }
            let reports = try nodes.map {
                try run(census, ["report", "--format", "json", "--db", address($0)]).outputBytes
            }
            for report in reports { #expect(difference(report, reports[0]) == nil) }
        }
    }
#endif
