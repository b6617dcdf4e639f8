import ArgumentParser

/// Prints the manual page, for `make install`: `census manual > census.1`.
///
/// The parser's plugin GenerateManual is not used: it states for every program that the exit code
/// is 0 on success and greater than 0 on errors, joins examples into paragraphs, and writes the
/// build date into the page.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page.", shouldDisplay: false)

    func run() throws {
        let page = ManualPage(try CommandDescription.root(), version: Census.version)
        try Console.output().write(Array(page.text.utf8))
    }
}

/// The manual page of the command, generated from its help texts, in the man(7) macro language.
struct ManualPage {
    private(set) var text = ""

    init(_ root: CommandDescription, version: String) {
        let name = root.commandName
        // In a discussion, exit codes have a section of their own in a manual page.
        let paragraphs = root.discussion?.paragraphs ?? []
        let exitCodes = paragraphs.filter { $0.hasPrefix("Exit codes: ") }
        let commands = (root.subcommands ?? []).filter {
            $0.shouldDisplay && $0.commandName != "help"
        }

        line(#".TH \#(name.uppercased()) 1 "" "\#(name) \#(version)" "User Commands""#)
        line(".nh\n.ad l")  // no hyphenation, ragged right
        line(".SH NAME")
        line(#"\#(name) \- \#((root.abstract ?? "").asPhrase.escaped)"#)
        line(".SH SYNOPSIS")
        for command in commands { synopsis(of: command, in: name) }
        line(".SH DESCRIPTION")
        for paragraph in paragraphs where !exitCodes.contains(paragraph) { add(paragraph) }
        line(".SH COMMANDS")
        for command in commands {
            line(".SS \(name) \(command.commandName)")
            add(command.abstract ?? "")
            // Examples come last.
            let texts = command.discussion?.paragraphs ?? []
            for text in texts where !text.hasPrefix("Examples:\n") { add(text) }
            let arguments = (command.arguments ?? []).filter { root.describes($0) == false }
            addArguments(arguments)
            for text in texts where text.hasPrefix("Examples:\n") { add(text) }
        }
        line(".SH OPTIONS")
        addArguments(root.arguments ?? [])
        if !exitCodes.isEmpty { line(".SH EXIT STATUS") }
        for paragraph in exitCodes { add(String(paragraph.trimmingPrefix("Exit codes: "))) }
    }

    private mutating func line(_ line: String) { text += line + "\n" }

    /// `census snap [-d dir] [-o file]`.
    private mutating func synopsis(of command: CommandDescription, in name: String) {
        line(#".HP 4"#)
        var words = [#"\fB\#(name) \#(command.commandName)\fR"#]
        for argument in (command.arguments ?? []).filter(\.shouldDisplay)
        where !["--help", "--version"].contains(argument.names?.last?.text) {
            let word = argument.synopsis.replacing(" ", with: #"\ "#)
            words.append(argument.isOptional ? "[\(word)]" : word)
        }
        line(words.joined(separator: " "))
    }

    /// Adds a paragraph. Line breaks in a paragraph of several lines, such as examples, are kept.
    private mutating func add(_ paragraph: String) {
        var lines = paragraph.split(separator: "\n").map(String.init)
        guard lines.count > 1 else {
            line(".PP\n" + paragraph.escaped.withCodeInBold)
            return
        }
        if lines[0].hasSuffix(":") { line(".PP\n" + lines.removeFirst().escaped) }
        line(".PP\n.nf\n.RS 2")
        let indentation = lines.allSatisfy { $0.hasPrefix("  ") } ? 2 : 0
        for example in lines { line(String(example.dropFirst(indentation)).escaped) }
        line(".RE\n.fi")
    }

    private mutating func addArguments(_ arguments: [CommandDescription.Argument]) {
        let shown = arguments.filter(\.shouldDisplay)
        var titles: [String] = []
        for title in shown.compactMap(\.sectionTitle) where !titles.contains(title) {
            titles.append(title)
        }
        for argument in shown where argument.sectionTitle == nil { add(argument) }
        for title in titles {
            line(".PP\n\(title.escaped):")
            for argument in shown where argument.sectionTitle == title { add(argument) }
        }
    }

    private mutating func add(_ argument: CommandDescription.Argument) {
        line(".TP\n" + argument.synopsis)
        var sentences = [argument.abstract ?? ""]
        if let values = argument.allValues {
            sentences.append("One of \(values.joined(separator: ", ")).")
        }
        if let value = argument.defaultValue { sentences.append("(default: \(value))") }
        line(sentences.joined(separator: " ").escaped)
    }
}

extension CommandDescription {
    /// Whether this command declares the argument.
    fileprivate func describes(_ argument: Argument) -> Bool {
        argument.names?.last.map { self.argument(named: $0.text) != nil } ?? false
    }
}

extension CommandDescription.Argument {
    /// `-o, --output file`, `path …`, in man(7).
    fileprivate var synopsis: String {
        let names = (names ?? []).map { #"\fB\#($0.text.escaped)\fR"# }.joined(separator: ", ")
        let value = #"\fI\#((valueName ?? "").escaped)\fR"#
        switch kind {
        case .flag: return names
        case .option: return "\(names) \(value)"
        case .positional: return isRepeating ? "\(value) ..." : value
        }
    }
}

extension String {
    fileprivate var paragraphs: [String] { split(separator: "\n\n").map(String.init) }

    /// Without an initial capital and a full stop.
    fileprivate var asPhrase: String {
        prefix(1).lowercased() + (hasSuffix(".") ? dropFirst().dropLast() : dropFirst())
    }

    /// Escaped for roff, groff_char(7).
    fileprivate var escaped: String {
        var text = ""
        for character in self {
            switch character {
            case "\\": text += #"\e"#
            case "-": text += #"\-"#
            case "'": text += #"\(aq"#
            case "^": text += #"\(ha"#
            case "~": text += #"\(ti"#
            default: text.append(character)
            }
        }
        return hasPrefix(".") ? #"\&"# + text : text
    }

    /// With text between backquotes in bold.
    fileprivate var withCodeInBold: String {
        split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index % 2 == 0 ? String(part) : #"\fB\#(part)\fR"#
        }.joined()
    }
}
