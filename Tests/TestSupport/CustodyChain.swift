import Crypto
import Foundation

/// The lines of a custody log, read in another way than census does.
public struct CustodyChain {
    /// The objects, in order; nil for a line that is none.
    public let records: [[String: Any]?]
    /// Lines whose digest of the line before is not right, counted from 1.
    public let broken: [Int]
    /// Whether the last line ends.
    public let isWhole: Bool

    public init(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        isWhole = lines.last?.isEmpty == true
        if isWhole { lines.removeLast() }
        records = lines.map {
            (try? JSONSerialization.jsonObject(with: Data($0))) as? [String: Any]
        }
        var previous = String(repeating: "0", count: 64)
        var broken: [Int] = []
        for (index, line) in lines.enumerated() {
            if let record = records[index], record["record"] as? String == "custody",
                record["previous"] as? String != previous
            {
                broken.append(index + 1)
            }
            previous = SHA256.hash(data: Data(line)).map { String(format: "%02x", $0) }.joined()
        }
        self.broken = broken
    }

    /// The numbers of the lines that are objects.
    public var numbers: [Int] { records.compactMap { $0?["number"] as? Int } }
    /// The names of logs that its lines have.
    public var logs: Set<String> { Set(records.compactMap { $0?["log"] as? String }) }
    /// The names of the snapshots.
    public var files: [String] { records.compactMap { $0?["file"] as? String } }
}
