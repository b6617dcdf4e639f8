/// Text for a terminal: what would drive the terminal, reorder its line or be invisible on it is
/// shown as an escape sequence of C, so that a name can do nothing but be read. A backslash is shown
/// as it is: JSON and CSV are exact. A byte that the text carries is `\xFF`.
package func visible(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendVisible(text.carriedBytes, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// `visible` over UTF-8. A byte that is not part of it is shown as an escape, too: `\xFF`.
package func appendVisible(_ text: [UInt8], to output: inout [UInt8]) {
    if isPlainASCII(text) {
        output += text
        return
    }
    if let text = String(validating: text, as: UTF8.self) {
        appendVisible(text.unicodeScalars, to: &output)
        return
    }
    forEachPart(ofUTF8: text) { part, isUTF8 in
        if isUTF8 {
            appendVisible(String(decoding: part, as: UTF8.self).unicodeScalars, to: &output)
        } else {
            for byte in part { output += "\\x\(hexadecimal(byte, digits: 2))".utf8 }
        }
    }
}

private func appendVisible(_ scalars: String.UnicodeScalarView, to output: inout [UInt8]) {
    for scalar in scalars {
        switch scalar {
        case "\n": output += "\\n".utf8
        case "\r": output += "\\r".utf8
        case "\t": output += "\\t".utf8
        case _ where scalar.value < 0x100 && scalar.properties.generalCategory == .control:
            output += "\\x\(hexadecimal(scalar.value, digits: 2))".utf8
        case _ where isInvisible(scalar):
            output += "\\u\(hexadecimal(scalar.value, digits: 4))".utf8
        default: output += String(scalar).utf8
        }
    }
}

private func isPlainASCII(_ text: [UInt8]) -> Bool { text.allSatisfy { 0x20...0x7E ~= $0 } }

/// Format characters (bidirectional controls, joiners, tags), line and paragraph separators, and
/// what is not assigned.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate,
        .control:
        true
    default: false
    }
}

/// How many cells of a terminal the text takes, in any locale.
package func displayWidth(_ text: [UInt8]) -> Int {
    if isPlainASCII(text) { return text.count }
    return String(decoding: text, as: UTF8.self).unicodeScalars
        .reduce(0) { $0 + displayWidth(of: $1) }
}

private func displayWidth(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: 0
    default: isWide(scalar) ? 2 : 1
    }
}

/// The text, if it takes at most `width` cells of a terminal; else its beginning and `…`, which
/// together do.
/// - Parameter width: at least 1.
package func shortened(_ text: [UInt8], toWidth width: Int) -> [UInt8] {
    if displayWidth(text) <= width { return text }
    var beginning = String.UnicodeScalarView()
    var taken = 0
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        taken += displayWidth(of: scalar)
        if taken >= width { break }
        beginning.append(scalar)
    }
    return Array(String(beginning).utf8) + "…".utf8
}

/// The blocks of Unicode's EastAsianWidth.txt that are wide or full-width, emoji included.
private func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        true
    default: false
    }
}
