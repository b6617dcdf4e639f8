package import Text

// The records of which a snapshot has any number: processes, and the kinds of listed records.

/// The kinds of listed records. A new kind has a line here.
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
    /// The executable, with ` (deleted)` behind it where it is no more. Nil if unknown.
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
                "path", "The executable, with ` (deleted)` behind it where it is no more"
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
