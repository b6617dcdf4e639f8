import ArgumentParser
import FoundationEssentials

/// A command with its options, as swift-argument-parser describes it to other tools.
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
        /// All accepted values; nil if they cannot be enumerated.
        let allValues: [String]?
        let defaultValue: String?
        let sectionTitle: String?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool
    }

    /// The whole command line.
    /// - Throws: `DecodingError` if the parser's description has another form.
    static func root() throws -> CommandDescription {
        struct Dump: Decodable { let command: CommandDescription }
        return try JSONDecoder().decode(Dump.self, from: Data(dump().utf8)).command
    }

    /// The output of the option that the parser's own tools use to query a program's description.
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
