import Glibc
import Records

/// A `process` record as written by `SnapshotEncoder`: keys in its order, no white space, strings
/// in ASCII without escape sequences. Most lines of most files have this form. It is parsed in a
/// sixth of the time that `JSONCursor` takes, which parses all other lines.
struct ProcessLine {
    private(set) var pid: UInt32 = 0
    /// The range of the name in the text.
    private(set) var name = 0..<0
    /// The range of the owner's name; empty if unknown.
    private(set) var user = 0..<0
    private(set) var uid: Int64?

    private var index: Int

    /// - Parameter line: the range of the line in `text`, without its line feed.
    /// - Returns: nil if the line has another form, valid or not.
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

    // The next three functions visit every byte of a file. Each index has been compared with the
    // end of the text. Checking it again, or comparing words in a loop, makes all of reading a
    // sixth slower.

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

    /// A number without a sign, of at most 18 digits.
    @inline(__always)
    private mutating func integer(_ text: Span<UInt8>) -> Int64? {
        let start = index
        var end = start
        var integer: Int64 = 0
        while end < text.count {
            let digit = unsafe text[unchecked: end] &- UInt8(ascii: "0")
            if digit > 9 { break }
            integer = integer &* 10 &+ Int64(digit)
            end += 1
        }
        index = end
        let count = end - start
        if count == 0 || count > 18 || count > 1 && text[start] == UInt8(ascii: "0") { return nil }
        return integer
    }

    /// A string whose opening quote has been consumed.
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
