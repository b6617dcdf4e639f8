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

    /// Takes a line.
    /// - Returns: whether the statement goes on in the next one.
    @inline(never)
    mutating func goesOn(_ line: [UInt8]) -> Bool {
        if text.isEmpty {
            var index = 0
            Sudoers.skipBlanks(line, &index)
            isOfUsers = has(line, index, "User_Alias") || has(line, index, "Runas_Alias")
            isSetting = has(line, index, "Defaults")
        }
        var index = 0
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "\\"):
                if index == line.count - 1 {
                    append(0x20, to: &text)
                    return true
                }
                append(line[index], to: &text)
                index += 1
            case UInt8(ascii: "\""): if !isCommand || isSetting { isQuoted.toggle() }
            case UInt8(ascii: "="): isCommand = true
            case UInt8(ascii: "("): isInParentheses = true
            case UInt8(ascii: ")"): isInParentheses = false
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
