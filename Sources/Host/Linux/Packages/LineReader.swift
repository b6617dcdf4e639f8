import CHost

/// The lines of a file, one after the other, in bounded memory. Of a line that is longer than the
/// buffer only the beginning is seen.
struct LineReader: ~Copyable {
    private let file: HostFile
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var next = 0
    private var end = 0
    private var total: Int64 = 0
    /// The line, without its end, as a part of the buffer.
    private var line = 0..<0
    /// Whether the last line had no end: the file was not written whole.
    private(set) var isCut = false

    init(_ file: consuming HostFile) { self.file = file }

    /// Goes to the next line.
    /// - Returns: false at the end of the file.
    @inline(never)
    mutating func advance() throws(SourceFailure) -> Bool {
        var searched = next
        /// The end of the beginning of a line that fills the buffer.
        var kept: Int?
        while true {
            searched += indexOfLineEnd(in: searched..<end)
            if searched < end {
                line = next..<(kept ?? searched)
                next = searched + 1
                return true
            }
            if next > 0 {
                for index in next..<end { buffer[index - next] = buffer[index] }
                (searched, end, next) = (searched - next, end - next, 0)
            } else if end == buffer.count {
                kept = end / 2
                (searched, end) = (end / 2, end / 2)
            }
            let count: Int
            do throws(HostError) { count = try file.read(into: &buffer, at: end) } catch {
                throw SourceFailure(error)
            }
            total += Int64(count)
            if total > PackageLimits.textBytes { throw .tooLarge }
            if count == 0 {
                if end == 0 { return false }
                isCut = true
                line = 0..<(kept ?? end)
                (next, end) = (0, 0)
                return true
            }
            end += count
        }
    }

    /// The index of the first line end in a part of the buffer, from the part's start on; the length
    /// of the part if there is none.
    private func indexOfLineEnd(in range: Range<Int>) -> Int {
        unsafe buffer[range].withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe Int(
                census_index_of(start, Int64(bytes.count), UInt8(ascii: "\n")))
        }
    }

    /// Whether the line has no characters.
    var isEmpty: Bool { line.isEmpty }

    /// A byte of the line; nil behind its end.
    func byte(_ index: Int) -> UInt8? { index < line.count ? buffer[line.lowerBound + index] : nil }

    /// The words of the line, which blanks separate.
    @inline(never)
    func words() -> [ArraySlice<UInt8>] { Array(buffer[line]).split(separator: 0x20) }

    /// Whether the line is `NAME:` and a value, as in a Debian control file.
    var isField: Bool {
        var index = line.lowerBound
        while index < line.upperBound, buffer[index] > 0x20, buffer[index] != UInt8(ascii: ":") {
            index += 1
        }
        return index > line.lowerBound && colon(from: index) != nil
    }

    /// The value of a field of a Debian control file, deb822(5), without blanks around it; nil if the
    /// line is of another. Capitals do not count, and blanks may be before the colon.
    /// - Parameter name: in small letters.
    @inline(never)
    func field(_ name: StaticString) -> [UInt8]? {
        let count = name.utf8CodeUnitCount
        guard line.count > count else { return nil }
        let isName = name.withUTF8Buffer { name in
            for index in 0..<count {
                let byte = buffer[line.lowerBound + index]
                let small = 0x41...0x5A ~= byte ? byte | 0x20 : byte
                if unsafe small != name[index] { return false }
            }
            return true
        }
        guard isName, let colon = colon(from: line.lowerBound + count) else { return nil }
        return trimmed(colon + 1)
    }

    /// The index of the colon that comes next in the line, but for blanks.
    private func colon(from start: Int) -> Int? {
        var index = start
        while index < line.upperBound, isBlank(buffer[index]) { index += 1 }
        return index < line.upperBound && buffer[index] == UInt8(ascii: ":") ? index : nil
    }

    /// What follows `label` in the line, without blanks around it; nil if the line begins otherwise.
    @inline(never)
    func value(_ label: StaticString) -> [UInt8]? {
        let count = label.utf8CodeUnitCount
        guard line.count >= count else { return nil }
        let isLabel = label.withUTF8Buffer { label in
            for index in 0..<count where unsafe buffer[line.lowerBound + index] != label[index] {
                return false
            }
            return true
        }
        return isLabel ? trimmed(line.lowerBound + count) : nil
    }

    private func trimmed(_ start: Int) -> [UInt8] {
        var (start, end) = (start, line.upperBound)
        while start < end, isBlank(buffer[start]) { start += 1 }
        while start < end, isBlank(buffer[end - 1]) { end -= 1 }
        return Array(buffer[start..<min(end, start + PackageLimits.valueBytes)])
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D) ~= byte }

extension [UInt8] {
    /// The rest of the first line that begins with `label`, without blanks around it. The label may
    /// be a line of its own, with its end.
    @inline(never)
    func value(_ label: StaticString) -> [UInt8]? {
        let length = label.utf8CodeUnitCount
        var start = 0
        while start + length <= count {
            let isLabel = label.withUTF8Buffer { label in
                for index in 0..<length where unsafe self[start + index] != label[index] {
                    return false
                }
                return true
            }
            var end = start + (isLabel ? length : 0)
            while end < count, self[end] != UInt8(ascii: "\n") { end += 1 }
            if isLabel {
                start += length
                while start < end, isBlank(self[start]) { start += 1 }
                while start < end, isBlank(self[end - 1]) { end -= 1 }
                return Array(self[start..<Swift.min(end, start + PackageLimits.valueBytes)])
            }
            start = end + 1
        }
        return nil
    }

    /// Whether these are the bytes of `text`.
    @inline(never)
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasSuffix(text)
    }

    /// Whether those of `text` are somewhere among them.
    @inline(never)
    func contains(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return text.withUTF8Buffer { text in
            var start = 0
            while start + length <= count {
                var matching = 0
                while matching < length, unsafe self[start + matching] == text[matching] {
                    matching += 1
                }
                if matching == length { return true }
                start += 1
            }
            return false
        }
    }

    /// Whether they end with those of `text`.
    @inline(never)
    func hasSuffix(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        return text.withUTF8Buffer { text in
            for index in 0..<length where unsafe self[count - length + index] != text[index] {
                return false
            }
            return true
        }
    }
}
