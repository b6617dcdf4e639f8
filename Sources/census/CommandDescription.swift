import ArgumentParser
import FoundationEssentials

/// A command with its options, as swift-argument-parser tells it to other tools.
struct CommandDescription: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool
    let arguments: [Argument]?
    let subcommands: [CommandDescription]?

    struct Argument: Decodable {
        enum Kind: String, Decodable { case positional, option, flag }

        struct Name: Decodable {
            let kind: String
            let name: String

            /// `--format`, `-o`.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        let kind: Kind
        let abstract: String?
        let names: [Name]?
        let valueName: String?
        /// The values there are, if they can be counted.
        let allValues: [String]?
        let defaultValue: String?
        let sectionTitle: String?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool
    }

    /// The whole command line.
    /// - Throws: where the parser does not describe it in this form.
    static func root() throws -> CommandDescription {
        struct Dump: Decodable { let command: CommandDescription }
        return try JSONDecoder().decode(Dump.self, from: Data(dump().utf8)).command
    }

    /// The answer to the option with which the parser's own tools ask a program for its description.
    private static func dump() -> String {
        do {
            _ = try Census.parseAsRoot(["--experimental-dump-help"])
            return ""
        } catch {
            return Census.fullMessage(for: error)
        }
    }

    func argument(named name: String) -> Argument? {
        arguments?.first { $0.names?.contains { $0.text == name } == true }
    }

    func subcommand(named name: String) -> CommandDescription? {
        subcommands?.first { $0.commandName == name }
    }
}
