import Records

/// The fields that `census diff` compares, as declared by the records, with their columns of
/// `Executions`.
struct ComparedFields: FieldVisitor {
    typealias Failure = Never

    private(set) var fields: [(name: String, column: String)] = []

    static let all: [(name: String, column: String)] = {
        var compared = ComparedFields()
        var (host, osVersion, cpuInfo) = (HostRecord(), OSVersionRecord(), CPUInfoRecord())
        var collection = CollectionRecord()
        host.visitFields(&compared)
        osVersion.visitFields(&compared)
        cpuInfo.visitFields(&compared)
        collection.visitFields(&compared)
        return compared.fields
    }()

    mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
        guard let name = field.comparedAs, let column = field.column else { return }
        fields.append(("\(name)", "\(column.name)"))
    }
}
