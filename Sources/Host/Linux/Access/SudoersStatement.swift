/// A rule, an alias or a setting, while its lines are put together.
struct SudoersStatement {
    let path: [UInt8]
    /// Without comments.
    private(set) var text: [UInt8] = []
    // What stood before the line. `#501` is a user id where users are expected: before the hosts'
    // end, in the parentheses of a rule, and in an alias. Commands have no quotes.
    private var isOfUsers = false
    private var isSetting = false
    private var isCommand = false
    private var isInParentheses = false
    private var isQuoted = false

    init(path: [UInt8]) { self.path = path }

    /// Whether a statement that begins at an index has settings. `Defaultsx` is the name of a user.
    @inline(never)
    static func isSetting(_ text: [UInt8], _ index: Int) -> Bool {
        if !has(text, index, "Defaults") { return false }
        let end = index + 8
        if end == text.count { return true }
        switch text[end] {
        // A backslash at the end of the line goes on with the next.
        case UInt8(ascii: "\\"): return end + 1 == text.count
        case 0x20, 0x09, 0x0D: return true
        default:
            for mark in ascii("@#>!=:,()\"") where mark == text[end] { return true }
            return false
        }
    }

    /// Where the first name of `User_Alias`, `Runas_Alias`, `Host_Alias`, `Cmnd_Alias` or `Cmd_Alias`
    /// is, if a statement that begins at an index is one. `User_Aliases` is the name of a user.
    @inline(never)
    static func aliases(_ text: [UInt8], _ index: Int) -> Int? {
        var end = index
        while end < text.count, !Sudoers.isBlank(text[end]) { end += 1 }
        let words = ascii(" User_Alias Runas_Alias Host_Alias Cmnd_Alias Cmd_Alias ")
        return end < text.count && isWord(part(text, index, end), of: words) ? end : nil
    }

    /// Takes a line.
    /// - Returns: whether the statement goes on in the next one.
    @inline(never)
    mutating func goesOn(_ line: [UInt8]) -> Bool {
        var index = 0
        if text.isEmpty {
            var start = 0
            Sudoers.skipBlanks(line, &start)
            isSetting = Self.isSetting(line, start)
            isOfUsers =
                Self.aliases(line, start) != nil
                && (line[start] == UInt8(ascii: "U") || line[start] == UInt8(ascii: "R"))
        } else if isQuoted {
            Sudoers.skipBlanks(line, &index)
        }
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "\\"):
                if index == line.count - 1 {
                    if !isQuoted { append(0x20, to: &text) }
                    return true
                }
                append(line[index], to: &text)
                index += 1
                // In quotes it is itself, but before a quote.
                if isQuoted && line[index] != UInt8(ascii: "\"") { continue }
            case UInt8(ascii: "\""):
                if !isCommand || isSetting || isInParentheses { isQuoted.toggle() }
            case UInt8(ascii: "=") where !isQuoted: isCommand = true
            case UInt8(ascii: "(") where !isQuoted: isInParentheses = true
            case UInt8(ascii: ")") where !isQuoted: isInParentheses = false
            case UInt8(ascii: "#"):
                let isNegative = byte(line, index + 1) == UInt8(ascii: "-")
                let isNumber = 0x30...0x39 ~= byte(line, index + (isNegative ? 2 : 1))
                let isID = isNumber && (!isCommand || isInParentheses || isOfUsers)
                if !isID && !isQuoted { return false }
            default: break
            }
            append(line[index], to: &text)
            index += 1
        }
        return false
    }
}
