import Glibc

/// A `process` record as `SnapshotEncoder` writes it: the keys that it has in that order, no white
/// space, the strings ASCII without escapes. Most lines of most files are of this kind, and are read
/// in a sixth of the time that `JSONCursor` takes for them. What is not of this kind is for that one.
struct ProcessLine {
    private(set) var pid: UInt32 = 0
    /// Where the name stands in the text.
    private(set) var name = 0..<0
    /// Where the owner's name stands; empty if it is not known.
    private(set) var user = 0..<0
    private(set) var uid: Int?

    private let text: UnsafeBufferPointer<UInt8>
    private var index: Int

    /// - Parameter line: of `text`, without its line feed.
    /// - Returns: nil where the line is of another kind, be it well-formed or not.
    init?(_ line: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ limits: SnapshotLimits) {
        self.text = UnsafeBufferPointer(rebasing: text[..<line.upperBound])
        index = line.lowerBound
        guard take(#"{"record":"process","pid":"#), let pid = integer(),
            let pid = UInt32(exactly: pid), take(#","name":""#), let name = string(),
            name.count <= limits.nameScalars
        else { return nil }
        self.pid = pid
        self.name = name
        if take(#","parent":"#), integer() == nil { return nil }
        if take(#","uid":"#) {
            uid = integer()
            if uid == nil { return nil }
        }
        if take(#","user":""#) {
            guard let user = string(), user.count <= limits.nameScalars else { return nil }
            self.user = user
        }
        if take(#","start_time":"#), integer() == nil { return nil }
        if take(#","path":""#) {
            guard let path = string(), path.count <= limits.textBytes else { return nil }
        }
        guard take("}"), index == line.upperBound else { return nil }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard index + count <= text.count,
            memcmp(text.baseAddress! + index, word.utf8Start, count) == 0
        else { return false }
        index += count
        return true
    }

    /// A number from 0 on, of 18 digits at the most.
    private mutating func integer() -> Int? {
        let start = index
        var integer = 0
        while index < text.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = text[index] {
            integer = integer &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
            index += 1
        }
        let count = index - start
        if count == 0 || count > 18 || count > 1 && text[start] == UInt8(ascii: "0") { return nil }
        return integer
    }

    /// A string whose first quote has been taken.
    private mutating func string() -> Range<Int>? {
        let start = index
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return start..<index - 1 }
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\\") { return nil }
        }
        return nil
    }
}
