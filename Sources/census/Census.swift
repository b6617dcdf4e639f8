import ArgumentParser
import Database
import Linux

struct Census: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "census",
        abstract: "Takes a census of hosts that no network reaches.",
        discussion: """
            On each host `census snap` writes what runs there to a file. At the desk `census \
            ingest` loads a directory of such files into a database and prints five reports. \
            `census verify` only checks the files.

            Exit codes: 0 done, 1 could not do it, 2 done but some files were rejected, 64 wrong \
            usage.
            """,
        version: "census \(version)",
        subcommands: [
            SnapCommand.self, VerifyCommand.self, IngestCommand.self, ReportCommand.self,
            DiffCommand.self, CoverageCommand.self,
        ] + checkCommand)

    static let version = "0.1.0"

    #if Rules
        private static let checkCommand: [any ParsableCommand.Type] = [CheckCommand.self]
    #else
        private static let checkCommand: [any ParsableCommand.Type] = []
    #endif
}

@main
enum Main {
    static func main() {
        var trouble = ExitCode.failure
        func fail(_ message: String) -> Never {
            Console.note("census: \(message)")
            Census.exit(withError: trouble)
        }
        do {
            var command = try Census.parseAsRoot(CallingProcess.arguments)
            if command is any AnsweringCommand { trouble = ExitCode(2) }
            try command.run()
        } catch let error as FileError {
            fail(error.description)
        } catch let error as DatabaseError {
            fail(error.description)
        } catch let error as Failure {
            fail(error.message)
        } catch {
            let code = Census.exitCode(for: error)
            if code.isSuccess || error is ExitCode { Census.exit(withError: error) }
            // Wrong usage, in the form that all errors have.
            let message = Census.fullMessage(for: error).trimmingPrefix("Error: ")
            for line in "census: \(message)".split(separator: "\n") { Console.note(String(line)) }
            Census.exit(withError: code)
        }
    }
}

/// Something that cannot be done, in words for the user.
struct Failure: Error {
    let message: String
}
