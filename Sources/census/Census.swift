import ArgumentParser
import Database
import Files
import Output
import Text

struct Census: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "census",
        abstract: "Takes a census of hosts that no network reaches.",
        discussion: """
            On each host `census snap` writes what runs there to a file. At the desk `census \
            ingest` loads a directory of such files into a database and prints reports. \
            `census verify` only checks the files.

            Exit codes: 0 done, 1 could not do it, 2 done but some files were rejected or a path \
            has none, 64 wrong usage.
            """,
        version: versionText,
        subcommands: [
            SnapCommand.self, VerifyCommand.self, IngestCommand.self, ReportCommand.self,
            DiffCommand.self, CoverageCommand.self, ManualCommand.self,
        ] + checkCommand)

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
        requireUTF8()
        do {
            var command = try Census.parseAsRoot(CallingProcess.arguments)
            if command is any AnsweringCommand { trouble = ExitCode(2) }
            try command.run()
        } catch let error as FileError {
            fail(error.explanation)
        } catch let error as DatabaseError {
            fail(error.explanation)
        } catch let error as OutputRefusal {
            fail(error.description)
        } catch let error as Failure {
            fail(error.message)
        } catch {
            end(error)
        }
    }

    /// An argument that is not UTF-8 would come to stand for another one, and name another file.
    private static func requireUTF8() {
        for (index, bytes) in CallingProcess.argumentBytes.enumerated()
        where String(validating: bytes, as: UTF8.self) == nil {
            Console.note(
                "census: argument \(index + 1) is not UTF-8: \(exactText(bytes)); rename the file, "
                    + "or give the directory it is in")
            Census.exit(withError: ExitCode(64))
        }
    }

    /// What the parser ends with: help, an exit code, or wrong usage, in the form of all errors.
    private static func end(_ error: any Error) -> Never {
        let isSuccess = Census.exitCode(for: error).isSuccess
        let arguments = CallingProcess.arguments
        // The parser's own `help` shows the whole command's help where there is no such command.
        if error is ExitCode || isSuccess && arguments.first != "help" {
            Census.exit(withError: error)
        }
        var error = error
        var lines = message(of: error)
        if let misspelling = misspelling(in: arguments) {
            if isSuccess { error = ValidationError("") }
            lines = [misspelling.description] + message(of: error).drop { !$0.hasPrefix("Usage:") }
        } else if isSuccess {
            Census.exit(withError: error)
        }
        for (index, line) in lines.enumerated() {
            Console.note(index == 0 ? "census: \(line)" : line)
        }
        Census.exit(withError: Census.exitCode(for: error))
    }

    private static func misspelling(in arguments: [String]) -> Misspelling? {
        do {
            return Misspelling(in: arguments, of: try CommandDescription.root())
        } catch {
            return nil  // The parser's message stands as it is.
        }
    }

    private static func message(of error: any Error) -> [String] {
        Census.fullMessage(for: error).trimmingPrefix("Error: ").split(separator: "\n")
            .map(String.init)
    }
}

/// Something that cannot be done, in words for the user.
struct Failure: Error {
    let message: String
}
