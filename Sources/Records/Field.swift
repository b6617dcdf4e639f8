package import Text

/// What is declared of one field of a record. The writer, the reader, the loader, `census diff` and
/// the description of the format go by it; there is no other list of fields.
package struct Field: Sendable {
    /// Whether a line has the field's key.
    package enum Presence: Sendable {
        /// Always, with a value.
        case required
        /// Always; `null` where the collector does not know the value.
        case nullable
        /// Only where the collector knows the value. A reader takes `null` as an absent key.
        case optional
    }

    /// What a text may be.
    package enum TextForm: Sendable {
        /// At most `SnapshotLimits.nameScalars` Unicode scalars. The writer shortens what is longer.
        case name
        /// At most `SnapshotLimits.textBytes` bytes of UTF-8. The writer shortens what is longer.
        case text
        /// A UUID in lower case.
        case uuid
        /// A moment in UTC: `2026-11-23T05:13:11Z`.
        case moment
    }

    /// A column of `Executions`.
    package struct Column: Sendable {
        package let name: StaticString
        /// Whether Unix seconds are kept as a date and time of SQL, in UTC.
        package let isMoment: Bool
    }

    /// The key in a line of a snapshot.
    package let key: StaticString
    package let presence: Presence
    /// Applies to text, and to each element of a list of texts.
    package private(set) var form = TextForm.name
    /// The integers that a reader takes.
    package private(set) var range = Int.min...Int.max
    /// Where `Executions` holds the value; nil where another table or none does.
    package private(set) var column: Column?
    /// What `census diff` calls the value, which it takes from the column; nil where a change of it
    /// is no news.
    package private(set) var comparedAs: StaticString?
    /// What the value says, in a clause without a full stop.
    package let meaning: StaticString

    private init(_ key: StaticString, _ presence: Presence, _ meaning: StaticString) {
        self.key = key
        self.presence = presence
        self.meaning = meaning
    }

    /// A field that every record of its kind has.
    package static func required(_ key: StaticString, _ meaning: StaticString) -> Field {
        Field(key, .required, meaning)
    }

    /// A field that every record of its kind has, with `null` where the value is not known.
    package static func nullable(_ key: StaticString, _ meaning: StaticString) -> Field {
        Field(key, .nullable, meaning)
    }

    /// A field that is left out where the value is not known.
    package static func optional(_ key: StaticString, _ meaning: StaticString) -> Field {
        Field(key, .optional, meaning)
    }

    /// The same field, with text of this form.
    package func form(_ form: TextForm) -> Field {
        var field = self
        field.form = form
        return field
    }

    /// The same field, with integers of this range only.
    package func range(_ range: ClosedRange<Int>) -> Field {
        var field = self
        field.range = range
        return field
    }

    /// The same field, kept in a column of `Executions`.
    package func column(_ name: StaticString, isMoment: Bool = false) -> Field {
        var field = self
        field.column = Column(name: name, isMoment: isMoment)
        return field
    }
}

extension Field {
    /// The same field, with changes from one execution to the next shown by `census diff`.
    package func compared(as name: StaticString) -> Field {
        var field = self
        field.comparedAs = name
        return field
    }
}

extension ClosedRange<Int> {
    /// What counts and ids are.
    package static var counts: ClosedRange<Int> { 0...Int.max }
}

/// The value of a field, whatever its type.
package enum FieldValue: Sendable {
    /// The collector does not know it.
    case unknown
    case integer(Int)
    case boolean(Bool)
    case text(String)
    /// Text that need not be UTF-8; if it is not, its bytes stand beside it in base64, under the
    /// field's key with `_base64`.
    case bytes(RawText)
    case texts([String])
}

/// What the values of a field are, in JSON.
package enum FieldType: Sendable { case integer, boolean, text, bytes, texts }

/// A type that fields have.
package protocol FieldConvertible {
    static var fieldType: FieldType { get }
    var fieldValue: FieldValue { get }
    /// - Returns: nil where a field of this type cannot have the value.
    init?(_ value: FieldValue)
}

/// Does something with each field of a record, in the order in which a line has them.
///
/// `Record.visitFields` calls it. A visitor that writes reads the value; one that reads sets it.
package protocol FieldVisitor {
    associatedtype Failure: Error
    mutating func visit<Value: FieldConvertible>(
        _ value: inout Value, _ field: Field
    ) throws(Failure)
}

/// A kind of record: a line of a snapshot.
package protocol Record: Sendable {
    /// The value of the key `record`.
    static var kind: StaticString { get }

    /// A record of which nothing is known.
    init()

    /// Counts a record of the kind, where `end` says how many there are.
    static func count(in end: inout EndRecord)

    /// Declares the fields: shows each of them to the visitor.
    mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure)
}

extension Record {
    package static func count(in end: inout EndRecord) {}
}

extension Int: FieldConvertible {
    package static var fieldType: FieldType { .integer }
    package var fieldValue: FieldValue { .integer(self) }
    package init?(_ value: FieldValue) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
}

extension Bool: FieldConvertible {
    package static var fieldType: FieldType { .boolean }
    package var fieldValue: FieldValue { .boolean(self) }
    package init?(_ value: FieldValue) {
        guard case .boolean(let boolean) = value else { return nil }
        self = boolean
    }
}

extension String: FieldConvertible {
    package static var fieldType: FieldType { .text }
    package var fieldValue: FieldValue { .text(self) }
    package init?(_ value: FieldValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension RawText: FieldConvertible {
    package static var fieldType: FieldType { .bytes }
    package var fieldValue: FieldValue { .bytes(self) }
    package init?(_ value: FieldValue) {
        guard case .bytes(let text) = value else { return nil }
        self = text
    }
}

extension Timestamp: FieldConvertible {
    package static var fieldType: FieldType { .text }
    package var fieldValue: FieldValue { .text(description) }
    package init?(_ value: FieldValue) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }
}

extension [String]: FieldConvertible {
    package static var fieldType: FieldType { .texts }
    package var fieldValue: FieldValue { .texts(self) }
    package init?(_ value: FieldValue) {
        guard case .texts(let texts) = value else { return nil }
        self = texts
    }
}

extension Optional: FieldConvertible where Wrapped: FieldConvertible {
    package static var fieldType: FieldType { Wrapped.fieldType }
    package var fieldValue: FieldValue { self?.fieldValue ?? .unknown }
    package init?(_ value: FieldValue) {
        if case .unknown = value {
            self = .none
        } else if let wrapped = Wrapped(value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
}
