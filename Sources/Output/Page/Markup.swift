import Text

/// HTML or SVG, as UTF-8. What stands in a literal is markup; what is interpolated is text, and can
/// be nothing else: this is the only place where names are escaped.
///
/// Control characters and invisible ones are shown as escapes, as in tables.
package struct Markup: ExpressibleByStringInterpolation, Sendable {
    package private(set) var utf8: [UInt8] = []

    package init() {}

    package init(stringLiteral markup: String) { utf8 = Array(markup.utf8) }

    package init(stringInterpolation: StringInterpolation) { utf8 = stringInterpolation.utf8 }

    /// Markup that is part of this program: a style sheet, a script.
    init(trusted utf8: [UInt8]) { self.utf8 = utf8 }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var utf8: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            utf8.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        package mutating func appendLiteral(_ markup: String) { utf8 += markup.utf8 }

        package mutating func appendInterpolation(_ markup: Markup) { utf8 += markup.utf8 }

        package mutating func appendInterpolation(_ text: String) {
            appendEscaped(Array(text.utf8), to: &utf8)
        }

        package mutating func appendInterpolation(_ number: Int) {
            utf8.append(digitsOf: Int64(number))
        }

        /// To a tenth, as much as a picture needs.
        package mutating func appendInterpolation(_ coordinate: Double) {
            // What is no number, or beyond all pictures, is 0.
            let tenths = Int(exactly: (coordinate * 10).rounded()) ?? 0
            if tenths < 0 { utf8.append(UInt8(ascii: "-")) }
            utf8.append(digitsOf: Int64(tenths.magnitude / 10))
            if !tenths.isMultiple(of: 10) {
                utf8.append(UInt8(ascii: "."))
                utf8.append(digitsOf: Int64(tenths.magnitude % 10))
            }
        }
    }

    package static func += (markup: inout Markup, other: Markup) { markup.utf8 += other.utf8 }

    package static func + (first: Markup, second: Markup) -> Markup {
        Markup(trusted: first.utf8 + second.utf8)
    }
}

/// Appends text as HTML has it in an element or in a quoted attribute.
/// - Parameter text: as UTF-8.
func appendEscaped(_ text: [UInt8], to output: inout [UInt8]) {
    let start = output.count
    appendVisible(text, to: &output)
    let isPlain = output[start...].allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            false
        default: true
        }
    }
    if isPlain { return }
    let visible = Array(output[start...])
    output.removeSubrange(start...)
    for byte in visible {
        switch byte {
        case UInt8(ascii: "&"): output += "&amp;".utf8
        case UInt8(ascii: "<"): output += "&lt;".utf8
        case UInt8(ascii: ">"): output += "&gt;".utf8
        case UInt8(ascii: "\""): output += "&quot;".utf8
        case UInt8(ascii: "'"): output += "&#39;".utf8
        default: output.append(byte)
        }
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
