import SystemPackage
import TestSupport
import Testing

/// The planted fleet, in a database of each engine. It is loaded once, and only read then.
final class LoadedFleet: Sendable {
    let path: FilePath
    let databases: [String]

    init(withLists: Bool = false) throws {
        let directory = try TemporaryDirectory()
        try PlantedFleet.write(to: directory, withLists: withLists)
        path = directory.path
        var databases = ["fleet.sqlite"]
        #if MySQL
            let server = try ServerDatabase()
            databases.append(server.address)
            _ = Unmanaged.passRetained(server)  // as long as the tests run
        #endif
        for database in databases {
            let ingest = try run(
                TestSupport.census, ["ingest", "--quiet", "--db", database, "fleet"], in: path)
            precondition(ingest.status == 0, ingest.error)
        }
        self.databases = databases
        _ = Unmanaged.passRetained(directory)
    }

    /// Runs a command on each engine.
    /// - Returns: the output, which must be the same on each engine.
    func census(_ arguments: [String]) throws -> RunResult {
        let results = try databases.map {
            try run(TestSupport.census, arguments + ["--db", $0], in: path)
        }
        for result in results {
            #expect(result.status == results[0].status)
            // When it was loaded is another moment on each.
            func text(_ result: RunResult) -> String {
                result.output.replacing(#/loaded at [-0-9: ]+/#, with: "loaded")
            }
            #expect(text(result) == text(results[0]))
            #expect(result.error == results[0].error)
        }
        return results[0]
    }
}
