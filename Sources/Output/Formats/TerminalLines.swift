import Text

/// A sentence in lines of at most so many cells of a terminal, broken between words. A word that is wider
/// than a line is broken, too.
/// - Parameters:
///   - text: one line without its end.
///   - width: nil for any.
///   - indentation: of the lines after the first, if there is room for twice as much.
/// - Returns: the lines, each with a line feed.
func terminalLines(of text: [UInt8], width: Int?, indentation: Int = 0) -> [UInt8] {
    let space = UInt8(ascii: " ")
    guard let width, displayWidth(text) > width else { return text + "\n".utf8 }
    let margin = [UInt8](repeating: space, count: 2 * indentation <= width ? indentation : 0)
    var output: [UInt8] = []
    var line = Array(text.prefix { $0 == space })
    var hasWord = false
    func endLine() {
        output += line + "\n".utf8
        line = margin
        hasWord = false
    }
    for word in text.split(separator: space) {
        let separator = hasWord ? [space] : []
        if displayWidth(line + separator + word) <= width {
            line += separator + word
            hasWord = true
            continue
        }
        if hasWord { endLine() }
        for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if hasWord && displayWidth(line + bytes) > width { endLine() }
            line += bytes
            hasWord = true
        }
    }
    if hasWord { endLine() }
    return output
}
