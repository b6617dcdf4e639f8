import Text

/// A value that is bound to a statement, or read from a row.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    /// A text, which may carry bytes; see `String.init(carrying:)`.
    case text(String)
    /// A text that is not UTF-8, as another program may have stored it.
    case bytes([UInt8])

    /// An integer; nil is `null`.
    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
    /// An integer; nil is `null`.
    package init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
    /// A text; nil is `null`.
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    /// A text of bytes that are UTF-8 by custom only; nil is `null`.
    package init(bytes: [UInt8]?) {
        guard let bytes else {
            self = .null
            return
        }
        self = String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(bytes)
    }
    /// 1 or 0; nil is `null`.
    package init(_ boolean: Bool?) { self = boolean.map { .integer($0 ? 1 : 0) } ?? .null }
}

extension [Value]: Row {
    /// Whether the column is NULL.
    package func isNull(_ column: Int) -> Bool { self[column] == .null }

    /// Whether the column is an integer.
    package func isInteger(_ column: Int) -> Bool {
        if case .integer = self[column] { true } else { false }
    }

    /// Appends the bytes of a column: a number in digits, NULL as nothing.
    package func appendText(_ column: Int, to bytes: inout [UInt8]) {
        switch self[column] {
        case .null: break
        case .integer(let integer): bytes += String(integer).utf8
        case .text(let text): bytes += text.carriedBytes
        case .bytes(let text): bytes += text
        }
    }
}
