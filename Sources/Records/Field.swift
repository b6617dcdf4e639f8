package import Text

/// The declaration of one field of a record. The writer, the reader, the loader, `census diff` and
/// the description of the format use it; there is no other list of fields.
package struct Field: Sendable {
    /// Whether a line has the field's key.
    package enum Presence: Sendable {
        /// Always, with a value.
        case required
        /// Always; `null` if the collector does not know the value.
        case nullable
        /// Only if the collector knows the value. A reader treats `null` as an absent key.
        case optional
    }

    /// The form of a text.
    package enum TextForm: Sendable {
        /// At most `SnapshotLimits.nameScalars` Unicode scalars. The writer truncates longer text.
        case name
        /// At most `SnapshotLimits.textBytes` bytes of UTF-8. The writer truncates longer text.
        case text
        /// A UUID in lower case.
        case uuid
        /// A time in UTC: `2026-11-23T05:13:11Z` (RFC 3339).
        case moment
    }

    /// A column of `Executions`, or of the table of a kind of listed records.
    package struct Column: Sendable {
        /// The name of the column.
        package let name: StaticString
        /// Whether Unix seconds are stored as an SQL date and time in UTC; those that have none are
        /// stored as unknown.
        package let isMoment: Bool
    }

    /// The key in a line of a snapshot.
    package let key: StaticString
    /// Whether a line has the key.
    package let presence: Presence
    /// Applies to text, and to each element of a list of texts.
    package private(set) var form = TextForm.name
    // A collector only writes: it has no use for the rest, which would take a tenth of it.
    #if !hasFeature(Embedded)
        /// The integers that a reader accepts.
        package private(set) var range = Int64.min...Int64.max
        /// The column that holds the value: of `Executions`, or of the table of a kind of listed
        /// records. Nil if the database does not keep the value, or the loader stores it by itself.
        /// A list of texts is stored as one text, separated by a comma and a space.
        package private(set) var column: Column?
        /// The name under which `census diff` shows a change of the column's value. Nil if it
        /// ignores the value or, for a listed record, if the value identifies an item.
        package private(set) var comparedAs: StaticString?
        /// Whether a listed record's value neither identifies an item nor is compared: it changes
        /// in the usual course of things.
        package private(set) var isVolatile = false
        /// Whether a listed record without the value has none, and not an unknown one.
        package private(set) var isNoneIfAbsent = false
        /// The meaning of the value, as a phrase without a full stop.
        package let meaning: StaticString
    #endif

    private init(_ key: StaticString, _ presence: Presence, _ meaning: StaticString) {
        self.key = key
        self.presence = presence
        #if !hasFeature(Embedded)
            self.meaning = meaning
        #endif
    }

    /// A field that every record of its kind has.
    package static func required(_ key: StaticString, _ meaning: StaticString) -> Field {
        Field(key, .required, meaning)
    }

    /// A field that every record of its kind has, with `null` if the value is unknown.
    package static func nullable(_ key: StaticString, _ meaning: StaticString) -> Field {
        Field(key, .nullable, meaning)
    }

    /// A field that is omitted if the value is unknown.
    package static func optional(_ key: StaticString, _ meaning: StaticString) -> Field {
        Field(key, .optional, meaning)
    }

    /// A copy of the field with this form of text.
    package func form(_ form: TextForm) -> Field {
        var field = self
        field.form = form
        return field
    }

    /// A copy of the field that accepts only integers of this range.
    package func range(_ range: ClosedRange<Int64>) -> Field {
        var field = self
        #if !hasFeature(Embedded)
            field.range = range
        #endif
        return field
    }

    /// A copy of the field that is stored in a column of `Executions`, or of the table of its kind
    /// of listed records.
    package func column(_ name: StaticString, isMoment: Bool = false) -> Field {
        var field = self
        #if !hasFeature(Embedded)
            field.column = Column(name: name, isMoment: isMoment)
        #endif
        return field
    }
}

extension Field {
    /// A copy of the field whose changes `census diff` shows under this name.
    package func compared(as name: StaticString) -> Field {
        var field = self
        #if !hasFeature(Embedded)
            field.comparedAs = name
        #endif
        return field
    }

    /// A copy of the field of a listed record whose changes are no difference: the time of the last
    /// login.
    package func volatile() -> Field {
        var field = self
        #if !hasFeature(Embedded)
            field.isVolatile = true
        #endif
        return field
    }

    /// A copy of the field of a listed record which a record lacks if there is no such value, and
    /// not because it is unknown: the comment of a key.
    package func noneIfAbsent() -> Field {
        var field = self
        #if !hasFeature(Embedded)
            field.isNoneIfAbsent = true
        #endif
        return field
    }
}

extension ClosedRange<Int64> {
    /// The range of counts and ids.
    package static var counts: ClosedRange<Int64> { 0...Int64.max }
}

/// The value of a field, whatever its type.
package enum FieldValue: Sendable {
    /// The collector does not know the value.
    case unknown
    /// A number without a fraction.
    case integer(Int64)
    /// True or false.
    case boolean(Bool)
    /// Text in valid UTF-8.
    case text(String)
    /// Text that may not be valid UTF-8; its bytes are then stored in base64 under the field's key
    /// with the suffix `_base64`.
    case bytes(RawText)
    /// A list of texts.
    case texts([String])
}

/// The JSON type of the values of a field.
///
/// `bytes` is text that may not be valid UTF-8, and `texts` an array of texts.
package enum FieldType: Sendable { case integer, boolean, text, bytes, texts }

/// A type of fields.
package protocol FieldConvertible {
    /// The JSON type of its values.
    static var fieldType: FieldType { get }
    /// The value for a writer.
    var fieldValue: FieldValue { get }
    /// Converts a value.
    /// - Returns: nil if a field of this type cannot have the value.
    init?(_ value: FieldValue)
}

/// Visits each field of a record, in the order of a line.
///
/// `Record.visitFields` calls it. A visitor that writes reads the value; one that reads sets it.
package protocol FieldVisitor {
    /// The error that ends the visit; `Never` if none does.
    associatedtype Failure: Error
    /// Visits one field.
    mutating func visit<Value: FieldConvertible>(
        _ value: inout Value, _ field: Field
    ) throws(Failure)
}

/// A kind of record: a line of a snapshot.
package protocol Record: Sendable {
    /// The value of the key `record`.
    static var kind: StaticString { get }

    /// A record with no facts.
    init()

    /// Counts a record of the kind in `end`, if `end` has a count for it.
    static func count(in end: inout EndRecord)

    /// Declares the fields: passes each of them to the visitor.
    mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure)
}

extension Record {
    /// Does nothing: `end` does not count records of the kind.
    package static func count(in end: inout EndRecord) {}
}

extension Int64: FieldConvertible {
    /// `integer`.
    package static var fieldType: FieldType { .integer }
    /// The value itself.
    package var fieldValue: FieldValue { .integer(self) }
    /// Fails for a value of another case than `integer`.
    package init?(_ value: FieldValue) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
}

extension Bool: FieldConvertible {
    /// `boolean`.
    package static var fieldType: FieldType { .boolean }
    /// The value itself.
    package var fieldValue: FieldValue { .boolean(self) }
    /// Fails for a value of another case than `boolean`.
    package init?(_ value: FieldValue) {
        guard case .boolean(let boolean) = value else { return nil }
        self = boolean
    }
}

extension String: FieldConvertible {
    /// `text`.
    package static var fieldType: FieldType { .text }
    /// The value itself.
    package var fieldValue: FieldValue { .text(self) }
    /// Fails for a value of another case than `text`.
    package init?(_ value: FieldValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension RawText: FieldConvertible {
    /// `bytes`.
    package static var fieldType: FieldType { .bytes }
    /// The value itself.
    package var fieldValue: FieldValue { .bytes(self) }
    /// Fails for a value of another case than `bytes`.
    package init?(_ value: FieldValue) {
        guard case .bytes(let text) = value else { return nil }
        self = text
    }
}

extension Timestamp: FieldConvertible {
    /// `text`.
    package static var fieldType: FieldType { .text }
    /// The time in UTC: `2026-11-23T05:13:11Z`.
    package var fieldValue: FieldValue { .text(description) }
    /// Fails for a value of another case than `text`.
    package init?(_ value: FieldValue) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }
}

extension [String]: FieldConvertible {
    /// `texts`.
    package static var fieldType: FieldType { .texts }
    /// The value itself.
    package var fieldValue: FieldValue { .texts(self) }
    /// Fails for a value of another case than `texts`.
    package init?(_ value: FieldValue) {
        guard case .texts(let texts) = value else { return nil }
        self = texts
    }
}

extension Optional: FieldConvertible where Wrapped: FieldConvertible {
    /// The type of the wrapped value.
    package static var fieldType: FieldType { Wrapped.fieldType }
    /// `unknown` for nil.
    package var fieldValue: FieldValue { self?.fieldValue ?? .unknown }
    /// Nil for `unknown`; fails for a value that the wrapped type does not accept.
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
