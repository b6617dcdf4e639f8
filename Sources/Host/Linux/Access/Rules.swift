import Records
import Text

// The rules of sudo and doas: which files have them.

extension AccessList {
    @inline(never)
    mutating func readRules(_ tree: borrowing HostTree) {
        var hostname: [UInt8] = []
        if let name = Hostname.read(tree)?.text { hostname = Array(name.utf8) }
        // `%h` is the name without its domain.
        var sudoers = Sudoers(Array(hostname.prefix { $0 != UInt8(ascii: ".") }))
        // SUSE's are in /usr/etc, unless an administrator has others; sudo-rs prefers its own.
        var pending = [ascii("etc/sudoers-rs"), ascii("etc/sudoers"), ascii("usr/etc/sudoers")]
        var files: [[UInt8]] = []
        var next = 0
        while next < pending.count {
            let path = pending[next]
            next += 1
            // The first of both that is there.
            if next == 3, contains(files, pending[1]) { continue }
            guard let text = contents(.privileges, "sudoers", path, tree) else { continue }
            files.append(path)
            sudoers.take(text, path)
            let included = sudoers.includes
            sudoers.includes = []
            for include in included {
                var found = [resolved(include, beside: path)]
                if include.last == 0 {
                    let directory = part(found[0], 0, found[0].count - 1)
                    found = []
                    for name in entries(.privileges, "sudoers", directory, tree) ?? []
                    where name.last != UInt8(ascii: "~") && !name.contains(UInt8(ascii: ".")) {
                        found.append(join(directory, name))
                    }
                }
                // A file that includes itself is read once.
                for path in found where !contains(pending, path) {
                    if pending.count >= AccessLimits.files {
                        finish(.privileges, "sudoers", path, .tooMany)
                        break
                    }
                    pending.append(path)
                }
            }
        }
        sudoers.finish(files, &self)
        readDoas(ascii("etc/doas.conf"), tree)
        // Alpine's.
        let directory = ascii("etc/doas.d")
        for name in entries(.privileges, "doas", directory, tree) ?? []
        where name.hasSuffix(".conf") {
            readDoas(join(directory, name), tree)
        }
    }

    /// Reads doas.conf(5), of which the rules that permit something are kept as they are written.
    @inline(never)
    private mutating func readDoas(_ path: [UInt8], _ tree: borrowing HostTree) {
        guard let text = contents(.privileges, "doas", path, tree) else { return }
        var lines = Lines(text)
        var words: [[UInt8]] = []
        var failure: SourceFailure?
        while lines.advance() {
            var line = lines.line
            let isContinued = line.last == UInt8(ascii: "\\")
            if isContinued { line.removeLast() }
            words += configurationWords(line, keepQuotes: true)
            if isContinued { continue }
            if let first = words.first {
                if first.equals("permit") {
                    if let subject = doasIdentity(words) {
                        var rule: [UInt8] = []
                        for word in words {
                            if !rule.isEmpty { append(0x20, to: &rule) }
                            rule += word
                        }
                        let privilege = PrivilegeRecord(
                            subject: subject, source: absolute(path), rule: RawText(rule))
                        if !add(privilege) {
                            failure = .tooMany
                        }
                    } else {
                        failure = failure ?? .badRule
                    }
                } else if !first.equals("deny") {
                    failure = failure ?? .badRule
                }
            }
            words = []
        }
        finish(.privileges, "doas", path, failure)
    }
}

/// `permit options identity …`, where the option `setenv` has a list in braces.
private func doasIdentity(_ words: [[UInt8]]) -> RawText? {
    var isInBraces = false
    for index in 1..<max(1, words.count) {
        let word = words[index]
        let isOpen = word.first == UInt8(ascii: "{")
        if isOpen || isInBraces {
            isInBraces = word.last != UInt8(ascii: "}")
            continue
        }
        let isOption =
            word.equals("nopass") || word.equals("persist") || word.equals("keepenv")
            || word.equals("nolog") || word.equals("setenv")
        if !isOption { return RawText(word) }
    }
    return nil
}

/// The path of an included file, from the root.
@inline(never)
func resolved(_ path: [UInt8], beside file: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var start = 0
    while byte(path, start) == slash { start += 1 }
    if start > 0 { return part(path, start, path.count) }
    var end = file.count
    while end > 0, file[end - 1] != slash { end -= 1 }
    return part(file, 0, end) + path
}

/// The words of a line of a configuration, parted by blanks, to a comment. A word may be in quotes.
@inline(never)
func configurationWords(_ line: [UInt8], keepQuotes: Bool = false) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    var isWord = false
    var isQuoted = false
    var isEscaped = false
    for byte in line {
        if isEscaped {
            append(byte, to: &word)
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") && keepQuotes {
            append(byte, to: &word)
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isQuoted.toggle()
            isWord = true
            if keepQuotes { append(byte, to: &word) }
        } else if !isQuoted && (byte == 0x20 || 0x09...0x0D ~= byte) {
            if isWord { words.append(word) }
            (word, isWord) = ([], false)
        } else if !isQuoted && !isWord && byte == UInt8(ascii: "#") {
            break
        } else {
            append(byte, to: &word)
            isWord = true
        }
    }
    if isWord { words.append(word) }
    return words
}
