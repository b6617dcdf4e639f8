/// The kinds of records that a collector takes, among those of which a snapshot has any number.
package struct RecordChoice: OptionSet, Sendable {
    /// `process` records.
    package static let processes = RecordChoice(rawValue: 1)
    /// `user` records.
    package static let users = RecordChoice(rawValue: 1 << 1)
    /// `package` records.
    package static let packages = RecordChoice(rawValue: 1 << 2)
    /// `patch` records.
    package static let patches = RecordChoice(rawValue: 1 << 3)
    /// `account` records.
    package static let accounts = RecordChoice(rawValue: 1 << 4)
    /// `privilege` records.
    package static let privileges = RecordChoice(rawValue: 1 << 5)
    /// `authorized_key` records.
    package static let authorizedKeys = RecordChoice(rawValue: 1 << 6)
    /// `ssh_host_key` records.
    package static let sshHostKeys = RecordChoice(rawValue: 1 << 7)
    /// `listening_port` records.
    package static let listeningPorts = RecordChoice(rawValue: 1 << 8)
    /// All kinds.
    package static let all = RecordChoice(rawValue: 1 << 9 - 1)

    /// A bit for each kind.
    package let rawValue: UInt16

    /// A choice of some kinds.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The kinds, in the order of a snapshot and of the bits, separated by commas and spaces.
    package static let names: StaticString = """
        process, user, package, patch, account, privilege, authorized_key, ssh_host_key, \
        listening_port
        """

    /// Names of kinds.
    /// - Parameter list: separated by commas: `process,package`.
    /// - Returns: nil if a name is that of no kind, or there is none.
    @inline(never)
    package static func named(in list: String) -> RecordChoice? {
        let names = Self.list(of: Array("\(Self.names)".utf8))
        var choice = RecordChoice(rawValue: 0)
        for name in Array(list.utf8).split(separator: 0x2C) {
            guard let index = names.firstIndex(where: { $0.elementsEqual(name) }) else {
                return nil
            }
            choice.insert(RecordChoice(rawValue: 1 << UInt16(index)))
        }
        return choice.isEmpty ? nil : choice
    }

    /// The words between commas and spaces.
    private static func list(of names: [UInt8]) -> [ArraySlice<UInt8>] {
        names.split { $0 == 0x2C || $0 == 0x20 }
    }

    /// The names of the kinds that are not taken; nil if all are.
    @inline(never)
    package func omitted() -> [String]? {
        let names = Self.list(of: Array("\(Self.names)".utf8))
        var omitted: [String] = []
        for (index, name) in names.enumerated() where rawValue >> UInt16(index) & 1 == 0 {
            omitted.append(String(decoding: name, as: UTF8.self))
        }
        return omitted.isEmpty ? nil : omitted
    }
}
