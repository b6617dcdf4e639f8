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
        // A server that is gone would keep the reader waiting for ever, and automount(8) would mount it.
        let mounts = tree.isLive ? tree.contents("proc/self/mounts") : nil
        let remote = remoteMounts(mounts ?? [])
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
                if isBelow(path, remote) {
                    finish(.authorizedKeys, "openssh", path, .remote)
                    continue
                }
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

/// Where file systems of the network are mounted, from the root, and where automount(8) would mount
/// one, in the mounts of proc_pid_mounts(5).
@inline(never)
func remoteMounts(_ mounts: [UInt8]) -> [[UInt8]] {
    let types = ascii(
        """
         9p afs autofs beegfs ceph cifs coda fuse.glusterfs fuse.sshfs glusterfs lustre nfs nfs4 \
        smb3 smbfs\u{20}
        """)
    var paths: [[UInt8]] = []
    var lines = Lines(mounts)
    while lines.advance() {
        // The type is the third word; blanks in a path are written in octal.
        let words = configurationWords(lines.line)
        if words.count > 2, isWord(words[2], of: types), !isWord(words[1], of: ascii(" / ")) {
            paths.append(resolved(words[1], beside: []))
        }
    }
    return paths
}

/// Whether a path is one of these directories, or in one of them.
@inline(never)
func isBelow(_ path: [UInt8], _ directories: [[UInt8]]) -> Bool {
    for directory in directories where path.starts(with: directory) {
        if path.count == directory.count || path[directory.count] == UInt8(ascii: "/") {
            return true
        }
    }
    return false
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
