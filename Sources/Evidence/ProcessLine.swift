import Glibc
import Records

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

    private var index: Int

    /// - Parameter line: of `text`, without its line feed.
    /// - Returns: nil where the line is of another kind, be it well-formed or not.
    init?(_ line: Range<Int>, of text: Span<UInt8>, _ limits: SnapshotLimits) {
        let text = text.extracting(..<line.upperBound)
        index = line.lowerBound
        guard take(#"{"record":"process","pid":"#, text), let pid = integer(text),
            let pid = UInt32(exactly: pid), take(#","name":""#, text), let name = string(text),
            name.count <= limits.nameScalars
        else { return nil }
        self.pid = pid
        self.name = name
        if take(#","parent":"#, text), integer(text) == nil { return nil }
        if take(#","uid":"#, text) {
            uid = integer(text)
            if uid == nil { return nil }
        }
        if take(#","user":""#, text) {
            guard let user = string(text), user.count <= limits.nameScalars else { return nil }
            self.user = user
        }
        if take(#","start_time":"#, text), integer(text) == nil { return nil }
        if take(#","path":""#, text) {
            guard let path = string(text), path.count <= limits.textBytes else { return nil }
        }
        guard take("}", text), index == line.upperBound else { return nil }
    }

    // The next three go through every byte of a file. Each index has been held against the text's
    // end; to check it again, or to compare words in a loop, takes a sixth more of all of reading.

    @inline(__always)
    private mutating func take(_ word: StaticString, _ text: Span<UInt8>) -> Bool {
        let count = word.utf8CodeUnitCount
        let start = index
        guard start <= text.count - count else { return false }
        let isThere = unsafe text.withUnsafeBytes { text in
            unsafe memcmp(text.baseAddress! + start, word.utf8Start, count) == 0
        }
        if isThere { index = start + count }
        return isThere
    }

    /// A number from 0 on, of 18 digits at the most.
    @inline(__always)
    private mutating func integer(_ text: Span<UInt8>) -> Int? {
        let start = index
        var end = start
        var integer = 0
        while end < text.count {
            let digit = unsafe text[unchecked: end] &- UInt8(ascii: "0")
            if digit > 9 { break }
            integer = integer &* 10 &+ Int(digit)
            end += 1
        }
        index = end
        let count = end - start
        if count == 0 || count > 18 || count > 1 && text[start] == UInt8(ascii: "0") { return nil }
        return integer
    }

    /// A string whose first quote has been taken.
    @inline(__always)
    private mutating func string(_ text: Span<UInt8>) -> Range<Int>? {
        let start = index
        var end = start
        while end < text.count {
            let byte = unsafe text[unchecked: end]
            if byte == UInt8(ascii: "\"") {
                index = end + 1
                return start..<end
            }
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\\") { return nil }
            end += 1
        }
        return nil
    }
}
