import ArgumentParser
import Files
import SystemPackage

/// What the benchmark needs beside the program that it measures.
@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", subcommands: [CorpusCommand.self, FloorCommand.self])
}

struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Write the snapshot files of a made-up fleet.")

    @Option var hosts: Int
    @Option var executions: Int
    @Option(help: "Packages of each host; 0 for none.") var packages = 0
    @Option(help: "Names of programs, about; 0 for some fifty.") var names = 0
    @Option var seed: UInt64 = 2026
    @Argument var directory: String

    func run() throws {
        try Directory.make(FilePath(directory))
        try Corpus(hosts: hosts, executions: executions, packages: packages, names: names)
            .write(to: FilePath(directory), seed: seed)
    }
}
