package import Text

// The records of which a snapshot has any number: processes, and the kinds of listed records.

/// The kinds of listed records. A new kind has a line here, and a name and a bit in `RecordChoice`.
package enum ListedRecords {
    /// Visits each kind. The order is that of columns and messages.
    package static func visit<Visitor: ListedRecordVisitor>(_ visitor: inout Visitor) {
        visitor.visit(UserRecord.self)
        visitor.visit(PackageRecord.self)
        visitor.visit(PatchRecord.self)
        visitor.visit(AccountRecord.self)
        visitor.visit(PrivilegeRecord.self)
        visitor.visit(AuthorizedKeyRecord.self)
        visitor.visit(SSHHostKeyRecord.self)
        visitor.visit(ListeningPortRecord.self)
    }
}

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

/// One process.
package struct ProcessRecord: Record, Equatable {
    /// `process`.
    package static let kind: StaticString = "process"

    /// The process id.
    package var pid: Int64 = 0
    /// The name of the program.
    package var name: RawText = ""
    /// The process id of its parent. Nil if unknown.
    package var parent: Int64?
    /// The effective user id: as whom the process acts, as ps(1) shows it. Nil if unknown.
    package var uid: Int64?
    /// The name that the host gives to `uid`; of Windows `DOMAIN\user`. Nil if unknown.
    package var user: RawText?
    /// When it was started, in Unix seconds. Nil if unknown.
    package var startTime: Int64?
    /// The executable, followed by ` (deleted)` if it no longer exists. Nil if unknown.
    package var path: RawText?

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(pid: Int64, name: RawText) {
        self.pid = pid
        self.name = name
    }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) { end.processes += 1 }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&pid, .required("pid", "The process id").range(0...Int64(UInt32.max)))
        try visitor.visit(&name, .required("name", "The name of the program"))
        try visitor.visit(&parent, .optional("parent", "The process id of its parent"))
        try visitor.visit(
            &uid,
            .optional(
                "uid",
                "The effective user id: as whom the process acts, as ps(1) shows it"
            ).range(.counts))
        try visitor.visit(
            &user,
            .optional("user", "The name that the host gives to `uid`; of Windows `DOMAIN\\user`"))
        try visitor.visit(
            &startTime, .optional("start_time", "When it was started, in Unix seconds"))
        try visitor.visit(
            &path,
            .optional(
                "path", "The executable, followed by ` (deleted)` if it no longer exists"
            ).form(.text))
    }
}

/// One login session.
package struct UserRecord: ListedRecord, Equatable {
    /// `user`.
    package static let kind: StaticString = "user"
    /// A user with several sessions is one item.
    package static let list = ListDeclaration(
        name: "users", noun: "login", state: "logged in", table: "USERS", idColumn: "User_ID",
        linkTable: "USERS_PER_EXECUTION", knownColumn: "Users_known")

    /// The name of the user.
    package var user: RawText = ""
    /// The domain of the user's account of Windows; of a local account the computer's name. Nil if
    /// unknown.
    package var domain: RawText?
    /// The terminal. Nil if unknown.
    package var tty: RawText?
    /// Where the user came from, for a login over the network. Nil if unknown.
    package var host: RawText?
    /// When the session began, in Unix seconds. Nil if unknown.
    package var time: Int64?
    /// The process id of the session's first process. Nil if unknown.
    package var pid: Int64?

    /// A record with no facts.
    package init() {}
    /// A record with its required fields.
    package init(user: RawText) { self.user = user }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) { end.users += 1 }

    /// False if the host keeps no account of logins, if that is damaged, or nobody asked for them.
    package static func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool? {
        if collection?.hasFailed("\(kind)") == true { return false }
        return !isEmpty
            || collection?.sessionSource != "none"
                && collection?.omitted?.contains("\(kind)") != true
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&user, .required("user", "The name of the user").column("User_Name"))
        try visitor.visit(
            &domain,
            .optional(
                "domain",
                "The domain of the user's account of Windows; of a local account the computer's name"
            ).form(.text))
        try visitor.visit(&tty, .optional("tty", "The terminal").form(.text))
        try visitor.visit(
            &host,
            .optional("host", "Where the user came from, for a login over the network").form(.text))
        try visitor.visit(
            &time, .optional("time", "When the session began, in Unix seconds"))
        try visitor.visit(&pid, .optional("pid", "The process id of the session's first process"))
    }
}
