/// A kind of record that is an item of a list: a snapshot has any number of them, such as login
/// sessions.
///
/// A database keeps each distinct item once, in a table of the kind, with the fields that have a
/// column; another table links it to the executions in which it was observed, or to the sets of
/// items that executions have (`ListDeclaration.sets`). Fields without
/// `compared(as:)` identify an item in a comparison of two executions; the first of them is its
/// name. Loading, `census diff`, `census check` and the page go by this declaration.
///
/// (Processes are stored likewise, but they have an owner and an identity of their own.)
package protocol ListedRecord: Record {
    /// The tables and words of the kind.
    static var list: ListDeclaration { get }

    /// Whether the records of the kind in a snapshot are all that the host has, as far as the
    /// collector could see: false if some are unknown, nil if the collector did not look for them.
    /// - Parameters:
    ///   - collection: the completeness of the collection; nil if the collector did not tell.
    ///   - isEmpty: whether the snapshot has no such records.
    static func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool?
}

extension ListedRecord {
    /// By the sources that the collector names in the `collection` record.
    package static func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool? {
        guard let collection else { return isEmpty ? nil : true }
        if collection.lacks("\(kind)") { return false }
        return collection.hasRead("\(kind) ") || !isEmpty ? true : nil
    }
}

extension CollectionRecord {
    /// Whether records of a kind are missing: they were not asked for, or a source of them failed.
    func lacks(_ kind: String) -> Bool {
        omitted?.contains(kind) == true || hasFailed(kind)
    }

    /// Whether a source of a kind failed.
    func hasFailed(_ kind: String) -> Bool {
        failedSources?.contains { $0.hasPrefix("\(kind) ") } == true
    }

    /// Whether a source that begins with these words was read.
    func hasRead(_ source: String) -> Bool {
        sources?.contains { $0.hasPrefix(source) } == true
    }
}

/// The tables and words of a kind of listed records.
package struct ListDeclaration: Sendable {
    /// The items of a host in messages, and with a capital letter as a title: `users`.
    package let name: StaticString
    /// One record in the counts of a load: `login`. The plural is formed with `s`.
    package let noun: StaticString
    /// What is true of a host's item, after "is" or "are": `logged in`.
    package let state: StaticString
    /// The table with a row for each distinct item.
    package let table: StaticString
    /// The integer key of `table`.
    package let idColumn: StaticString
    /// The table of pairs of `Execution_ID` and `idColumn`; with `sets`, of the sets' ids and
    /// `idColumn`.
    package let linkTable: StaticString
    /// The column of `Executions` that is 1 if the items are known, 0 if some are unknown, and NULL
    /// if the collector did not look for them.
    package let knownColumn: StaticString
    /// The column of `table` that identifies an item by the SHA-256 of its values; nil if the
    /// values do, as the only key of the table.
    package let itemDigestColumn: StaticString?
    /// The tables of sets; nil if each execution has links of its own.
    package let sets: SetDeclaration?

    /// Declares all of them.
    package init(
        name: StaticString, noun: StaticString, state: StaticString, table: StaticString,
        idColumn: StaticString, linkTable: StaticString, knownColumn: StaticString,
        itemDigestColumn: StaticString? = nil, sets: SetDeclaration? = nil
    ) {
        self.name = name
        self.noun = noun
        self.state = state
        self.table = table
        self.idColumn = idColumn
        self.linkTable = linkTable
        self.knownColumn = knownColumn
        self.itemDigestColumn = itemDigestColumn
        self.sets = sets
    }
}

/// The tables of a kind whose lists seldom change. The items of an execution are a set, which all
/// executions with the same items share, so that an unchanged list is a column of `Executions`.
///
/// The table of sets has the columns `Set_SHA256`, which identifies a set by its items, and
/// `Item_count`.
package struct SetDeclaration: Sendable {
    /// The table with a row for each distinct set.
    package let table: StaticString
    /// The integer key of `table`, and the column of `Executions` that refers to it.
    package let idColumn: StaticString

    /// Declares both of them.
    package init(table: StaticString, idColumn: StaticString) {
        self.table = table
        self.idColumn = idColumn
    }
}

/// Visits each kind of listed records.
package protocol ListedRecordVisitor {
    /// Visits one kind.
    mutating func visit<Kind: ListedRecord>(_: Kind.Type)
}

/// A kind of listed records as a value, for code that treats all kinds alike.
package struct ListedKind: Sendable, Equatable {
    /// A column of the kind's table.
    package struct Column: Sendable {
        /// The name of the column.
        package let name: String
        /// The key whose value it holds.
        package let key: String
        /// `integer`, `boolean`, or a text: `text`, `bytes`, `texts`. A moment is a text.
        package let type: FieldType
        /// Whether the value may be unknown.
        package let isNullable: Bool
        /// The name under which `census diff` shows a change of the value; nil if the value
        /// identifies the item, or is volatile.
        package let comparedAs: String?
        /// Whether the value neither identifies the item nor is compared.
        package let isVolatile: Bool
        /// Whether an item without the value has none, and not an unknown one.
        package let isNoneIfAbsent: Bool

        /// Whether the value is among those that identify the item on its host.
        package var isIdentity: Bool { comparedAs == nil && !isVolatile }
    }

    /// The position in `all`, or in another list of kinds.
    package let index: Int
    /// The value of the key `record`: `user`.
    package let record: String
    /// The items in messages: `users`.
    package let name: String
    /// One record in the counts of a load: `login`.
    package let noun: String
    /// What is true of a host's item: `logged in`.
    package let state: String
    /// The table with a row for each distinct item.
    package let table: String
    /// The integer key of `table`.
    package let idColumn: String
    /// The table of pairs of `linkColumn` and `idColumn`.
    package let linkTable: String
    /// The column of `Executions` by which `linkTable` is joined: `Execution_ID`, or the id of a
    /// set.
    package let linkColumn: String
    /// The column of `Executions` that is 1 if the items are known, 0 if some are unknown, and NULL
    /// if the collector did not look for them.
    package let knownColumn: String
    /// The table with a row for each distinct set; nil if each execution has links of its own. Its
    /// integer key is `linkColumn`.
    package let setTable: String?
    /// The column of `table` that identifies an item by the SHA-256 of its values; nil if the
    /// columns do.
    package let itemDigestColumn: String?
    /// The columns of `table` apart from its key, in the order of the fields. The first is the name
    /// of an item.
    package let columns: [Column]
    private let areAll: @Sendable (CollectionRecord?, Bool) -> Bool?
    private let countInEnd: @Sendable (inout EndRecord) -> Void

    /// All kinds, in the order of `ListedRecords`.
    package static let all: [ListedKind] = {
        var list = KindList()
        ListedRecords.visit(&list)
        return list.kinds
    }()

    /// The kind of `UserRecord`. Its table also has the owners of processes.
    package static let users = all.first { $0.record == "\(UserRecord.kind)" }!

    /// The kind of `PackageRecord`.
    package static let packages = all.first { $0.record == "\(PackageRecord.kind)" }!

    /// The kind of `PrivilegeRecord`.
    package static let privileges = all.first { $0.record == "\(PrivilegeRecord.kind)" }!

    /// The kind of `AccountRecord`.
    package static let accounts = all.first { $0.record == "\(AccountRecord.kind)" }!

    /// The kind of `ListeningPortRecord`.
    package static let listeners = all.first { $0.record == "\(ListeningPortRecord.kind)" }!

    /// The value for a kind.
    /// - Parameter index: its position in a list of kinds.
    package init<Kind: ListedRecord>(_: Kind.Type, index: Int) {
        self.index = index
        record = "\(Kind.kind)"
        name = "\(Kind.list.name)"
        noun = "\(Kind.list.noun)"
        state = "\(Kind.list.state)"
        table = "\(Kind.list.table)"
        idColumn = "\(Kind.list.idColumn)"
        linkTable = "\(Kind.list.linkTable)"
        linkColumn = Kind.list.sets.map { "\($0.idColumn)" } ?? "Execution_ID"
        knownColumn = "\(Kind.list.knownColumn)"
        setTable = Kind.list.sets.map { "\($0.table)" }
        itemDigestColumn = Kind.list.itemDigestColumn.map { "\($0)" }
        var list = ColumnList()
        var line = Kind()
        line.visitFields(&list)
        columns = list.columns
        areAll = { Kind.areAll($0, isEmpty: $1) }
        countInEnd = { Kind.count(in: &$0) }
    }

    /// The items as the title of a column or a section: `Users`, `Listening_ports`.
    package var title: String {
        let words = String(name.map { $0 == " " ? "_" : $0 })
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The items in the keys of rules: `users` in `allowed-users`, `listening-ports`.
    package var nameInRules: String { String(name.map { $0 == " " ? "-" : $0 }) }

    /// Whether the records of the kind in a snapshot are all that the host has; see
    /// `ListedRecord.areAll`.
    package func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool? {
        areAll(collection, isEmpty)
    }

    /// Counts one record in `end`, if `end` has a count for the kind.
    package func count(in end: inout EndRecord) { countInEnd(&end) }

    /// Whether it is the same kind.
    package static func == (a: ListedKind, b: ListedKind) -> Bool { a.index == b.index }

    private struct KindList: ListedRecordVisitor {
        var kinds: [ListedKind] = []

        mutating func visit<Kind: ListedRecord>(_ kind: Kind.Type) {
            kinds.append(ListedKind(kind, index: kinds.count))
        }
    }

    private struct ColumnList: FieldVisitor {
        typealias Failure = Never
        var columns: [Column] = []

        mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
            #if !hasFeature(Embedded)
                guard let column = field.column else { return }
                columns.append(
                    Column(
                        name: "\(column.name)", key: "\(field.key)",
                        type: column.isMoment ? .text : Value.fieldType,
                        isNullable: field.presence != .required || column.isMoment,
                        comparedAs: field.comparedAs.map { "\($0)" },
                        isVolatile: field.isVolatile, isNoneIfAbsent: field.isNoneIfAbsent))
            #endif
        }
    }
}
