#if Rules
    import Foundation
    import TestSupport
    import Testing

    /// The table of options and commands in the article "At the desk" is what the program takes.
    @Suite struct OptionTableTests {
        private struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable {
                    let kind: String
                    let name: String
                    var text: String { (kind == "long" ? "--" : "-") + name }
                }

                let kind: String
                let shouldDisplay: Bool
                let names: [Name]?
                let isRepeating: Bool

                /// `-o`, `--output`: the short name, if there is one, and the first long one.
                var spelling: [String] {
                    let names = (names ?? []).map(\.text)
                    return Array(names.filter { !$0.hasPrefix("--") }.prefix(1))
                        + names.filter { $0.hasPrefix("--") }.prefix(1)
                }
            }

            let commandName: String
            let shouldDisplay: Bool
            let arguments: [Argument]?
            let subcommands: [Command]?
        }

        private let commands: [Command]

        init() throws {
            struct Dump: Decodable { let command: Command }
            let result = try run(census, ["--experimental-dump-help"])
            let dump = try JSONDecoder().decode(Dump.self, from: Data(result.outputBytes))
            commands = (dump.command.subcommands ?? []).filter {
                $0.shouldDisplay && $0.commandName != "help"
            }
        }

        private func options(of command: Command) -> [Command.Argument] {
            (command.arguments ?? []).filter {
                $0.shouldDisplay && $0.kind != "positional"
                    && !["--help", "--version"].contains($0.spelling.last ?? "")
            }
        }

        /// The lines of the table.
        private var table: [String] {
            var rows: [String: Set<String>] = [:]
            for command in commands {
                for option in options(of: command) {
                    let name = option.spelling.map { "`\($0)`" }.joined(separator: ", ")
                    rows[name, default: []].insert(command.commandName)
                }
            }
            func key(_ row: String) -> String {
                row.split(separator: " ").last!.trimmingCharacters(
                    in: CharacterSet(charactersIn: "`-"))
            }
            let names = commands.map(\.commandName)
            return ["| option | \(names.joined(separator: " | ")) |"]
                + ["|---" + String(repeating: "|---", count: names.count) + "|"]
                + rows.keys.sorted { key($0) < key($1) }.map { row in
                    "| \(row) | "
                        + names.map { rows[row]!.contains($0) ? "x" : "" }
                        .joined(separator: " | ").replacing("|  |", with: "| |") + " |"
                }
        }

        @Test func theTableIsThatOfTheProgram() throws {
            let article = String(
                decoding: try contents(of: DocumentationTests.catalog.appending("Desk.md")),
                as: UTF8.self)
            let lines = article.split(separator: "\n").map(String.init)
            let start = try #require(lines.firstIndex { $0.hasPrefix("| option | snap") })
            let found = lines[start...].prefix { $0.hasPrefix("|") }.map { line in
                line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
            let expected = table.map { line in
                line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
            #expect(found == expected, "\(table.joined(separator: "\n"))")
        }

        /// An option is spelt in the same way wherever it is, and is repeatable everywhere or nowhere.
        @Test func oneSpellingEach() throws {
            var spellings: [String: Set<[String]>] = [:]
            var repeating: [String: Set<Bool>] = [:]
            for command in commands {
                for option in options(of: command) {
                    let name = try #require(option.spelling.last)
                    spellings[name, default: []].insert(option.spelling)
                    repeating[name, default: []].insert(option.isRepeating)
                }
            }
            for (name, all) in spellings { #expect(all.count == 1, "\(name): \(all)") }
            for (name, all) in repeating { #expect(all.count == 1, "\(name)") }
            #expect(spellings["--output"] == [["-o", "--output"]])
            #expect(spellings["--output-dir"] == [["-d", "--output-dir"]])
            for command in commands {
                #expect(options(of: command).allSatisfy { $0.spelling.last!.hasPrefix("--") })
            }
        }
    }
#endif
