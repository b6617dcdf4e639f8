import Records
import Text

/// The rules of sudo, sudoers(5), over all of the files that include each other.
///
/// They are read as sudo's own plugins/sudoers/toke.l has it: comments, escapes and quotes depend on
/// what stands before. Aliases may be defined behind their use, so that rules are written out when
/// all files have been read.
struct Sudoers: ~Copyable {
    /// What the files include that have been taken: the paths of files, and of directories with a
    /// NUL behind them.
    var includes: [[UInt8]] = []
    private var isCut = false
    /// Whether the rule that is written is none.
    private var isDamaged = false
    private var rules: [SudoersStatement] = []
    /// The paths of files with a statement that is none.
    private var damaged: [[UInt8]] = []
    /// A letter for the sort of alias and its name, each with its index behind it, sorted.
    private var aliases: [[UInt8]] = []
    private var values: [[UInt8]] = []
    /// The host's name, for `%h`.
    private let hostname: [UInt8]

    private static let users = UInt8(ascii: "U")
    private static let runas = UInt8(ascii: "R")
    private static let hosts = UInt8(ascii: "H")
    private static let commands = UInt8(ascii: "C")
    /// Bytes that the aliases of a rule, and those of its users, are written out to: a record has no
    /// more of a rule.
    private static let ruleBytes = 16 << 10
    private static let userBytes = 256 << 10

    init(_ hostname: [UInt8]) { self.hostname = hostname }

    // MARK: Lines

    /// Takes the statements of a file.
    @inline(never)
    mutating func take(_ text: [UInt8], _ path: [UInt8]) {
        var lines = Lines(text)
        var statement = SudoersStatement(path: path)
        while lines.advance() {
            var line = lines.line
            if line.last == 0x0D { line.removeLast() }
            while let last = line.last, Self.isBlank(last) { line.removeLast() }
            if statement.text.isEmpty {
                if let path = included(line, "include") {
                    includes.append(path)
                    continue
                }
                if let path = included(line, "includedir") {
                    includes.append(appended(path, "\0"))
                    continue
                }
            }
            if statement.goesOn(line) { continue }
            add(statement)
            statement = SudoersStatement(path: path)
        }
        add(statement)
    }

    /// What a line includes; nil if it is another.
    @inline(never)
    private func included(_ line: [UInt8], _ word: StaticString) -> [UInt8]? {
        var index = 0
        Self.skipBlanks(line, &index)
        let mark = byte(line, index)
        let isMarked = mark == UInt8(ascii: "@") || index == 0 && mark == UInt8(ascii: "#")
        if !isMarked || !has(line, index + 1, word) { return nil }
        index += 1 + word.utf8CodeUnitCount
        let end = index
        Self.skipBlanks(line, &index)
        if index == end { return nil }
        var path: [UInt8] = []
        let isQuoted = byte(line, index) == UInt8(ascii: "\"")
        if isQuoted { index += 1 }
        while index < line.count {
            let next = line[index]
            if next == UInt8(ascii: "\\") {
                index += 1
            } else if isQuoted ? next == UInt8(ascii: "\"") : Self.isBlank(next) {
                break
            } else if has(line, index, "%h") {
                path += hostname
                index += 2
                continue
            }
            append(byte(line, index), to: &path)
            index += 1
        }
        return path
    }

    /// Takes a statement.
    @inline(never)
    private mutating func add(_ statement: SudoersStatement) {
        let text = statement.text
        var index = 0
        Self.skipBlanks(text, &index)
        if index == text.count { return }
        // Settings give nobody a right.
        if SudoersStatement.isSetting(text, index) { return }
        if let start = SudoersStatement.aliases(text, index) {
            if !addAliases(text, start, text[index]) { damaged.append(statement.path) }
            return
        }
        if rules.count < AccessLimits.privileges { rules.append(statement) } else { isCut = true }
    }

    /// Takes `NAME = a, b : NAME = c`.
    /// - Returns: false if the text is another.
    @inline(never)
    private mutating func addAliases(_ text: [UInt8], _ start: Int, _ list: UInt8) -> Bool {
        var index = start
        while index < text.count {
            Self.skipBlanks(text, &index)
            let name = index
            while Self.isOfName(byte(text, index)) { index += 1 }
            let key = [list] + part(text, name, index)
            Self.skipBlanks(text, &index)
            if byte(text, index) != UInt8(ascii: "=") || key.count == 1 { return false }
            let value = index + 1
            index = value
            var ignored: [UInt8] = []
            write(text, &index, list, false, Self.maxDepth, &ignored)
            aliases.append(indexed(key, values.count))
            values.append(part(text, value, index))
            if index < text.count && text[index] != UInt8(ascii: ":") { return false }
            index += 1
        }
        return true
    }

    // MARK: Rules

    private static let maxDepth = 8

    /// Adds a privilege for each user of each rule.
    /// - Parameter files: those that were taken, which are named.
    @inline(never)
    consuming func finish(_ files: [[UInt8]], _ list: inout AccessList) {
        sort(&aliases)
        for statement in rules {
            let text = statement.text
            var index = 0
            var users: [UInt8] = []
            write(text, &index, Self.users, false, 0, &users)
            var rule: [UInt8] = []
            if users.count >= Self.userBytes { isCut = true }
            // A NUL is what parts the users here.
            if text.contains(0) || !writeRule(text, &index, &rule) {
                damaged.append(statement.path)
                continue
            }
            let source = absolute(statement.path)
            let rights = RawText(part(rule, 0, Self.ruleBytes))
            for user in users.split(separator: 0) where !isCut {
                let privilege = PrivilegeRecord(
                    subject: RawText(user), source: source, rule: rights)
                if !list.add(privilege) { isCut = true }
            }
        }
        for file in files {
            let failure: SourceFailure? = damaged.contains(file) ? .badRule : nil
            list.finish(.privileges, "sudoers", file, isCut ? .tooMany : failure)
        }
    }

    /// Writes `hosts = commands : hosts = commands`.
    /// - Returns: false if the text is another.
    @inline(never)
    private mutating func writeRule(_ text: [UInt8], _ index: inout Int, _ rule: inout [UInt8])
        -> Bool
    {
        while true {
            let start = rule.count
            write(text, &index, Self.hosts, false, 0, &rule)
            if rule.count == start || byte(text, index) != UInt8(ascii: "=") { return false }
            append("=", to: &rule)
            index += 1
            isDamaged = false
            write(text, &index, Self.commands, false, 0, &rule)
            if isDamaged { return false }
            if index >= text.count { return true }
            if text[index] != UInt8(ascii: ":") { return false }
            append(" : ", to: &rule)
            index += 1
        }
    }

    /// Writes a list, with its aliases written out, to where it ends. A list of users has a NUL
    /// between two of them, another a comma.
    ///
    /// An alias that goes round in circles stays as it is.
    @inline(never)
    private mutating func write(
        _ text: [UInt8], _ index: inout Int, _ list: UInt8, _ isNegated: Bool, _ depth: Int,
        _ out: inout [UInt8]
    ) {
        let limit = list == Self.users ? Self.userBytes : Self.ruleBytes
        while true {
            if depth > 0 && out.count >= limit { return }
            if list == Self.commands { writePrefix(text, &index, depth, &out) }
            var isNegated = isNegated
            Self.skipBlanks(text, &index)
            while byte(text, index) == UInt8(ascii: "!") {
                isNegated.toggle()
                index += 1
                Self.skipBlanks(text, &index)
            }
            let end = Self.end(text, index, list)
            var last = end
            // Other lists end at a blank, unless it has a backslash before it.
            if list == Self.commands {
                while last > index, Self.isBlank(text[last - 1]) { last -= 1 }
            }
            let element = part(text, index, last)
            index = end
            var isName = false
            if Self.isOfName(byte(element, 0)) { isName = element.allSatisfy(Self.isOfName) }
            if isName && depth < Self.maxDepth, let alias = find([list] + element, in: aliases) {
                var start = 0
                write(values[alias], &start, list, isNegated, depth + 1, &out)
            } else {
                if isNegated { append("!", to: &out) }
                if list == Self.users {
                    out += Self.unquoted(element)
                } else if list == Self.commands {
                    out += Self.withSingleBlanks(element)
                    let first = byte(element, 0)
                    if !isName && first != UInt8(ascii: "/") && first != UInt8(ascii: "^")
                        && !has(element, 0, "sudoedit") && !has(element, 0, "list")
                    {
                        isDamaged = true
                    }
                } else {
                    out += element
                }
            }
            Self.skipBlanks(text, &index)
            if byte(text, index) != UInt8(ascii: ",") { return }
            index += 1
            if list == Self.users { append(0, to: &out) } else { append(", ", to: &out) }
        }
    }

    /// Writes what stands before a command: `(root : wheel)`, tags as `NOPASSWD:`, digests, and
    /// options as `CWD=/tmp`.
    @inline(never)
    private mutating func writePrefix(
        _ text: [UInt8], _ index: inout Int, _ depth: Int, _ out: inout [UInt8]
    ) {
        while true {
            Self.skipBlanks(text, &index)
            if byte(text, index) == UInt8(ascii: "(") {
                append("(", to: &out)
                index += 1
                write(text, &index, Self.runas, false, depth, &out)
                if byte(text, index) == UInt8(ascii: ":") {
                    append(":", to: &out)
                    index += 1
                    write(text, &index, Self.runas, false, depth, &out)
                }
                if byte(text, index) != UInt8(ascii: ")") {
                    isDamaged = true
                    return
                }
                index += 1
                append(") ", to: &out)
                continue
            }
            var end = index
            while Self.isOfName(byte(text, end)) || 0x61...0x7A ~= byte(text, end) { end += 1 }
            let word = part(text, index, end)
            var next = end
            Self.skipBlanks(text, &next)
            let mark = byte(text, next)
            if word.isEmpty || mark != UInt8(ascii: "=") && mark != UInt8(ascii: ":") { return }
            next += 1
            var value = next
            if mark == UInt8(ascii: "=") || has(word, 0, "sha") {
                Self.skipBlanks(text, &next)
                value = next
                while next < text.count, !Self.isBlank(text[next]) { next += 1 }
            } else if word.equals("ALL") || word.equals("sudoedit")
                || find([Self.commands] + word, in: aliases) != nil
            {
                return
            }
            out += word
            append(mark, to: &out)
            out += part(text, value, next)
            append(" ", to: &out)
            index = next
        }
    }

    /// Where an element of a list ends.
    @inline(never)
    private static func end(_ text: [UInt8], _ start: Int, _ list: UInt8) -> Int {
        var index = start
        var isQuoted = false
        let isCommand = list == commands
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\\") {
                // In quotes it is itself, but before a quote.
                let isItself = isQuoted && !has(text, index, "\\\"")
                index += isItself ? 1 : 2
                continue
            }
            if byte == UInt8(ascii: "\"") && !isCommand {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "^") && isCommand
                && (index == start || isBlank(text[index - 1]))
            {
                // A regular expression, which has commas.
                while index < text.count, text[index] != UInt8(ascii: "$") {
                    index += text[index] == UInt8(ascii: "\\") ? 2 : 1
                }
            } else if !isQuoted {
                let isGroup = index > start && text[index - 1] == UInt8(ascii: "%")
                if byte == UInt8(ascii: ",") || isBlank(byte) && !isCommand
                    || byte == UInt8(ascii: "!") && list == users && index > start
                    || byte == UInt8(ascii: ":") && (isCommand || list == runas && !isGroup)
                    || byte == UInt8(ascii: "=") && (list == hosts || list == users)
                    || byte == UInt8(ascii: ")") && list == runas
                {
                    return index
                }
            }
            index += 1
        }
        return min(index, text.count)
    }

    /// A name without quotes and escapes, as toke_util.c has it: in quotes a backslash escapes but a
    /// quote. Elsewhere it takes the next character for what it is, and may be `\x41`.
    @inline(never)
    private static func unquoted(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < text.count {
            var next = text[index]
            index += 1
            if next == UInt8(ascii: "\"") {
                isQuoted.toggle()
                continue
            }
            let escaped = byte(text, index)
            if next == UInt8(ascii: "\\"), index < text.count,
                !isQuoted || escaped == UInt8(ascii: "\"")
            {
                next = escaped
                index += 1
                let digits = part(text, index, index + 2)
                if !isQuoted, escaped == UInt8(ascii: "x"), digits.count == 2,
                    let code = hexadecimalNumber(digits[...])
                {
                    next = UInt8(code)
                    index += 2
                }
            }
            append(next, to: &result)
        }
        return result
    }

    /// A command with one blank where there are several: sudo does not count them, either.
    @inline(never)
    private static func withSingleBlanks(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            if !isBlank(byte) {
                result.append(byte)
            } else if result.last != 0x20 {
                result.append(0x20)
            }
        }
        return result
    }

    /// Whether a byte may be in the name of an alias.
    @inline(never)
    private static func isOfName(_ byte: UInt8) -> Bool {
        0x41...0x5A ~= byte || 0x30...0x39 ~= byte || byte == UInt8(ascii: "_")
    }

    @inline(never)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    @inline(never)
    static func skipBlanks(_ text: [UInt8], _ index: inout Int) {
        while index < text.count, isBlank(text[index]) { index += 1 }
    }
}
