import Database
import Files
import SystemPackage
import Text

/// An unknown word on the command line that resembles a known one.
///
/// The parser suggests nothing for a subcommand or an option's value. For an option it makes a
/// suggestion only if it finds no other error: not if it takes the option's value for an argument
/// (`report --fromat csv`), if the correct option is required (`check --ruls x`), before a
/// subcommand (`--versoin`), or with one dash (`-format`).
struct Misspelling: CustomStringConvertible {
    /// `Unknown option '--fromat'. Did you mean '--format'?`.
    let description: String

    private init(_ complaint: String, meant: String?) {
        description = "\(complaint).\(meant.map(didYouMean) ?? "")"
    }

    /// The first misspelling; nil if there is none.
    init?(in arguments: [String], of root: CommandDescription) {
        var command = root
        var words = arguments[...]
        if words.first == "help" { words.removeFirst() }
        while let word = words.popFirst(), word != "--" {
            if word.hasPrefix("-") && word != "-" {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                guard let option = command.argument(named: parts[0]) else {
                    let names = command.arguments?.flatMap { $0.names ?? [] } ?? []
                    let long = names.map(\.text).filter { $0.hasPrefix("--") }
                    if let meant = suggestion(for: parts[0], among: long) {
                        self.init("Unknown option '\(parts[0])'", meant: meant)
                        return
                    }
                    let others = (root.subcommands ?? []).filter(\.shouldDisplay).filter {
                        $0.argument(named: parts[0])?.shouldDisplay == true
                    }
                    if others.isEmpty { continue }
                    let commands = others.map(\.commandName).joined(separator: ", ")
                    self.init(
                        "Unknown option '\(parts[0])', which other commands have: \(commands)",
                        meant: nil)
                    return
                }
                if option.kind == .flag { continue }
                guard let value = parts.dropFirst().first ?? words.popFirst() else { return nil }
                if let values = option.allValues, !values.contains(value),
                    let meant = suggestion(for: value, among: values)
                {
                    self.init("The value '\(value)' is invalid for '\(parts[0])'", meant: meant)
                    return
                }
            } else if let subcommands = command.subcommands, !subcommands.isEmpty, !word.isEmpty {
                if let subcommand = command.subcommand(named: word) {
                    command = subcommand
                    continue
                }
                let names = subcommands.filter(\.shouldDisplay).map(\.commandName)
                self.init("No such command '\(word)'", meant: suggestion(for: word, among: names))
                return
            } else if let argument = command.arguments?.first(where: { $0.kind == .positional }),
                let values = argument.allValues, !values.contains(word),
                let meant = suggestion(for: word, among: values)
            {
                let name = argument.valueName ?? ""
                self.init("The value '\(word)' is invalid for '<\(name)>'", meant: meant)
                return
            }
        }
        return nil
    }
}

extension FileError {
    /// The error message, with a suggestion if the file does not exist.
    var explanation: String {
        errno == .noSuchFileOrDirectory ? description + fileSuggestion(for: path) : description
    }
}

extension DatabaseError {
    /// The error message, with a suggestion if the database file does not exist.
    var explanation: String {
        code == .cannotOpen && !database.hasPrefix("mysql:")
            ? description + fileSuggestion(for: FilePath(database)) : description
    }
}

/// `. Did you mean 'evidence/web-01.jsonl.gz'?` for a path that does not exist, or an empty string.
/// The suggested file exists.
func fileSuggestion(for path: FilePath) -> String {
    var meant = FilePath(root: path.root, [])
    var isCorrected = false
    for component in path.components {
        if exists(meant.appending(component)) {
            meant.append(component)
        } else if let name = suggestion(
            for: component.string,
            among: names(in: meant).filter { exists(meant.appending($0)) })
        {
            meant.append(name)
            isCorrected = true
        } else {
            break
        }
    }
    return isCorrected ? "." + didYouMean(meant.text) : ""
}

private func exists(_ path: FilePath) -> Bool {
    do throws(FileError) {
        _ = try OpenFile.kind(at: path)
        return true
    } catch {
        return false
    }
}

/// The UTF-8 names in a directory; none if it cannot be read.
private func names(in directory: FilePath) -> [String] {
    do throws(FileError) {
        return try Directory(path: directory.isEmpty ? "." : directory).entries()
            .compactMap { String(validating: $0.bytes, as: UTF8.self) }.sorted()
    } catch {
        return []
    }
}

func didYouMean(_ text: String) -> String { " Did you mean '\(text)'?" }
