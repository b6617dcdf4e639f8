import Database
import Linux
import SystemPackage

/// A word on the command line that means nothing, but is almost one that does.
struct Misspelling: CustomStringConvertible {
    /// `Unknown option '--fromat'. Did you mean '--format'?`.
    let description: String

    private init(_ complaint: String, meant: String) {
        description = "\(complaint).\(didYouMean(meant))"
    }

    /// The first one; nil if there is none.
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
                    guard let meant = nearest(to: parts[0], in: long) else { continue }
                    self.init("Unknown option '\(parts[0])'", meant: meant)
                    return
                }
                if option.kind == .flag { continue }
                guard let value = parts.dropFirst().first ?? words.popFirst() else { return nil }
                if let values = option.allValues, !values.contains(value),
                    let meant = nearest(to: value, in: values)
                {
                    self.init("The value '\(value)' is invalid for '\(parts[0])'", meant: meant)
                    return
                }
            } else if let subcommands = command.subcommands, !subcommands.isEmpty {
                if let subcommand = command.subcommand(named: word) {
                    command = subcommand
                    continue
                }
                let names = subcommands.filter(\.shouldDisplay).map(\.commandName)
                guard let meant = nearest(to: word, in: names) else { return nil }
                self.init("Unknown subcommand '\(word)'", meant: meant)
                return
            }
        }
        return nil
    }
}

extension FileError {
    /// The error in words, and which file was probably meant where one does not exist.
    var explanation: String {
        errno == .noSuchFileOrDirectory ? description + suggestion(for: path) : description
    }
}

extension DatabaseError {
    /// The same for a database that is a file.
    var explanation: String {
        code == .cannotOpen && !database.hasPrefix("mysql:")
            ? description + suggestion(for: FilePath(database)) : description
    }
}

/// `. Did you mean 'evidence/web-01.jsonl.gz'?` for a path that leads nowhere, or nothing. What is
/// meant is there.
func suggestion(for path: FilePath) -> String {
    var meant = FilePath(root: path.root, [])
    var isCorrected = false
    for component in path.components {
        if exists(meant.appending(component)) {
            meant.append(component)
        } else if let name = nearest(to: component.string, in: names(in: meant)) {
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

/// The names in a directory that are UTF-8; none where it cannot be read.
private func names(in directory: FilePath) -> [String] {
    do throws(FileError) {
        return try Directory(path: directory.isEmpty ? "." : directory).entries()
            .compactMap { String(validating: $0.bytes, as: UTF8.self) }
    } catch {
        return []
    }
}

private func didYouMean(_ text: String) -> String { " Did you mean '\(text)'?" }

/// The candidate that takes the fewest mistakes to become the word: at most one in three
/// characters, and three altogether. Dashes in front do not count.
private func nearest(to word: String, in candidates: [String]) -> String? {
    func letters(_ text: String) -> [Character] { Array(text.lowercased().drop { $0 == "-" }) }
    let typed = letters(word)
    var nearest: (count: Int, candidate: String)?
    for candidate in candidates {
        let meant = letters(candidate)
        let most = min(3, max(typed.count, meant.count) / 3)
        if abs(typed.count - meant.count) > most { continue }
        let found = (count: mistakes(typed, meant), candidate: candidate)
        if found.count <= most && nearest.map({ found < $0 }) ?? true { nearest = found }
    }
    return nearest?.candidate
}

/// How many characters are missing, too many, wrong, or swapped with the next: the distance of
/// Damerau and Levenshtein, in which nothing is changed twice.
private func mistakes(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                least = min(least, rows[i - 1][j - 1] + 1)
            }
            row.append(least)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
