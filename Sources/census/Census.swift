import ArgumentParser
import Database
import Files
import Output
import Query
import Text

struct Census: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "census",
        abstract: "Take an inventory of air-gapped hosts.",
        discussion: """
            `census snap` writes the facts of a host to a snapshot file. `census ingest` loads \
            a directory of snapshot files into a database and prints reports. `census verify` \
            checks snapshot files without a database. `census list` shows the names and ids that \
            other commands take.

            Exit codes: 0 success, 1 failure, 2 success but some files were rejected or a path \
            has no snapshot file, 64 usage error.

            Examples:
              census snap -d /media/usb
              census ingest /media/usb
              census list hosts
              census show web-01
              census find '*ssl*' --in packages
              census report --format html -o audit.html
            """,
        version: versionText,
        subcommands: [
            SnapCommand.self, VerifyCommand.self, ManifestCommand.self, IngestCommand.self,
            ListCommand.self,
            ShowCommand.self, FindCommand.self, ReportCommand.self, DiffCommand.self,
            CoverageCommand.self,
        ] + checkCommand + [RetractCommand.self, ExportCommand.self, ManualCommand.self])

    #if Rules
        private static let checkCommand: [any ParsableCommand.Type] = [CheckCommand.self]
    #else
        private static let checkCommand: [any ParsableCommand.Type] = []
    #endif
}

@main
enum Main {
    static func main() {
        var failureCode = ExitCode.failure
        func fail(_ message: String) -> Never {
            Console.note("census: \(message)")
            Census.exit(withError: failureCode)
        }
        requireUTF8()
        var run: (any ParsableCommand.Type)?
        do {
            var command = try parse(CallingProcess.arguments)
            run = type(of: command)
            if command is any AnsweringCommand { failureCode = ExitCode(2) }
            try command.run()
            Activity.end()
        } catch let error
            where Interruption.hasHappened
            && (error is Interrupted || Interruption.stopsStatements && !(error is ExitCode))
        {
            // Whatever it says, it is why a statement was not finished.
            Console.note("interrupted: \(Interruption.outcome)")
            Census.exit(withError: ExitCode(130))
        } catch let error as FileError {
            fail(error.explanation)
        } catch let error as DatabaseError {
            fail(error.explanation)
        } catch let error as OutputRefusal {
            fail(error.description)
        } catch let error as HostNotFound {
            fail(error.description)
        } catch let error as ExecutionsNotFound {
            fail(error.description)
        } catch let error as Failure {
            fail(error.message)
        } catch {
            end(error, of: run)
        }
    }

    /// Parses the arguments by the command that the first of them names: to build the tree of all commands
    /// takes longer than a small report. Mistakes and help are left to the tree.
    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        let named = Census.configuration.subcommands.first {
            $0.configuration.commandName == arguments.first
        }
        // Help is a command of its own.
        if let named, let command = try? named.parseAsRoot(Array(arguments.dropFirst())),
            type(of: command) == named
        {
            return command
        }
        return try Census.parseAsRoot(arguments)
    }

    /// Exits with a usage error if an argument is not UTF-8: decoded with replacement characters it
    /// would name another file.
    private static func requireUTF8() {
        for (index, bytes) in CallingProcess.argumentBytes.enumerated()
        where String(validating: bytes, as: UTF8.self) == nil {
            Console.note(
                "census: argument \(index + 1) is not UTF-8: \(exactText(bytes)); rename the file, "
                    + "or give the directory it is in")
            Census.exit(withError: ExitCode(64))
        }
    }

    /// Exits with what the parser or a command threw: help, an exit code, or a usage error in the form
    /// of all errors.
    /// - Parameter command: the command that threw it, and not the parser.
    private static func end(_ error: any Error, of command: (any ParsableCommand.Type)?) -> Never {
        Activity.end()
        if error is ExitCode { Census.exit(withError: error) }
        let isHelp = Census.exitCode(for: error).isSuccess
        let arguments = CallingProcess.arguments
        var error = error
        var lines = message(of: error)
        if let command, let error = error as? ValidationError {
            // The parser does not know which command has thrown it.
            lines = [error.message] + usage(of: command)
        } else if let misspelling = misspelling(
            // The parser shows the root command's help if the subcommand does not exist.
            in: isHelp ? Array(arguments.prefix { !$0.hasPrefix("-") }) : arguments)
        {
            if isHelp { error = ValidationError("") }
            lines = [misspelling.description] + message(of: error).drop { !$0.hasPrefix("Usage:") }
        } else if isHelp {
            let text = HelpText.ordered(Census.fullMessage(for: error)) + "\n"
            do throws(FileError) {
                try Console.write(Array(text.utf8))
                Census.exit(withError: ExitCode.success)
            } catch {
                Console.note("census: \(error.explanation)")
                Census.exit(withError: ExitCode.failure)
            }
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
            return nil  // The parser's message is printed unchanged.
        }
    }

    /// How the command is used, as the parser says it.
    private static func usage(of command: any ParsableCommand.Type) -> [String] {
        [
            "Usage: \(Census.usageString(for: command))",
            "  See 'census \(command.configuration.commandName ?? "") --help' for more information.",
        ]
    }

    private static func message(of error: any Error) -> [String] {
        var lines = Census.fullMessage(for: error).trimmingPrefix("Error: ").split(separator: "\n")
            .map(String.init)
        // Of letters behind one hyphen it also says what they would mean as several options.
        lines.removeAll { $0.hasPrefix("   or: Missing value for ") }
        // Its suggestions are of options that have little in common with what was typed; those that have
        // more are in `Misspelling`.
        if let line = lines.first, line.hasPrefix("Unknown option "),
            let end = line.firstRange(of: ". Did you mean ")
        {
            lines[0] = String(line[..<end.lowerBound])
        }
        let malformed = "Invalid option: "
        guard let line = lines.first, line.hasPrefix(malformed) else { return lines }
        // It has not come as far as to the command.
        let command = Census.configuration.subcommands.first {
            $0.configuration.commandName == CallingProcess.arguments.first
        }
        lines[0] = "Unknown option '\(nameOfOption(in: line.dropFirst(malformed.count)))'"
        if let command { lines = [lines[0]] + usage(of: command) }
        return lines
    }

    /// `---` of `---=x`. An option has at least a character behind its hyphen, and the name ends before
    /// the next `=`.
    private static func nameOfOption(in argument: Substring) -> Substring {
        if argument.dropFirst().first != "=" { return argument.prefix { $0 != "=" } }
        return argument.count > 2 && argument.last == "=" ? argument.dropLast() : argument
    }
}

/// A failure, with a message for the user.
struct Failure: Error {
    let message: String
}
