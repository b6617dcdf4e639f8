import Text

/// Writes JSON (RFC 8259), value by value. Members keep the order in which they are written.
///
///     var json = JSONWriter(indentation: 2)
///     json.begin(.object)
///     json.member("name", "census")
///     json.end()
package struct JSONWriter {
    /// A container of values.
    package enum Container: Sendable { case object, array }

    private struct Open {
        let container: Container
        let isOnOneLine: Bool
        var isEmpty = true
    }

    /// The bytes written so far.
    package var bytes: [UInt8] = []
    /// The indentation of each container's members, in spaces.
    private let indentation: Int
    private var open: [Open] = []
    private var isBehindKey = false

    /// - Parameter indentation: the indentation of each container's members, in spaces; 0 for none.
    package init(indentation: Int) { self.indentation = indentation }

    /// - Parameter onOneLine: whether all members are on one line; otherwise each has its own.
    package mutating func begin(_ container: Container, onOneLine: Bool = false) {
        beginValue()
        bytes.append(container == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
        open.append(Open(container: container, isOnOneLine: onOneLine))
    }

    /// Ends the innermost container.
    package mutating func end() {
        let last = open.removeLast()
        if !last.isEmpty && !last.isOnOneLine { newLine() }
        bytes.append(last.container == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    /// Writes the name of an object's member. Its value must follow.
    package mutating func key(_ name: String) {
        beginValue()
        appendJSON(name.utf8, to: &bytes)
        bytes += ": ".utf8
        isBehindKey = true
    }

    /// Writes the value `null`.
    package mutating func null() {
        beginValue()
        bytes += "null".utf8
    }

    /// - Parameter utf8: the UTF-8 bytes of a string.
    package mutating func text(_ utf8: some Sequence<UInt8>) {
        beginValue()
        appendJSON(utf8, to: &bytes)
    }

    /// Writes a string of bytes that need not be UTF-8. Each that is not part of it becomes one of the
    /// surrogates U+DC80 to U+DCFF, which no text has, as with Python's `surrogateescape`: the file is
    /// UTF-8, and texts that differ still do.
    package mutating func text(bytes text: [UInt8]) {
        if isUTF8(text) { return self.text(text) }
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        forEachPart(ofUTF8: text) { part, isUTF8 in
            if isUTF8 {
                var string: [UInt8] = []
                appendJSON(part, to: &string)
                bytes += string.dropFirst().dropLast()
            } else {
                for byte in part { bytes += "\\uDC\(hexadecimal(byte, digits: 2))".utf8 }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// - Parameter append: appends the digits of a number.
    package mutating func number(_ append: (inout [UInt8]) -> Void) {
        beginValue()
        append(&bytes)
    }

    /// Writes a string member; nil is `null`.
    package mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { self.text(bytes: text.carriedBytes) } else { null() }
    }

    /// Writes an integer member; nil is `null`.
    package mutating func member(_ name: String, _ integer: Int64?) {
        key(name)
        if let integer { number { $0 += String(integer).utf8 } } else { null() }
    }

    /// Writes a member that is a container, filled by `body`.
    package mutating func member(
        _ name: String, _ container: Container, _ body: (inout JSONWriter) -> Void
    ) {
        key(name)
        value(container, body)
    }

    /// A container, filled by `body`.
    package mutating func value(_ container: Container, _ body: (inout JSONWriter) -> Void) {
        begin(container)
        body(&self)
        end()
    }

    /// Writes the separator before a value or key.
    private mutating func beginValue() {
        if isBehindKey {
            isBehindKey = false
            return
        }
        guard let last = open.last else { return }
        let isFirst = last.isEmpty
        open[open.count - 1].isEmpty = false
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        if !last.isOnOneLine {
            newLine()
        } else if !isFirst {
            bytes.append(UInt8(ascii: " "))
        }
    }

    private mutating func newLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: open.count * indentation)
    }
}
