import Age
import CHost
import Host
import Records
import Text

/// Takes a snapshot of a host and writes it to a file. `census snap` and the collectors do the same.
package enum Snap {
    /// The version of census.
    package static let version: StaticString = "0.1.0"

    /// Takes the snapshot and writes it.
    /// - Parameters:
    ///   - options: those without a fault.
    ///   - keys: the directory of the host's keys of SSH, from the root of its file system on.
    package static func take(
        _ options: SnapOptions, keys: String = "etc/ssh"
    ) throws(SnapError) -> TakenSnapshot {
        let recipients = AgePrimitives.canEncrypt ? try options.allRecipients() : []
        let isEncrypted = AgePrimitives.canEncrypt && !recipients.isEmpty
        let isStream = options.output == "-"
        if isStream && census_is_terminal(1) != 0 {
            throw .other("refusing to write binary data to a terminal: redirect it with | or >")
        }
        if options.output != nil, !isStream {
            try requireNothing(at: options, isEncrypted: isEncrypted)
        }
        let collector = try read(options)
        guard let now = Timestamp(unixSeconds: census_now()) else {
            throw .other("the system clock is wrong: set it first")
        }
        let header = SnapshotHeader(
            id: try randomUUID(), takenAt: now,
            utcOffsetSeconds: collector.isLive
                ? LiveSystem.utcOffsetSeconds(at: now.unixSeconds) : nil,
            generator: "census \(version)")
        let head = collector.head
        var encoder = SnapshotEncoder(
            header, head.host, head.osVersion, head.cpuInfo, head.collection)
        collector.yield(to: &encoder)
        let counts = encoder.counts
        var bytes = encoder.finish()
        var signature = Signature()
        if !options.signs {
            // None is wanted.
        } else if isStream {
            signature = .impossible("standard output has no place for a signature")
        } else if !collector.isLive {
            signature = .impossible("not the running system")
        } else {
            signature = .of(bytes, keys: keys)
        }
        var signatureFile = signature.file
        if isEncrypted {
            // The signature of the plain file is encrypted, too.
            bytes = AgeWriter.file(of: bytes, for: recipients)
            if let plain = signatureFile {
                signatureFile = AgeWriter.file(of: plain, for: recipients)
            }
        }
        var digest = SHA256Hasher()
        digest.update(bytes)
        var taken = TakenSnapshot(
            path: nil,
            summary: summary(
                head, counts, options.choice ?? .all, signature: signature.description),
            digest: digest.finish(), fault: nil)
        if isStream {
            let error = unsafe census_write_stream(1, bytes, Int64(bytes.count))
            if error < 0 {
                throw .file(operation: "write", path: "standard output", code: -error)
            }
            return taken
        }
        var entry = CustodyEntry(
            takenAt: now, host: head.host.hostname, hostID: head.host.hostID, generator: version)
        let name = SnapshotName(header, hostname: head.host.hostname).text
        entry.file = isEncrypted ? name + encryptedEnding : name
        entry.size = bytes.count
        entry.digest = taken.digest
        entry.signature = signature.fingerprint
        try write(
            bytes, signatureFile, options, entry, isEncrypted: isEncrypted, &taken)
        return taken
    }

    private static func read(_ options: SnapOptions) throws(SnapError) -> HostCollector {
        do throws(CollectorError) {
            return try HostCollector.read(
                root: options.root, hostID: options.hostID,
                choice: options.choice ?? .all)
        } catch {
            switch error {
            case .root(let error):
                throw .file(operation: "open", path: options.root, code: error.code)
            case .unidentified(let reason): throw .other(reason)
            }
        }
    }

    /// A random UUID, version 4 of RFC 9562.
    private static func randomUUID() throws(SnapError) -> String {
        var bytes = try randomBytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimal(bytes[$0]) }
        return groups.joined(separator: "-")
    }

    /// Writes the signature, the snapshot and the line of the custody log, in this order, so that no
    /// medium that is removed meanwhile has a snapshot without its signature.
    private static func write(
        _ bytes: [UInt8], _ signature: [UInt8]?, _ options: SnapOptions, _ entry: CustodyEntry,
        isEncrypted: Bool, _ taken: inout TakenSnapshot
    ) throws(SnapError) {
        let (directory, name, path) = place(options, named: entry.file)
        if name.isEmpty || name == "." || name == ".." {
            throw .file(operation: "create", path: path, code: census_is_directory())
        }
        // Looked up once: whatever happens to its path meanwhile, the files appear in it.
        let place = try checkedCall(
            "create", path, unsafe census_output_directory(nulTerminated(directory)))
        defer { census_close(place) }
        try writeFiles(bytes, signature, isEncrypted, named: name, in: place, path: path)
        taken.path = path
        if options.output == nil {
            let log = join(directory, CustodyEntry.log)
            do throws(SnapError) {
                try entry.append(in: place, path: log)
            } catch {
                taken.fault = "cannot write \(log): \(reason(of: error)); the snapshot is complete"
            }
        }
    }

    private static func writeFiles(
        _ bytes: [UInt8], _ signature: [UInt8]?, _ isEncrypted: Bool, named name: String,
        in place: Int32, path: String
    ) throws(SnapError) {
        var file = try NewSnapshotFile(named: name, in: place, path: path)
        try file.write(bytes)
        guard SigningPrimitives.canSign, let signature else { return try file.publish() }
        var beside = try NewSnapshotFile(
            named: signatureName(of: name, isEncrypted), in: place,
            path: signatureName(of: path, isEncrypted))
        try beside.write(signature)
        try beside.publish()
        do throws(SnapError) { try file.publish() } catch {
            beside.withdraw()
            throw error
        }
    }

    /// What the name of an encrypted file ends with.
    private static let encryptedEnding = ".age"

    /// The name or path of a file's signature: `x.sig` of `x`. That of an encrypted one is encrypted,
    /// too: `x.sig.age` of `x.age`, and of another name `x` as well.
    private static func signatureName(of name: String, _ isEncrypted: Bool) -> String {
        if !isEncrypted { return name + ".sig" }
        let bytes = Array(name.utf8)
        let isUsual = bytes.suffix(encryptedEnding.utf8.count).elementsEqual(encryptedEnding.utf8)
        let plain = isUsual ? bytes.count - encryptedEnding.utf8.count : bytes.count
        return String(decoding: bytes[..<plain], as: UTF8.self) + ".sig" + encryptedEnding
    }

    private static func reason(of error: SnapError) -> String {
        switch error {
        case .file(_, _, let code): HostError.reason(of: code)
        case .other(let reason), .usage(let reason): reason
        }
    }

    /// Fails early, before the host is read. A signature that is there already is of another file, and
    /// would be taken for that of this one, even if this one is not signed.
    private static func requireNothing(
        at options: SnapOptions, isEncrypted: Bool
    ) throws(SnapError) {
        let (directory, name, path) = place(options, named: "")
        let place = try checkedCall(
            "create", path, unsafe census_output_directory(nulTerminated(directory)))
        defer { census_close(place) }
        let kind = unsafe census_kind_of_name(place, nulTerminated(name))
        if kind < 0 {
            if census_error_meaning(-kind) != census_no_such_name {
                throw .file(operation: "create", path: path, code: -kind)
            }
            let beside = signatureName(of: name, isEncrypted)
            if unsafe census_kind_of_name(place, nulTerminated(beside)) < 0 { return }
            throw .file(
                operation: "create", path: signatureName(of: path, isEncrypted),
                code: census_file_exists())
        }
        let remedy: String
        switch kind {
        case census_regular:
            throw .file(operation: "create", path: path, code: census_file_exists())
        case census_directory: remedy = "give the name of a file"
        case census_symbolic_link:
            remedy = "give the file it points to, or - for standard output"
        default: remedy = "give the name of a file, or - for standard output"
        }
        throw .other("cannot write \(path): it is \(kindInWords(kind)); \(remedy)")
    }

    /// The directory, the name in it, and the path for messages.
    private static func place(
        _ options: SnapOptions, named name: String
    ) -> (directory: String, name: String, path: String) {
        guard let output = options.output else {
            let directory = options.directory ?? "."
            return (directory, name, join(directory, name))
        }
        let bytes = Array(output.utf8)
        let end = bytes.lastIndex(where: isSeparator).map { $0 + 1 } ?? 0
        let directory = end == 0 ? "." : String(decoding: bytes[..<end], as: UTF8.self)
        return (directory, String(decoding: bytes[end...], as: UTF8.self), output)
    }

    /// What has a name in a directory, with its article.
    static func kindInWords(_ kind: Int32) -> StaticString {
        switch kind {
        case census_directory: "a directory"
        case census_symbolic_link: "a symbolic link"
        case census_fifo: "a FIFO"
        case census_socket: "a socket"
        case census_block_device: "a block device"
        default: "a character device"
        }
    }

    /// The path of a name in a directory. On Windows it has the directory's own separator, and no
    /// `.` in front of the name.
    private static func join(_ directory: String, _ name: String) -> String {
        #if WINDOWS
            var bytes = Array(directory.utf8)
            if bytes.last == UInt8(ascii: "."), bytes.dropLast().last.map(isSeparator) ?? true {
                bytes.removeLast()
            }
            if bytes.last.map(isSeparator) == false {
                let separators = bytes.filter { isSeparator($0) && $0 != UInt8(ascii: ":") }
                bytes.append(separators.last ?? UInt8(ascii: "\\"))
            }
            return String(decoding: bytes, as: UTF8.self) + name
        #else
            let isComplete = directory.utf8.last.map(isSeparator) == true
            return directory + (isComplete ? "" : "/") + name
        #endif
    }

    /// Whether a byte separates the names of a path on this platform.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        #if WINDOWS
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ":")
        #else
            byte == UInt8(ascii: "/")
        #endif
    }
}
