/// A value that is bound to a statement.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)

    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
    package init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    package init(_ boolean: Bool?) { self = boolean.map { .integer($0 ? 1 : 0) } ?? .null }
}
