import Crypto
import Evidence
import Foundation
import TestSupport

/// The facts of a snapshot that a database stores, in a form that can be compared.
private struct Contents: Equatable {
    var pids: [UInt32]
    /// Names and owners, in order.
    var names: [[UInt8]]
    var users: [[UInt8]]
    var rest: String

    init(_ snapshot: Snapshot) {
        let text = snapshot.processes.text
        pids = snapshot.processes.rows.map(\.pid)
        names = snapshot.processes.rows.flatMap { row in
            [Array(text[row.name]), Array(text[row.user]), Array("\(row.uid ?? -1)".utf8)]
        }
        users = snapshot.users.map { Array($0.utf8) }
        rest =
            "\(snapshot.header) \(snapshot.host) \(snapshot.osVersion) \(snapshot.cpuInfo) "
            + "\(String(describing: snapshot.collection)) \(snapshot.sha256)"
    }
}

/// The buffers of the last reading: allocating new ones would take longer than most readings.
private final class KeptBuffers: @unchecked Sendable {
    // Unchecked: the user holds the lock.
    static let shared = KeptBuffers()
    private let lock = NSLock()
    private var buffers: SnapshotBuffers?

    func take() -> SnapshotBuffers {
        lock.lock()
        defer { lock.unlock() }
        return buffers.take() ?? SnapshotBuffers()
    }

    func keep(_ used: consuming SnapshotBuffers) {
        lock.lock()
        defer { lock.unlock() }
        buffers = consume used
    }
}

private struct Reading {
    var snapshots: [Contents] = []
    var error: SnapshotError?
    var digest: String?

    init(_ input: consuming EvidenceInput) {
        var file = SnapshotFile(input, buffers: KeptBuffers.shared.take())
        do throws(SnapshotError) {
            while let snapshot = try file.next() { snapshots.append(Contents(snapshot)) }
        } catch {
            self.error = error
        }
        do throws(SnapshotError) { digest = try file.finishDigest() } catch {
            fatalError("\(error)")  // a file written above
        }
        KeptBuffers.shared.keep(file.close())
    }

    init(_ bytes: [UInt8]) { self.init(Evidence.whole(bytes)) }
}

// MARK: Files

func fileFailure(_ bytes: [UInt8]) -> String? {
    let whole = Reading(bytes)
    let pieces = Reading(Evidence.inPieces(bytes))
    if whole.digest != pieces.digest { return "digests \(whole.digest!), \(pieces.digest!)" }
    if whole.error == pieces.error && whole.snapshots == pieces.snapshots { return nil }
    let isGzip = bytes.first == 0x1F
    // An error after bad gzip data may be found before that of the data itself.
    if isGzip && whole.error != nil && pieces.error != nil { return nil }
    // A complete member is decompressed by libdeflate, which accepts some codes that zlib refuses.
    if isGzip && pieces.error?.reason.contains("gzip data is damaged") == true { return nil }
    return """
        at once: \(whole.snapshots.count) snapshots, \(String(describing: whole.error))
        in pieces: \(pieces.snapshots.count) snapshots, \(String(describing: pieces.error))
        """
}

// MARK: Lines

func linesFailure(_ bytes: [UInt8]) -> String? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .map { Array($0) }
    return failure(of: lines)
}

func lineFailure(_ bytes: [UInt8]) -> String? {
    let line = bytes.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    if let failure = failure(of: head + [line]) { return failure }
    // No usual line begins with a space.
    let usual = Reading(file(head + [line]))
    var other = Reading(file(head + [[UInt8(ascii: " ")] + line]))
    for index in other.snapshots.indices {
        other.snapshots[index].rest = usual.snapshots.first?.rest ?? ""  // the digest differs
    }
    if usual.error != other.error || usual.snapshots != other.snapshots {
        return "usual: \(usual)\nother: \(other)"
    }
    return nil
}

private let head = SnapshotText(processes: []).lines.map { Array($0.utf8) }

/// A file of the lines followed by an `end` with the correct digest, and the numbers of processes
/// and users that `JSONDecoder` finds.
private func file(_ lines: [[UInt8]]) -> [UInt8] {
    let text = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    let records = lines.map { foundationValue($0)?["record"] }
    func count(_ record: String) -> Int {
        records.count { $0 == .string(Array(record.utf8)) }
    }
    let digest = SHA256.hash(data: text).map { String(format: "%02x", $0) }.joined()
    let end = """
        {"record":"end","processes":\(count("process")),"users":\(count("user")),\
        "sha256":"\(digest)"}\n
        """
    return text + end.utf8
}

private func failure(of lines: [[UInt8]]) -> String? {
    let values = lines.map(foundationValue)
    let reading = Reading(file(lines))
    guard let error = reading.error else { return difference(reading, lines, values) }
    guard let line = error.line, lines.indices.contains(line - 1) else { return nil }
    let isCalledMalformed = error.reason.hasPrefix("not JSON")
    if isCalledMalformed && values[line - 1] != nil
        && !mayDiffer(fromFoundation: lines[line - 1], isTaken: false)
    {
        return "refused, but well-formed: \(error)"
    }
    return nil
}

/// Compares the accepted values with those of `JSONDecoder`.
private func difference(
    _ reading: Reading, _ lines: [[UInt8]], _ values: [JSONValue?]
) -> String? {
    for (line, value) in zip(lines, values) where value == nil {
        if !mayDiffer(fromFoundation: line, isTaken: true) {
            return "taken, but malformed: \(String(decoding: line, as: UTF8.self))"
        }
    }
    // Numbers outside the range of `Double` make a line unusable for the comparison.
    if values.contains(where: { $0 == nil }) || reading.snapshots.count != 1 { return nil }
    func rows(_ record: String) -> [JSONValue] {
        values.compactMap(\.self).filter { $0["record"] == .string(Array(record.utf8)) }
    }
    let processes = rows("process")
    let snapshot = reading.snapshots[0]
    if snapshot.pids.map({ JSONValue.integer(Int($0)) }) != processes.map({ $0["pid"] }) {
        return "PIDs: \(snapshot.pids)"
    }
    for (index, process) in processes.enumerated() {
        let owner = process["user"] == .null ? .string([]) : process["user"] ?? .string([])
        let uid = process["uid"] == .null ? .integer(-1) : process["uid"] ?? .integer(-1)
        guard process["name"] == .string(snapshot.names[index * 3]),
            owner == .string(snapshot.names[index * 3 + 1]),
            case .integer(let number) = uid,
            Array("\(number)".utf8) == snapshot.names[index * 3 + 2]
        else { return "process \(index): \(process)" }
    }
    if snapshot.users.map({ JSONValue.string($0) }) != rows("user").map({ $0["user"] }) {
        return "users: \(snapshot.users)"
    }
    return nil
}

extension JSONValue {
    /// The value of a key of an object; nil if absent.
    fileprivate subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[Array(key.utf8)]
    }
}
