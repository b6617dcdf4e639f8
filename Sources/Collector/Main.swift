import Age
import CHost
import Host
import Snap
import Text

// The program of a collector: `census snap` without the rest of census.

/// Takes a snapshot as the arguments say.
/// - Returns: the exit status: 0, 1 for a failure, 64 for a mistake on the command line.
@_cdecl("census_collect")
public func collect() -> Int32 {
    let program = Program()
    do throws(CommandLineFault) {
        switch try program.command() {
        case .help:
            program.write(program.help, to: 1)
            return 0
        case .version:
            program.write("census \(Snap.version) (\(commit)), collector for \(target)\n", to: 1)
            return 0
        case .snap(let options): return program.snap(options)
        }
    } catch { return program.refuse(error) }
}

/// A mistake on the command line.
private struct CommandLineFault: Error {
    var complaint: String
    /// The help of the option concerned.
    var help: String?
}

private enum Command {
    case help, version
    case snap(SnapOptions)
}

private struct Program {
    private let arguments: [[UInt8]]
    /// The name under which it was started, without directories.
    let name: String

    init() {
        var arguments: [[UInt8]] = []
        for index in 0..<census_argument_count() {
            var argument: [UInt8] = []
            let text = census_argument(index)!
            while text[argument.count] != 0 {
                argument.append(UInt8(bitPattern: text[argument.count]))
            }
            arguments.append(argument)
        }
        let path = arguments.first ?? []
        let start = path.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        name = String(decoding: path[(start.map { $0 + 1 } ?? 0)...], as: UTF8.self)
        self.arguments = Array(arguments.dropFirst())
    }

    // MARK: The command line

    func command() throws(CommandLineFault) -> Command {
        var texts: [String] = []
        for (index, argument) in arguments.enumerated() {
            // Decoded with replacement characters it would name another file.
            guard let text = String(validating: argument, as: UTF8.self) else {
                throw CommandLineFault(
                    complaint: "argument \(index + 1) is not UTF-8; rename the file, or give the "
                        + "directory it is in")
            }
            texts.append(text)
        }
        var options = SnapOptions()
        // These are mentioned if nothing else is wrong.
        var unknownOption: String?
        var unexpected: [String] = []
        var index = 0
        while index < texts.count {
            let argument = texts[index]
            index += 1
            let (name, attached) = split(argument)
            let plain = withoutEquals(name)
            if plain == "--help" || plain == "-h" { return .help }
            if plain == "--version" { return .version }
            if argument == "--" {  // only arguments that are no options follow
                unexpected += texts[index...]
                break
            }
            guard let option = Self.options.first(where: { matches(name, $0) }) else {
                if isValue(name) {
                    unexpected.append(argument)
                } else if unknownOption == nil {
                    unknownOption = unknown(withoutEquals(name))
                }
                continue
            }
            if option.value.utf8CodeUnitCount == 0 {
                if let attached {
                    throw CommandLineFault(
                        complaint: "The option '\(name)' does not take any value, but "
                            + "'\(attached)' was specified.")
                }
                options.signs = false
                continue
            }
            var value = attached
            if value == nil, index < texts.count, isValue(texts[index]) {
                value = texts[index]
                index += 1
            }
            guard let value else {
                let form = "\(withoutEquals(name)) <\(option.value)>"
                throw CommandLineFault(
                    complaint: "Missing value for '\(form)'",
                    help: "Help:  \(form)  \(option.meaning)")
            }
            set(&options, option, value)
        }
        if let complaint = options.fault ?? unknownOption ?? complaint(of: unexpected) {
            throw CommandLineFault(complaint: complaint)
        }
        return .snap(options)
    }

    /// Those for encryption.
    private static let encryption =
        AgePrimitives.canEncrypt ? [SnapOptions.recipientHelp, SnapOptions.recipientsFileHelp] : []
    #if WINDOWS
        private static let others = [
            SnapOptions.directoryHelp, SnapOptions.outputHelp, SnapOptions.hostIDHelp,
            SnapOptions.onlyHelp, SnapOptions.withoutHelp, SnapOptions.noSignHelp,
        ]
    #else
        private static let others = [
            SnapOptions.directoryHelp, SnapOptions.outputHelp, SnapOptions.rootHelp,
            SnapOptions.hostIDHelp, SnapOptions.onlyHelp, SnapOptions.withoutHelp,
            SnapOptions.noSignHelp,
        ]
    #endif
    private static let options = others + encryption

    private func complaint(of unexpected: [String]) -> String? {
        guard let first = unexpected.first else { return nil }
        if unexpected.count == 1 { return "Unexpected argument '\(first)'" }
        var list = ""
        for argument in unexpected { list += (list.isEmpty ? "'" : ", '") + argument + "'" }
        return "\(unexpected.count) unexpected arguments: \(list)"
    }

    private func unknown(_ name: String) -> String {
        let complaint = "Unknown option '\(name)'"
        if !AgePrimitives.canEncrypt,
            name == "--recipient" || name == "-R" || name == "--recipients-file"
        {
            return complaint
                + ": this collector does not encrypt; use census snap, or pipe -o - to age"
        }
        var names: [String] = []
        for option in Self.options { names.append("\(option.name)") }
        guard let meant = suggestion(for: name, among: names + ["--version", "--help"])
        else { return complaint }
        return complaint + ". Did you mean '\(meant)'?"
    }

    /// `--root=/x` as `--root` and `/x`. After `-d=` the value is empty, after `--root=` it is missing,
    /// as with `census snap`. Behind one hyphen there is a letter before it.
    private func split(_ argument: String) -> (String, String?) {
        let bytes = Array(argument.utf8)
        guard bytes.first == UInt8(ascii: "-"),
            let equals = bytes.firstIndex(of: UInt8(ascii: "=")),
            equals == 2 || equals > 2 && equals + 1 < bytes.count
        else { return (argument, nil) }
        return (
            String(decoding: bytes[..<equals], as: UTF8.self),
            String(decoding: bytes[(equals + 1)...], as: UTF8.self)
        )
    }

    private func matches(_ name: String, _ option: SnapOptions.Help) -> Bool {
        let name = withoutEquals(name)
        return name == "\(option.name)" || !name.isEmpty && name == "\(option.shortName)"
    }

    /// `--root` of `--root=`.
    private func withoutEquals(_ name: String) -> String {
        let bytes = Array(name.utf8)
        return bytes.count > 2 && bytes.last == UInt8(ascii: "=")
            ? String(decoding: bytes.dropLast(), as: UTF8.self) : name
    }

    private func isValue(_ argument: String) -> Bool {
        argument.utf8.first != UInt8(ascii: "-") || argument == "-"
    }

    private func set(_ options: inout SnapOptions, _ option: SnapOptions.Help, _ value: String) {
        switch "\(option.name)" {
        case "--output-dir": options.directory = value
        case "--output": options.output = value
        case "--root": options.root = value
        case "--only": options.only = value
        case "--without": options.without = value
        case "--recipient": options.recipients.append(value)
        case "--recipients-file": options.recipientsFiles.append(value)
        default: options.hostID = value
        }
    }

    // MARK: Output

    func snap(_ options: SnapOptions) -> Int32 {
        do throws(SnapError) {
            let taken = try Snap.take(options)
            if let path = taken.path {
                let line = Array((path + "\n").utf8)
                let error = census_write_stream(1, line, Int64(line.count))
                if error < 0 {
                    throw SnapError.file(
                        operation: "write", path: "standard output", code: -error)
                }
            }
            note(taken.summary)
            note(taken.digestLine)
            guard let fault = taken.fault else { return 0 }
            note("census: \(fault)")
            return 1
        } catch {
            switch error {
            case .file(let operation, let path, let code):
                note("census: cannot \(operation) \(path): \(HostError.reason(of: code))")
            case .other(let reason): note("census: \(reason)")
            case .usage(let fault): return refuse(CommandLineFault(complaint: fault))
            }
            return 1
        }
    }

    /// Says what is wrong with the command line.
    /// - Returns: the exit status.
    func refuse(_ fault: CommandLineFault) -> Int32 {
        note("census: \(fault.complaint)")
        if let help = fault.help { note(help) }
        note("Usage: \(usage)")
        note("  See '\(name) --help' for more information.")
        return 64
    }

    /// `-d, --output-dir <dir>`.
    private func names(_ option: SnapOptions.Help) -> String {
        option.shortName.utf8CodeUnitCount == 0
            ? form(option) : "\(option.shortName), \(form(option))"
    }

    /// `--output-dir <dir>`.
    private func form(_ option: SnapOptions.Help) -> String {
        option.value.utf8CodeUnitCount == 0
            ? "\(option.name)" : "\(option.name) <\(option.value)>"
    }

    /// `[--output-dir <dir>]`, and with dots where it may be repeated.
    private func usage(of option: SnapOptions.Help) -> String {
        " [\(form(option))\(option.isRepeated ? " ..." : "")]"
    }

    var usage: String {
        var usage = name
        for option in Self.options { usage += self.usage(of: option) }
        return usage
    }

    /// `usage` in lines of at most 80 characters.
    private var wrappedUsage: String {
        var usage = name
        var width = 7 + name.utf8.count
        for option in Self.options {
            let part = self.usage(of: option)
            if width + part.utf8.count > 80 {
                usage += "\n      "
                width = 6
            }
            usage += part
            width += part.utf8.count
        }
        return usage
    }

    var help: String {
        var help = """
            OVERVIEW: \(SnapOptions.abstract)

            \(wrapped(SnapOptions.discussion))

            USAGE: \(wrappedUsage)


            """
        help += "OPTIONS:\n"
        for option in Self.others { help += line(names(option), "\(option.meaning)") }
        help +=
            line("--version", "Show the version.")
            + line("-h, --help", "Show help information.")
        if AgePrimitives.canEncrypt {
            help += "\nENCRYPTION:\n"
            for option in Self.encryption { help += line(names(option), "\(option.meaning)") }
        }
        return help
    }

    /// Lines of at most 80 characters.
    /// - Parameter indent: of all lines but the first, which is that far to the right already.
    private func wrapped(_ text: String, indent: Int = 0) -> String {
        var lines = ""
        var width = 0
        for word in Array(text.utf8).split(separator: UInt8(ascii: " ")) {
            let count = characterCount(word)
            let isFirst = lines.isEmpty
            let fits = isFirst || indent + width + 1 + count <= 80
            if !isFirst { lines += fits ? " " : "\n" + spaces(indent) }
            width = isFirst || !fits ? count : width + 1 + count
            lines += String(decoding: word, as: UTF8.self)
        }
        return lines
    }

    /// Of UTF-8: all bytes but those that continue a character.
    private func characterCount(_ text: ArraySlice<UInt8>) -> Int {
        var count = 0
        for byte in text where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    private func line(_ option: String, _ meaning: String) -> String {
        let indent = 26
        let room = indent - 2 - option.utf8.count
        return "  " + option + (room > 0 ? spaces(room) : "\n" + spaces(indent))
            + wrapped(meaning, indent: indent) + "\n"
    }

    /// Writes a line to standard error, with control characters escaped.
    func note(_ line: String) { write(visible(line) + "\n", to: 2) }

    /// Ignores errors: there is no other stream to report them on.
    func write(_ text: String, to stream: Int32) {
        let bytes = Array(text.utf8)
        _ = census_write_stream(stream, bytes, Int64(bytes.count))
    }
}
