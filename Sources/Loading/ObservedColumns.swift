import Database
import Evidence
import Records
import Text

/// The columns of `Executions` that hold fields of a snapshot's records, as the records declare
/// them.
struct ObservedColumns: FieldVisitor {
    typealias Failure = Never

    private var names: [String] = []
    private var rows: Rows

    private init(_ rows: consuming Rows) { self.rows = rows }

    /// The names of the columns.
    static let names: [String] = {
        var columns = ObservedColumns(Rows(columnCount: 1))
        columns.visit(
            SnapshotHeader(), HostRecord(), OSVersionRecord(), CPUInfoRecord(), CollectionRecord())
        return columns.names
    }()

    /// Appends a value for each of `names`.
    static func append(_ snapshot: Snapshot, to rows: inout Rows) {
        var columns = ObservedColumns(Rows(columnCount: 1))
        swap(&columns.rows, &rows)  // avoids a copy
        columns.visit(
            snapshot.header, snapshot.host, snapshot.osVersion, snapshot.cpuInfo,
            snapshot.collection ?? CollectionRecord())
        swap(&columns.rows, &rows)
    }

    private mutating func visit(
        _ header: SnapshotHeader, _ host: HostRecord, _ osVersion: OSVersionRecord,
        _ cpuInfo: CPUInfoRecord, _ collection: CollectionRecord
    ) {
        var (header, host, osVersion) = (header, host, osVersion)
        var (cpuInfo, collection) = (cpuInfo, collection)
        header.visitFields(&self)
        host.visitFields(&self)
        osVersion.visitFields(&self)
        cpuInfo.visitFields(&self)
        collection.visitFields(&self)
    }

    mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
        guard let column = field.column else { return }
        names.append("\(column.name)")
        switch value.fieldValue {
        case .unknown: rows.append(nil as String?)
        case .integer(let integer) where column.isMoment:
            rows.append(Timestamp(unixSeconds: integer)?.sqlText)
        case .integer(let integer): rows.append(integer)
        case .boolean(let boolean): rows.append(boolean)
        case .text(let text): rows.append(text)
        case .bytes(let text): rows.append(text.repaired)
        case .texts: preconditionFailure("a list has no column")
        }
    }
}
