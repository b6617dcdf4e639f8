import Database
import Evidence
import Records
import Text

/// The columns of `Executions` that hold fields of a snapshot's records, as the records declare
/// them.
struct ObservedColumns: FieldVisitor {
    typealias Failure = Never

    private var rows: Rows

    private init(_ rows: consuming Rows) { self.rows = rows }

    /// The columns, with the records and keys whose values they hold.
    static let origins: [ColumnOrigins.Origin] = {
        var columns = ColumnOrigins()
        columns.add(SnapshotHeader.self)
        columns.add(HostRecord.self)
        columns.add(OSVersionRecord.self)
        columns.add(CPUInfoRecord.self)
        columns.add(CollectionRecord.self)
        return columns.origins
    }()

    /// The names of the columns.
    static let names = origins.map(\.column)

    /// Appends a value for each of `names`.
    static func append(_ snapshot: Snapshot, to rows: inout Rows) {
        var columns = ObservedColumns(Rows(columnCount: 1))
        swap(&columns.rows, &rows)  // avoids a copy
        // In the order of `origins`.
        columns.append(snapshot.header)
        columns.append(snapshot.host)
        columns.append(snapshot.osVersion)
        columns.append(snapshot.cpuInfo)
        columns.append(snapshot.collection ?? CollectionRecord())
        swap(&columns.rows, &rows)
    }

    private mutating func append<Line: Record>(_ record: Line) {
        var record = record
        record.visitFields(&self)
    }

    mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
        guard let column = field.column else { return }
        switch value.fieldValue {
        case .unknown: rows.append(nil as String?)
        case .integer(let integer) where column.isMoment:
            // An impossible moment is not an unknown one.
            rows.append(Timestamp(nearestTo: integer).sqlText)
        case .integer(let integer): rows.append(integer)
        case .boolean(let boolean): rows.append(boolean)
        case .text(let text): rows.append(text)
        case .bytes(let text): rows.append(text.repaired)
        case .texts(let texts):
            // Sorted, since the order has no meaning.
            rows.append(
                texts.map(ExactText.init).sorted().map(\.text).joined(separator: ", "))
        }
    }
}

/// Collects which fields of which records have a column of `Executions`.
struct ColumnOrigins: FieldVisitor {
    typealias Failure = Never

    /// A column, and the record and the key whose value it holds.
    struct Origin {
        let column: String
        let record: String
        let key: String
    }

    private(set) var origins: [Origin] = []
    private var record = ""

    mutating func add<Line: Record>(_: Line.Type) {
        record = "\(Line.kind)"
        var line = Line()
        line.visitFields(&self)
    }

    mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
        guard let column = field.column else { return }
        origins.append(Origin(column: "\(column.name)", record: record, key: "\(field.key)"))
    }
}
