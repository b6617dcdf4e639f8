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
    /// The number of rows that were written.
    private(set) var count = 0
    /// Whether there was no room for a row.
    private(set) var isCut = false

    init(columns: Int, in room: PageRoom) {
        self.columns = columns
        self.room = room
        left = room.share
        above = Array(repeating: [], count: columns)
    }

    /// Adds a row, unless there is no room for it or for one before it.
    mutating func add(_ row: any Row, to output: inout [UInt8]) {
        if isCut { return }
        var json = Array((count == 0 ? "[" : ",\n[").utf8)
        var values: [[UInt8]] = []
        for column in 0..<columns {
            if column > 0 { json.append(UInt8(ascii: ",")) }
            let value = Self.json(of: row, column)
            json += value.count > 4 && value == above[column] ? Array("true".utf8) : value
            values.append(value)
        }
        json.append(UInt8(ascii: "]"))
        guard json.count <= left else {
            isCut = true
            return
        }
        left -= json.count
        room.take(json.count)
        above = values
        count += 1
        output += json
    }

    private static func json(of row: any Row, _ column: Int) -> [UInt8] {
        if row.isNull(column) { return Array("null".utf8) }
        var text: [UInt8] = []
        row.appendText(column, to: &text)
        // JavaScript keeps integers of 15 digits.
        if row.isInteger(column) {
            return text.count <= 15 ? text : Array("[\"".utf8) + text + Array("\"]".utf8)
        }
        var json: [UInt8] = []
        appendScriptJSON(distinctFromUnknown(text), to: &json)
        return json
    }
}
