/// A version of an operating system: parts between dots, such as `22.04` or `10.0.19045`.
///
/// Numeric parts compare as numbers, other parts by their bytes; a numeric part is less than any
/// other. A missing part is zero: `12` equals `12.0`.
struct SystemVersion: Comparable {
    private let parts: [Part]

    private enum Part: Comparable {
        /// Without leading zeros: a longer number is greater.
        case number(count: Int, digits: String)
        case text([UInt8])

        static func < (a: Part, b: Part) -> Bool {
            switch (a, b) {
            case (.number(let a, let aDigits), .number(let b, let bDigits)):
                a != b ? a < b : aDigits.utf8.lexicographicallyPrecedes(bDigits.utf8)
            case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
            case (.number, .text): true
            case (.text, .number): false
            }
        }
    }

    init(_ text: String) {
        var parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { bytes -> Part in
                if bytes.isEmpty
                    || !bytes.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
                {
                    return .text(Array(bytes))
                }
                let digits = bytes.drop { $0 == UInt8(ascii: "0") }
                return .number(count: digits.count, digits: String(decoding: digits, as: UTF8.self))
            }
        while parts.count > 1, parts.last == Self.zero { parts.removeLast() }
        self.parts = parts
    }

    private static let zero = Part.number(count: 0, digits: "")

    static func < (a: SystemVersion, b: SystemVersion) -> Bool {
        for index in 0..<max(a.parts.count, b.parts.count) {
            let (a, b) = (a.part(index), b.part(index))
            if a != b { return a < b }
        }
        return false
    }

    private func part(_ index: Int) -> Part { index < parts.count ? parts[index] : Self.zero }
}
