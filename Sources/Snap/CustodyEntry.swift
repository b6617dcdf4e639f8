import CHost
import Host
import SSH
import Text

/// A line of the custody log, which says which snapshots were taken on a medium, and by whom. Each line
/// has the digest of the line before, so that a line cannot be changed or removed unnoticed.
struct CustodyEntry {
    /// The name of the log.
    static let log = "custody.jsonl"
    /// The longest line before that is read, in bytes.
    private static let longestLine: Int64 = 1 << 16
    private static let beginning: StaticString = #"{"record":"custody","log":""#
    private static let numberKey: StaticString = #"","number":"#

    let takenAt: Timestamp
    let host: String?
    let hostID: String
    let generator: StaticString
    /// The file's name, its length, and its SHA-256 digest.
    var file = ""
    var size = 0
    var digest: [UInt8] = []
    /// The fingerprint of the key that signed the file.
    var signature: String?

    init(takenAt: Timestamp, host: String?, hostID: String, generator: StaticString) {
        self.takenAt = takenAt
        self.host = host
        self.hostID = hostID
        self.generator = generator
    }

    /// Appends the line to the log of a directory, and waits until it is on the medium.
    /// - Parameters:
    ///   - place: of `census_output_directory`.
    ///   - path: of the log, in messages.
    func append(in place: Int32, path: String) throws(SnapError) {
        let name = nulTerminated(Self.log)
        let kind = unsafe census_kind_of_name(place, name)
        if kind >= 0, kind != census_regular { throw .other("it is \(Snap.kindInWords(kind))") }
        let log = unsafe census_open_log(place, name)
        if log == -census_invalid() {
            throw .other("it has a second name, or is not a regular file")
        }
        _ = try checkedCall("open", path, log)
        defer { census_close(log) }
        let end = try Self.end(of: log, path)
        let last = try Self.last(of: end)
        if last.chain == nil && !Self.isTorn(end) {
            throw .other("it is not a custody log; move it away, or give another directory")
        }
        let line = try line(after: last, following: end.last)
        try writeAll(line, to: log, path: path)
        _ = try checkedCall("flush", path, census_flush(log))
        _ = try checkedCall("flush", path, census_flush_directory(place, log))
    }

    /// What the last lines of a log say.
    struct Last {
        /// The digits of the log and the number of the last whole line; nil if there is none.
        var chain: (log: [UInt8], number: Int64)?
        /// The digest of the last line, whole or not; nil of an empty log.
        var digest: [UInt8]?
    }

    /// The last bytes of a log.
    private static func end(of log: Int32, _ path: String) throws(SnapError) -> [UInt8] {
        let size = census_size(log)
        if size < 0 {
            throw .file(operation: "read", path: path, code: Int32(truncatingIfNeeded: -size))
        }
        let start = max(0, size - longestLine)
        var end = [UInt8](repeating: 0, count: Int(size - start))
        var count = 0
        while count < end.count {
            let read = unsafe end.withUnsafeMutableBufferPointer {
                unsafe census_read_at(
                    log, $0.baseAddress! + count, Int64($0.count - count), start + Int64(count))
            }
            if read < 0 {
                throw .file(operation: "read", path: path, code: Int32(truncatingIfNeeded: -read))
            }
            if read == 0 { break }
            count += Int(read)
        }
        end.removeLast(end.count - count)
        return end
    }

    /// - Parameter end: the last bytes of a log, `longestLine` if it is longer.
    static func last(of end: [UInt8]) throws(SnapError) -> Last {
        var last = Last()
        var stop = end.count
        if end.last == lineFeed { stop -= 1 }
        while end.count > 0 {
            var start = stop
            while start > 0, end[start - 1] != lineFeed { start -= 1 }
            // The line may begin before these bytes.
            if start == 0, end.count == longestLine {
                if last.digest == nil {
                    throw .other("its last line is longer than \(longestLine) bytes")
                }
                break
            }
            let line = Array(end[start..<stop])
            if last.digest == nil {
                var digest = SHA256Hasher()
                digest.update(line)
                last.digest = digest.finish()
            }
            last.chain = chain(line)
            if last.chain != nil || start == 0 { break }
            stop = start - 1
        }
        return last
    }

    /// Whether bytes without a whole line may be what a medium that was pulled out has of a log: lines
    /// that were begun, and NULs where nothing came.
    /// - Parameter end: the last bytes of a log, `longestLine` if it is longer.
    static func isTorn(_ end: [UInt8]) -> Bool {
        if end.count == longestLine { return false }
        let form = sshText(beginning)
        for line in end.split(separator: lineFeed) {
            var count = line.count
            while count > 0, line[line.startIndex + count - 1] == 0 { count -= 1 }
            if !line.prefix(min(count, form.count)).elementsEqual(form.prefix(count)) {
                return false
            }
        }
        return true
    }

    /// The digits of the log and the number of a line, if it is one that this type wrote, and whole.
    private static func chain(_ line: [UInt8]) -> (log: [UInt8], number: Int64)? {
        let start = beginning.utf8CodeUnitCount
        let first = start + 16 + numberKey.utf8CodeUnitCount
        guard line.count > first, line.last == UInt8(ascii: "}") else { return nil }
        var form = sshText(beginning)
        let digits = Array(line[start..<(start + 16)])
        for digit in digits where !(0x30...0x39 ~= digit || 0x61...0x66 ~= digit) { return nil }
        form += digits
        form += sshText(numberKey)
        var end = first
        while line[end] != UInt8(ascii: ","), end + 1 < line.count { end += 1 }
        guard Array(line[..<first]) == form, let number = decimalNumber(line[first..<end])
        else { return nil }
        return (digits, number)
    }

    /// The line, ended by LF, and after one that did not end with LF, begun by it.
    private func line(after last: Last, following byte: UInt8?) throws(SnapError) -> [UInt8] {
        var log = last.chain?.log ?? []
        if log.isEmpty { log = Array(hexadecimal(try randomBytes(8)).utf8) }
        let previous = last.digest ?? [UInt8](repeating: 0, count: 32)
        var line = CustodyLine()
        if byte != nil && byte != lineFeed { line.bytes.append(lineFeed) }
        line.add(Self.beginning)
        line.bytes += log
        line.add(Self.numberKey, (last.chain?.number ?? 0) + 1)
        line.add(#","previous":"#, hexadecimal(previous))
        line.add(#","time":"#, takenAt.description)
        line.add(#","user":"#, LiveSystem.userName)
        line.add(#","host":"#, host)
        line.add(#","host_id":"#, hostID)
        line.add(#","file":"#, file)
        line.add(#","size":"#, Int64(size))
        line.add(#","sha256":"#, hexadecimal(digest))
        line.add(#","signature":"#, signature)
        line.add(#","generator":"#, "census \(generator)")
        line.add("}\n")
        return line.bytes
    }
}

/// A line being written. Its functions stay small because they are not inlined.
private struct CustodyLine {
    var bytes: [UInt8] = []

    @inline(never)
    mutating func add(_ text: StaticString) { bytes += sshText(text) }

    @inline(never)
    mutating func add(_ key: StaticString, _ text: String?) {
        add(key)
        guard let text else { return add("null") }
        appendJSON(Array(text.utf8), to: &bytes)
    }

    @inline(never)
    mutating func add(_ key: StaticString, _ number: Int64) {
        add(key)
        bytes += Array(String(number).utf8)
    }
}

private let lineFeed = UInt8(ascii: "\n")
