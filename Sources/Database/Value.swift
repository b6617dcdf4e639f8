/// A value that is bound to a statement, or shown in a row.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)

    /// Nil is `null`, here and in the next three.
    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
    package init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    package init(_ boolean: Bool?) { self = boolean.map { .integer($0 ? 1 : 0) } ?? .null }
}

extension [Value]: Row {
    package func isNull(_ column: Int) -> Bool { self[column] == .null }

    package func isInteger(_ column: Int) -> Bool {
        if case .integer = self[column] { true } else { false }
    }

    package func appendText(_ column: Int, to bytes: inout [UInt8]) {
        switch self[column] {
        case .null: break
        case .integer(let integer): bytes += String(integer).utf8
        case .text(let text): bytes += text.utf8
        }
    }
}
