import Text

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
        guard let key = bytesOfBase64(line, from: keyStart, to: keyEnd), !name.isEmpty,
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
