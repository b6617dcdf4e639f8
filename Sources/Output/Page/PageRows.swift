import Database
import Text

/// The bytes that a page has left for what it does not show at first: further rows, and the views of
/// hosts.
final class PageRoom {
    private(set) var bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    /// What one table may take: half, so that a long one leaves room for those behind it.
    var share: Int { bytes / 2 }

    func take(_ count: Int) { bytes -= count }
}

/// Rows as JSON for the page's script: an array for each. In it `true` stands for the value above, and an
/// array has the digits of an integer that JavaScript would not keep.
struct PageRows {
    private let columns: Int
    private let room: PageRoom
    private var left: Int
    /// By column: the JSON of the value in the row above.
    private var above: [[UInt8]]
    /// The same of the row that is being written.
    private var present: [[UInt8]]
    /// The number of rows that were written.
    private(set) var count = 0
    /// Whether there was no room for a row.
    private(set) var isCut = false

    init(columns: Int, in room: PageRoom) {
        self.columns = columns
        self.room = room
        left = room.share
        above = Array(repeating: [], count: columns)
        present = above
    }

    /// Adds a row, unless there is no room for it or for one before it.
    mutating func add(_ row: any Row, to output: inout [UInt8]) {
        if isCut { return }
        let start = output.count
        output += (count == 0 ? "[" : ",\n[").utf8
        for column in 0..<columns {
            if column > 0 { output.append(UInt8(ascii: ",")) }
            present[column].removeAll(keepingCapacity: true)
            Self.appendJSON(of: row, column, to: &present[column])
            if present[column].count > 4 && present[column] == above[column] {
                output += "true".utf8
            } else {
                output += present[column]
            }
        }
        output.append(UInt8(ascii: "]"))
        let size = output.count - start
        guard size <= left else {
            isCut = true
            output.removeSubrange(start...)
            return
        }
        left -= size
        room.take(size)
        swap(&above, &present)
        count += 1
    }

    private static func appendJSON(of row: any Row, _ column: Int, to json: inout [UInt8]) {
        let kind = row.append(column, to: &json)
        switch kind {
        case .null: json += "null".utf8
        // JavaScript keeps integers of 15 digits.
        case .integer: if json.count > 15 { json = Array("[\"".utf8) + json + Array("\"]".utf8) }
        case .text:
            let text = json
            json.removeAll(keepingCapacity: true)
            appendScriptJSON(distinctFromUnknown(text), to: &json)
        }
    }
}
