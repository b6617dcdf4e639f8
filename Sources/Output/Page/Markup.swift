import Text

/// HTML or SVG as UTF-8. A literal is markup; an interpolated value is text and is always escaped.
/// This file is the only place where names are escaped.
///
/// Control characters and invisible ones are shown as escapes, as in tables.
package struct Markup: ExpressibleByStringInterpolation, Sendable {
    /// The bytes.
    package private(set) var utf8: [UInt8] = []

    /// Creates empty markup.
    package init() {}

    /// Creates markup from a literal, without escaping.
    package init(stringLiteral markup: String) { utf8 = Array(markup.utf8) }

    /// Creates markup from a literal with escaped values.
    package init(stringInterpolation: StringInterpolation) { utf8 = stringInterpolation.utf8 }

    /// Markup that is part of this program: a style sheet, a script.
    init(trusted utf8: [UInt8]) { self.utf8 = utf8 }

    /// Distinguishes markup, which is literal, from text, which is interpolated.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var utf8: [UInt8] = []

        /// Reserves capacity.
        package init(literalCapacity: Int, interpolationCount: Int) {
            utf8.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Appends markup without escaping.
        package mutating func appendLiteral(_ markup: String) { utf8 += markup.utf8 }

        /// Appends markup without escaping.
        package mutating func appendInterpolation(_ markup: Markup) { utf8 += markup.utf8 }

        /// Appends a text, escaped.
        package mutating func appendInterpolation(_ text: String) {
            appendEscaped(text.carriedBytes, to: &utf8)
        }

        /// Appends a text, escaped.
        /// - Parameter text: UTF-8; bytes that are not part of it are shown as escapes.
        package mutating func appendInterpolation(utf8 text: [UInt8]) {
            appendEscaped(text, to: &utf8)
        }

        /// Appends an integer.
        package mutating func appendInterpolation(_ number: Int) {
            utf8.append(digitsOf: Int64(number))
        }

        /// Appends a coordinate, rounded to a tenth.
        package mutating func appendInterpolation(_ coordinate: Double) {
            // NaN, infinities and values out of range become 0.
            let tenths = Int(exactly: (coordinate * 10).rounded()) ?? 0
            if tenths < 0 { utf8.append(UInt8(ascii: "-")) }
            utf8.append(digitsOf: Int64(tenths.magnitude / 10))
            if !tenths.isMultiple(of: 10) {
                utf8.append(UInt8(ascii: "."))
                utf8.append(digitsOf: Int64(tenths.magnitude % 10))
            }
        }
    }

    /// Appends markup.
    package static func += (markup: inout Markup, other: Markup) { markup.utf8 += other.utf8 }

    /// Concatenates markup.
    package static func + (first: Markup, second: Markup) -> Markup {
        Markup(trusted: first.utf8 + second.utf8)
    }
}

/// Appends text escaped for an HTML or XML element, or for an attribute in double quotes. Control
/// and invisible characters, most of which are not allowed in XML, are shown as escapes.
/// - Parameters:
///   - text: as UTF-8.
///   - apostrophes: whether `'` is escaped, as needed in an attribute in single quotes.
package func appendEscaped(
    _ text: [UInt8], apostrophes: Bool = true, to output: inout [UInt8]
) {
    func entity(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'") where apostrophes: "&#39;"
        default: nil
        }
    }
    let start = output.count
    appendVisible(text, to: &output)
    if output[start...].allSatisfy({ entity($0) == nil }) { return }
    let visible = Array(output[start...])
    output.removeSubrange(start...)
    for byte in visible {
        if let entity = entity(byte) { output += entity.utf8 } else { output.append(byte) }
    }
}

/// Appends text as a JSON string for a `<script>` element, which no text can end. Control and invisible
/// characters are shown as escapes, as in the other text of a page.
/// - Parameter text: as UTF-8.
func appendScriptJSON(_ text: [UInt8], to output: inout [UInt8]) {
    if text.allSatisfy(isPlainInScript) {
        output.append(UInt8(ascii: "\""))
        output += text
        output.append(UInt8(ascii: "\""))
        return
    }
    var visible: [UInt8] = []
    appendVisible(text, to: &visible)
    let start = output.count
    appendJSON(visible, to: &output)
    if !output[start...].contains(UInt8(ascii: "<")) { return }
    let json = Array(output[start...])
    output.removeSubrange(start...)
    for byte in json {
        if byte == UInt8(ascii: "<") { output += "\\u003C".utf8 } else { output.append(byte) }
    }
}

/// Whether a byte stands for itself in a JSON string of a `<script>` element.
private func isPlainInScript(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"): false
    default: 0x20...0x7E ~= byte
    }
}

/// `1,797`.
func grouped(_ number: Int) -> String {
    var groups: [Substring] = []
    var digits = String(number.magnitude)[...]
    while digits.count > 3 {
        groups.insert(digits.suffix(3), at: 0)
        digits = digits.dropLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

/// `1 server`, `1,797 servers`.
func grouped(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}
