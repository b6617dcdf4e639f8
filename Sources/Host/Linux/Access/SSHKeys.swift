import Records
import Text

// The keys of SSH: which may be used to log in, and those of the host.

extension AccessList {
    @inline(never)
    mutating func readSSH(_ tree: borrowing HostTree) {
        var configuration = SSHConfiguration()
        let kinds: RecordChoice = [.authorizedKeys, .sshHostKeys]
        // SUSE's is in /usr/etc, unless an administrator has another.
        for path in [ascii("etc/ssh/sshd_config"), ascii("usr/etc/ssh/sshd_config")] {
            var pending = [path]
            var next = 0
            var isAny = false
            while next < pending.count {
                let path = pending[next]
                next += 1
                guard let text = contents(kinds, "sshd_config", path, tree) else { continue }
                isAny = true
                configuration.take(text)
                for pattern in configuration.includes {
                    let pattern = resolved(pattern, beside: ascii("etc/ssh/"))
                    // A file that includes itself is read once.
                    for path in matches(pattern, kinds, tree) where !contains(pending, path) {
                        pending.append(path)
                    }
                }
                configuration.includes = []
                let isTooMuch = pending.count > AccessLimits.files
                finish(kinds, "sshd_config", path, isTooMuch ? .tooMany : nil)
                if isTooMuch { break }
            }
            if isAny { break }
        }
        if choice.contains(.authorizedKeys) { readAuthorizedKeys(configuration.keyFiles, tree) }
        if choice.contains(.sshHostKeys) { readHostKeys(configuration.hostKeys, tree) }
    }

    /// The files that a path with `*` and `?` in its last name stands for.
    @inline(never)
    private func matches(
        _ pattern: [UInt8], _ kinds: RecordChoice, _ tree: borrowing HostTree
    ) -> [[UInt8]] {
        let slash = UInt8(ascii: "/")
        var end = pattern.count
        while end > 0, byte(pattern, end) != slash { end -= 1 }
        let directory = part(pattern, 0, end)
        let last = part(pattern, end + 1, pattern.count)
        if !last.contains(UInt8(ascii: "*")) && !last.contains(UInt8(ascii: "?")) {
            return [pattern]
        }
        var found: [[UInt8]] = []
        for name in entries(kinds, "sshd_config", directory, tree) ?? []
        where isMatch(name, last) {
            found.append(join(directory, name))
        }
        return found
    }

    // MARK: Keys of accounts

    /// Reads the keys of each account: from the usual files, which dropbear(8) reads too, and from
    /// those that sshd is told to read, of any of its conditions.
    @inline(never)
    private mutating func readAuthorizedKeys(_ patterns: [[UInt8]], _ tree: borrowing HostTree) {
        for index in records.accounts.indices {
            let account = records.accounts[index]
            var paths: [[UInt8]] = []
            for pattern in patterns {
                guard let path = keyFile(pattern, of: account), !contains(paths, path) else {
                    continue
                }
                paths.append(path)
            }
            // OpenWrt's.
            if account.uid == 0 { paths.append(ascii("etc/dropbear/authorized_keys")) }
            for path in paths {
                let bytes = contents(
                    .authorizedKeys, "openssh", path, tree, limit: AccessLimits.fileBytes)
                if let bytes { readKeys(bytes, path, account.username) }
            }
        }
    }

    @inline(never)
    private mutating func readKeys(_ bytes: [UInt8], _ path: [UInt8], _ username: RawText) {
        var lines = Lines(bytes)
        var failure: SourceFailure?
        while lines.advance() {
            guard let key = SSHKey(line: lines.line) else { continue }
            if records.authorizedKeys.count >= AccessLimits.accounts {
                failure = .tooMany
                break
            }
            var record = AuthorizedKeyRecord(
                fingerprint: key.fingerprint, username: username, algorithm: key.algorithm)
            record.options = known(key.options)
            record.comment = known(key.comment)
            record.path = absolute(path)
            records.authorizedKeys.append(record)
        }
        finish(.authorizedKeys, "openssh", path, failure)
    }

    /// A path from the root, of `AuthorizedKeysFile` of sshd_config(5), for an account.
    /// - Returns: nil if it needs a home that is unknown.
    @inline(never)
    private func keyFile(_ pattern: [UInt8], of account: AccountRecord) -> [UInt8]? {
        let percent = UInt8(ascii: "%")
        let slash = UInt8(ascii: "/")
        let home = account.home?.bytes
        var path: [UInt8] = []
        var isToken = false
        for byte in pattern {
            if isToken {
                switch byte {
                case UInt8(ascii: "h"):
                    guard let home else { return nil }
                    path += home
                case UInt8(ascii: "u"): path += account.username.bytes
                case UInt8(ascii: "U"): path.append(digitsOf: account.uid ?? 0)
                default: append(byte, to: &path)
                }
                isToken = false
            } else if byte == percent {
                isToken = true
            } else {
                append(byte, to: &path)
            }
        }
        if path.first != slash {
            guard let home else { return nil }
            path = home + [slash] + path
        }
        // One name for one file: `//a` is `a`.
        var result: [UInt8] = []
        for byte in path where byte != slash || result.last ?? slash != slash {
            append(byte, to: &result)
        }
        return result
    }

    // MARK: Keys of the host

    /// Reads the public keys beside the host's private ones.
    @inline(never)
    private mutating func readHostKeys(_ configured: [[UInt8]], _ tree: borrowing HostTree) {
        let directory = ascii("etc/ssh")
        var paths: [[UInt8]] = []
        if let names = entries(.sshHostKeys, "openssh", directory, tree) {
            for name in names where has(name, 0, "ssh_host_") {
                let name = name.hasSuffix(".pub") ? part(name, 0, name.count - 4) : name
                if name.hasSuffix("_key") { paths.append(join(directory, name)) }
            }
            finish(.sshHostKeys, "openssh", directory, nil)
        }
        for path in configured { paths.append(path) }
        var seen: [[UInt8]] = []
        for path in paths where !contains(seen, path) {
            if seen.count >= AccessLimits.files { break }
            seen.append(path)
            let file = appended(path, ".pub")
            let bytes = contents(
                .sshHostKeys, "openssh", file, tree, limit: AccessLimits.fileBytes)
            if let bytes {
                var lines = Lines(bytes)
                while lines.advance() {
                    guard let key = SSHKey(line: lines.line) else { continue }
                    records.hostKeys.append(
                        SSHHostKeyRecord(algorithm: key.algorithm, fingerprint: key.fingerprint))
                    break
                }
                finish(.sshHostKeys, "openssh", file, nil)
            } else if tree.exists(String(decoding: path, as: UTF8.self)),
                !tree.exists(String(decoding: file, as: UTF8.self))
            {
                finish(.sshHostKeys, "openssh", path, .noPublicKey)
            }
        }
    }
}

/// What sshd_config(5) says of files with keys. `Match` is not asked: its keys may be used as well.
private struct SSHConfiguration {
    /// `AuthorizedKeysFile`, with its tokens.
    var keyFiles = [ascii(".ssh/authorized_keys"), ascii(".ssh/authorized_keys2")]
    /// `HostKey`, from the root.
    var hostKeys: [[UInt8]] = []
    /// What is included, with its wildcards.
    var includes: [[UInt8]] = []

    @inline(never)
    mutating func take(_ text: [UInt8]) {
        var lines = Lines(text)
        while lines.advance() {
            // `Keyword=value` is as `Keyword value`.
            var line = lines.line
            var end = 0
            while end < line.count, line[end] <= 0x20 { end += 1 }
            while end < line.count, line[end] > 0x20, line[end] != UInt8(ascii: "=") { end += 1 }
            while end < line.count, line[end] <= 0x20 { end += 1 }
            if end < line.count, line[end] == UInt8(ascii: "=") { line[end] = 0x20 }
            let words = configurationWords(line)
            guard let keyword = words.first else { continue }
            var lowered: [UInt8] = []
            for byte in keyword { lowered.append(0x41...0x5A ~= byte ? byte | 0x20 : byte) }
            for index in 1..<max(1, words.count) where includes.count + keyFiles.count < 256 {
                let value = words[index]
                if lowered.equals("authorizedkeysfile") {
                    if !value.equals("none") && !contains(keyFiles, value) {
                        keyFiles.append(value)
                    }
                } else if lowered.equals("include") {
                    includes.append(value)
                } else if lowered.equals("hostkey") && hostKeys.count < 256 {
                    hostKeys.append(resolved(value, beside: []))
                }
            }
        }
    }
}

/// Whether a name matches a pattern with `*` and `?`.
@inline(never)
private func isMatch(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var (position, element) = (0, 0)
    var retry: (position: Int, element: Int)?
    while position < name.count {
        if element < pattern.count, pattern[element] == UInt8(ascii: "*") {
            element += 1
            retry = (position, element)
        } else if element < pattern.count,
            pattern[element] == name[position] || pattern[element] == UInt8(ascii: "?")
        {
            element += 1
            position += 1
        } else if let last = retry {
            retry = (last.position + 1, last.element)
            (position, element) = (last.position + 1, last.element)
        } else {
            return false
        }
    }
    while element < pattern.count, pattern[element] == UInt8(ascii: "*") { element += 1 }
    return element == pattern.count
}

/// A public key in a line of authorized_keys or of a `.pub` file, sshd(8), "AUTHORIZED_KEYS FILE
/// FORMAT".
struct SSHKey {
    /// The first text of the key, which is also the word before it.
    private(set) var algorithm = ""
    /// As `ssh-keygen -l` prints it. That of a certificate is its key's.
    private(set) var fingerprint = ""
    /// What stands before the key.
    private(set) var options: [UInt8] = []
    /// What stands behind it.
    private(set) var comment: [UInt8] = []

    /// - Returns: nil if the line has no key.
    @inline(never)
    init?(line: [UInt8]) {
        var index = Self.skip(line, 0)
        if index >= line.count || line[index] == UInt8(ascii: "#") { return nil }
        if read(line, index) { return }
        let start = index
        var isQuoted = false
        while index < line.count, isQuoted || line[index] > 0x20 {
            if has(line, index, "\\\"") {
                index += 1
            } else if line[index] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
            index += 1
        }
        if !read(line, Self.skip(line, index)) { return nil }
        options = part(line, start, index)
    }

    /// The first place from an index on that is no blank.
    @inline(never)
    private static func skip(_ line: [UInt8], _ start: Int) -> Int {
        var index = start
        while index < line.count, line[index] <= 0x20 { index += 1 }
        return index
    }

    /// Reads the algorithm, the key and the comment.
    /// - Returns: false if there is none.
    @inline(never)
    private mutating func read(_ line: [UInt8], _ start: Int) -> Bool {
        var end = start
        while end < line.count, line[end] > 0x20 { end += 1 }
        let name = part(line, start, end)
        let keyStart = Self.skip(line, end)
        var keyEnd = keyStart
        while keyEnd < line.count, line[keyEnd] > 0x20 { keyEnd += 1 }
        guard let key = bytesOfBase64(line, keyStart, keyEnd), !name.isEmpty,
            Self.text(key, 0) == name, let plain = Self.plain(key, name)
        else { return false }
        algorithm = String(decoding: name, as: UTF8.self)
        var digest = SHA256Hasher()
        digest.update(plain)
        // Without the sign that fills up.
        let text = Array(base64(digest.finish()).utf8)
        let printed = ascii("SHA256:") + part(text, 0, text.count - 1)
        fingerprint = String(decoding: printed, as: UTF8.self)
        var last = line.count
        let commentStart = Self.skip(line, keyEnd)
        while last > commentStart, line[last - 1] <= 0x20 { last -= 1 }
        comment = part(line, commentStart, last)
        return true
    }

    /// The text at a place in a key, RFC 4251: a length of 4 bytes before it. Nil if it is not whole.
    @inline(never)
    private static func text(_ key: [UInt8], _ start: Int) -> [UInt8]? {
        let count = Int(truncatingIfNeeded: number(key, start))
        guard start + 4 <= key.count, count >= 0, count <= key.count - start - 4 else { return nil }
        return part(key, start + 4, start + 4 + count)
    }

    /// The key itself: of a certificate, PROTOCOL.certkeys of OpenSSH, the part that has the key.
    @inline(never)
    private static func plain(_ key: [UInt8], _ name: [UInt8]) -> [UInt8]? {
        let suffix: StaticString = "-cert-v01@openssh.com"
        if !name.hasSuffix(suffix) { return key }
        var plainName = part(name, 0, name.count - suffix.utf8CodeUnitCount)
        // How many texts the key has, behind the certificate's nonce.
        var count = 2
        if plainName.equals("ssh-ed25519") { count = 1 }
        if plainName.equals("ssh-dss") { count = 4 }
        if has(plainName, 0, "sk-") {
            if has(plainName, 0, "sk-ecdsa") { count = 3 }
            append("@openssh.com", to: &plainName)
        }
        guard let nonce = text(key, 4 + name.count) else { return nil }
        let start = 8 + name.count + nonce.count
        var end = start
        for _ in 0..<count {
            guard let part = text(key, end) else { return nil }
            end += 4 + part.count
        }
        return bigEndian(plainName.count) + plainName + part(key, start, end)
    }
}

/// The bytes that are written in base64 (RFC 4648, 4), padded; nil if the text is none.
@inline(never)
private func bytesOfBase64(_ text: [UInt8], _ start: Int, _ end: Int) -> [UInt8]? {
    if start >= end || (end - start) % 4 != 0 { return nil }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var padding = 0
    for index in start..<end {
        var digit: UInt32 = 0
        let byte = text[index]
        switch byte {
        case 0x41...0x5A: digit = UInt32(byte) - 0x41
        case 0x61...0x7A: digit = UInt32(byte) - 0x61 + 26
        case 0x30...0x39: digit = UInt32(byte) - 0x30 + 52
        case UInt8(ascii: "+"): digit = 62
        case UInt8(ascii: "/"): digit = 63
        case UInt8(ascii: "=") where index >= end - 2: padding += 1
        default: return nil
        }
        if padding > 0 && byte != UInt8(ascii: "=") { return nil }
        bits = bits << 6 | digit
        if (index - start) % 4 == 3 {
            for shift in 0..<3 {
                append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(shift))), to: &bytes)
            }
            bits = 0
        }
    }
    bytes.removeLast(padding)
    return bytes
}
