/// What sshd_config(5) says of files with keys, read as sshd's own servconf.c and misc.c have it.
/// `Match` is not asked: its keys may be used as well.
struct SSHConfiguration {
    /// `AuthorizedKeysFile`, with its tokens.
    private(set) var keyFiles = [ascii(".ssh/authorized_keys"), ascii(".ssh/authorized_keys2")]
    /// `HostKey`, from the root.
    private(set) var hostKeys: [[UInt8]] = []
    /// What is included by the file that was taken last, with its wildcards.
    private(set) var includes: [[UInt8]] = []

    /// Values of each directive that are kept.
    private static let limit = 256

    /// Takes a file.
    /// - Returns: why it could not be read to its end; nil if it was.
    @inline(never)
    mutating func take(_ text: [UInt8]) -> SourceFailure? {
        var failure: SourceFailure?
        includes = []
        var lines = Lines(text)
        while lines.advance() {
            guard let words = sshWords(lines.line) else {
                failure = failure ?? .badLine
                continue
            }
            for index in 1..<max(1, words.count) {
                if !take(words[0], words[index]) { failure = .tooMany }
            }
        }
        return failure
    }

    /// Takes a value of a directive, whose keyword is in small letters.
    /// - Returns: false if there are too many.
    @inline(never)
    private mutating func take(_ keyword: [UInt8], _ value: [UInt8]) -> Bool {
        if value.isEmpty { return true }
        let isNone = lowered(value).equals("none")
        // The second is of OpenSSH before 5.9.
        if keyword.equals("authorizedkeysfile") || keyword.equals("authorizedkeysfile2") {
            if isNone || contains(keyFiles, value) { return true }
            if keyFiles.count >= Self.limit { return false }
            keyFiles.append(value)
        } else if keyword.equals("include") {
            if includes.count >= Self.limit { return false }
            includes.append(value)
        } else if keyword.equals("hostkey") {
            if isNone { return true }
            if hostKeys.count >= Self.limit { return false }
            hostKeys.append(resolved(value, beside: []))
        }
        return true
    }
}

/// The keyword of a line, in small letters, and its arguments; none of a line without a keyword.
/// - Returns: nil if the line is none that sshd accepts.
@inline(never)
func sshWords(_ line: [UInt8]) -> [[UInt8]]? {
    if line.contains(0) { return nil }
    var end = line.count
    while end > 0, isSSHBlank(line[end - 1]) || line[end - 1] == 0x0C { end -= 1 }
    let line = part(line, 0, end)
    var index = 0
    guard var keyword = sshKeyword(line, &index) else { return nil }
    // Blanks in front are what parts an empty keyword from the true one.
    if keyword.isEmpty {
        guard let next = sshKeyword(line, &index) else { return nil }
        keyword = next
    }
    if keyword.isEmpty || keyword[0] == UInt8(ascii: "#") { return [] }
    guard let arguments = sshArguments(line, index) else { return nil }
    return [lowered(keyword)] + arguments
}

/// The word at an index, and what parts it from the next: blanks with one `=` among them.
/// - Returns: nil if a quote has no end.
@inline(never)
private func sshKeyword(_ line: [UInt8], _ index: inout Int) -> [UInt8]? {
    let start = index
    let quote = UInt8(ascii: "\"")
    let equals = UInt8(ascii: "=")
    while index < line.count, !isSSHBlank(line[index]), line[index] != quote, line[index] != equals
    {
        index += 1
    }
    var word = part(line, start, index)
    if index == line.count { return word }
    if line[index] == quote {
        index += 1
        let inside = index
        while index < line.count, line[index] != quote { index += 1 }
        if index == line.count { return nil }
        word += part(line, inside, index)
        index += 1
        while index < line.count, isSSHBlank(line[index]) { index += 1 }
        return word
    }
    let isEqual = line[index] == equals
    index += 1
    while index < line.count, isSSHBlank(line[index]) { index += 1 }
    if !isEqual && byte(line, index) == equals {
        index += 1
        while index < line.count, isSSHBlank(line[index]) { index += 1 }
    }
    return word
}

/// The arguments from an index on, to a comment. Either quote keeps blanks, and a backslash takes
/// the quotes, itself and a blank for what they are.
/// - Returns: nil if a quote has no end.
@inline(never)
private func sshArguments(_ line: [UInt8], _ start: Int) -> [[UInt8]]? {
    var words: [[UInt8]] = []
    var index = start
    while index < line.count {
        if line[index] == 0x20 || line[index] == 0x09 {
            index += 1
            continue
        }
        if line[index] == UInt8(ascii: "#") { break }
        var word: [UInt8] = []
        var quote: UInt8 = 0
        while index < line.count {
            let next = line[index]
            let isQuote = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
            if next == UInt8(ascii: "\\") {
                let escaped = byte(line, index + 1)
                if escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "'") || escaped == next
                    || quote == 0 && escaped == 0x20
                {
                    index += 1
                }
                append(line[index], to: &word)
            } else if quote == 0 && (next == 0x20 || next == 0x09) {
                break
            } else if isQuote && (quote == 0 || quote == next) {
                quote = quote == 0 ? next : 0
            } else {
                append(next, to: &word)
            }
            index += 1
        }
        if quote != 0 { return nil }
        words.append(word)
    }
    return words
}

private func isSSHBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}
