import Text

/// The kinds of records that a collector takes, among those of which a snapshot has any number.
package struct RecordChoice: Sendable, Equatable {
    /// These kinds, in the order of a snapshot.
    private static var kinds: [String] {
        ["\(ProcessRecord.kind)", "\(UserRecord.kind)", "\(PackageRecord.kind)"]
    }

    /// The kinds that are not taken, in the order of a snapshot.
    package private(set) var omitted: [String] = []

    /// All kinds.
    package init() {}

    /// - Parameters:
    ///   - list: names of kinds, separated by commas: `process,package`.
    ///   - areOmitted: whether all others are taken, and not only these.
    /// - Throws: if a name is that of no kind, or there is none.
    package init(_ list: String, areOmitted: Bool) throws(UnknownKind) {
        var named: [String] = []
        for name in Array(list.utf8).split(separator: UInt8(ascii: ",")) {
            let name = String(decoding: name, as: UTF8.self)
            if !Self.kinds.contains(name) { throw UnknownKind(name: name) }
            named.append(name)
        }
        if named.isEmpty { throw UnknownKind(name: list) }
        omitted = Self.kinds.filter { named.contains($0) == areOmitted }
    }

    /// Whether records of a kind are taken.
    package func includes<Line: Record>(_: Line.Type) -> Bool {
        !omitted.contains("\(Line.kind)")
    }

    /// A name that is that of no kind.
    package struct UnknownKind: Error {
        let name: String

        /// `there is no kind of record "x"; the kinds are process, user and package`.
        package var description: String {
            let others = RecordChoice.kinds.dropLast().joined(separator: ", ")
            return "there is no kind of record \"\(name)\"; the kinds are \(others) and "
                + "\(RecordChoice.kinds.last!)."
        }
    }
}
