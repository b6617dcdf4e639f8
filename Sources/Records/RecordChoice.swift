/// The kinds of records that a collector takes, among those of which a snapshot has any number.
package struct RecordChoice: OptionSet, Sendable {
    /// `process` records.
    package static let processes = RecordChoice(rawValue: 1)
    /// `user` records.
    package static let users = RecordChoice(rawValue: 2)
    /// `package` records.
    package static let packages = RecordChoice(rawValue: 4)
    /// All kinds.
    package static let all = RecordChoice(rawValue: 7)

    /// A bit for each kind.
    package let rawValue: UInt8

    /// A choice of some kinds.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The kinds, in the order of a snapshot and of the bits.
    private static var names: [String] { ["process", "user", "package"] }

    /// Names of kinds.
    /// - Parameter list: separated by commas: `process,package`.
    /// - Returns: nil if a name is that of no kind, or there is none.
    @inline(never)
    package static func named(in list: String) -> RecordChoice? {
        var choice = RecordChoice(rawValue: 0)
        for name in Array(list.utf8).split(separator: 0x2C) {
            guard let index = names.firstIndex(where: { $0.utf8.elementsEqual(name) }) else {
                return nil
            }
            choice.insert(RecordChoice(rawValue: 1 << UInt8(index)))
        }
        return choice.isEmpty ? nil : choice
    }

    /// The names of the kinds that are not taken; nil if all are.
    @inline(never)
    package func omitted() -> [String]? {
        var omitted: [String] = []
        for (index, name) in Self.names.enumerated() where rawValue >> UInt8(index) & 1 == 0 {
            omitted.append(name)
        }
        return omitted.isEmpty ? nil : omitted
    }
}
