/// A pattern of ASCII with `*` and `?` but no sets, compared with the bytes of names. Capitals do not
/// count. It takes a tenth of the time of `Glob`, for dictionaries of 100,000 names.
package struct FoldedGlob: Sendable {
    /// Bytes in small letters; no name of ASCII has the two others.
    private let elements: [UInt8]
    private static let anyText: UInt8 = 0xFF
    private static let anyByte: UInt8 = 0xFE

    /// - Returns: nil if the pattern has a set, a backslash, or other characters than ASCII.
    package init?(_ pattern: String) {
        var elements: [UInt8] = []
        for byte in pattern.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "\\"), 0x80...: return nil
            case UInt8(ascii: "*"): elements.append(Self.anyText)
            case UInt8(ascii: "?"): elements.append(Self.anyByte)
            default: elements.append(Self.folded(byte))
            }
        }
        self.elements = elements
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// Whether the whole name matches; nil if it has other characters than ASCII.
    package func matches(_ name: ArraySlice<UInt8>) -> Bool? {
        for byte in name where byte >= 0x80 { return nil }
        var element = 0
        var position = name.startIndex
        // Of several `*`, only the last one that was met is ever tried again.
        var retryElement = -1
        var retryPosition = 0
        while position < name.endIndex {
            if element < elements.count {
                let wanted = elements[element]
                if wanted == Self.anyText {
                    element += 1
                    retryElement = element
                    retryPosition = position
                    continue
                }
                if wanted == Self.anyByte || wanted == Self.folded(name[position]) {
                    element += 1
                    position += 1
                    continue
                }
            }
            if retryElement < 0 { return false }
            element = retryElement
            retryPosition += 1
            position = retryPosition
        }
        while element < elements.count && elements[element] == Self.anyText { element += 1 }
        return element == elements.count
    }
}
