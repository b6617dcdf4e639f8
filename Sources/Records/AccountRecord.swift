package import Text

/// One account of the host itself, not of a directory service.
package struct AccountRecord: ListedRecord, Equatable {
    /// `account`.
    package static let kind: StaticString = "account"
    /// An account is identified by its name.
    package static let list = ListDeclaration(
        name: "accounts", noun: "account", state: "present", table: "Accounts",
        idColumn: "Account_ID", linkTable: "ACCOUNTS_PER_SET", knownColumn: "Accounts_known",
        itemDigestColumn: "Account_SHA256",
        sets: SetDeclaration(table: "ACCOUNT_SETS", idColumn: "Account_Set_ID"))

    /// The name of the account.
    package var username: RawText = ""
    /// The user id. Of Windows the last part of the SID, the relative id. Nil if unknown.
    package var uid: Int64?
    /// The id of its primary group. Nil if unknown.
    package var gid: Int64?
    /// The SID of an account of Windows. Nil if unknown.
    package var sid: String?
    /// The full name or comment, the first field of GECOS. Nil if unknown.
    package var description: RawText?
    /// The home directory. Nil if unknown.
    package var home: RawText?
    /// The login shell. Nil if unknown.
    package var shell: RawText?
    /// The names of its groups, the primary one included, sorted by their bytes. Nil if unknown.
    package var groups: [String]?
    /// Whether one can log in to it with a password: it has not expired and its password is not locked
    /// or missing (Windows: it is not disabled). A key of SSH may be enough without. Nil if unknown.
    package var isEnabled: Bool?
    /// `none`: no password is set and none is accepted; `locked`; `set`; `empty`: no password is
    /// needed. Nil if unknown.
    package var passwordStatus: String?
    /// The algorithm of the password's hash, in the words of crypt(5): `yescrypt`, `sha512crypt`.
    /// Never the hash. Nil if unknown.
    package var hashAlgorithm: String?
    /// When the password was last changed, in Unix seconds; 0 if it must be changed at the next
    /// login. Nil if unknown.
    package var lastChange: Int64?
    /// Days for which a new password must be kept. Nil if there is no such limit, or unknown.
    package var minDays: Int64?
    /// Days after which a password must be changed. Nil if never, or unknown; 10,000 days and more
    /// are never, as chage(1) has it.
    package var maxDays: Int64?
    /// Whether the password never expires. Nil if unknown.
    package var neverExpires: Bool?
    /// Days before that on which the user is warned. Nil if there are none, or unknown.
    package var warningDays: Int64?
    /// Days after that on which the password is still accepted. Nil if there is no such limit, or
    /// unknown.
    package var inactiveDays: Int64?
    /// When the account expires, in Unix seconds. Nil if never, or unknown.
    package var expires: Int64?
    /// When somebody last logged in to it, in Unix seconds. Nil if never, or unknown.
    package var lastLogin: Int64?

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(username: RawText) { self.username = username }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) { end.accounts = (end.accounts ?? 0) + 1 }

    /// By the sources that have accounts. Those that have facts of accounts are no matter: without
    /// `shadow`, whose file only root may read, every account is known, and nothing is known of its
    /// password.
    package static func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool? {
        let facts = ["shadow", "group", "lastlog", "lastlog2", "wtmpdb"]
        func isOfAccounts(_ source: String) -> Bool {
            source.hasPrefix("account ") && !facts.contains { source.hasPrefix("account \($0) ") }
        }
        guard let collection else { return isEmpty ? nil : true }
        let isFailed = collection.failedSources?.contains(where: isOfAccounts) == true
        if isFailed || collection.omitted?.contains("account") == true { return false }
        return collection.sources?.contains(where: isOfAccounts) == true || !isEmpty ? true : nil
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &username, .required("username", "The name of the account").column("Username"))
        try visitor.visit(
            &uid,
            .optional("uid", "The user id; of Windows the relative id, the last part of the SID")
                .range(.counts).column("UID").compared(as: "uid"))
        try visitor.visit(
            &gid,
            .optional("gid", "The id of its primary group").range(.counts).column("GID")
                .compared(as: "gid"))
        try visitor.visit(
            &sid,
            .optional("sid", "The SID of an account of Windows").column("SID")
                .compared(as: "sid"))
        try visitor.visit(
            &description,
            .optional("description", "The full name or comment, the first field of GECOS")
                .column("Description").compared(as: "description"))
        try visitor.visit(
            &home, .optional("home", "The home directory").column("Home").compared(as: "home"))
        try visitor.visit(
            &shell, .optional("shell", "The login shell").column("Shell").compared(as: "shell"))
        try visitor.visit(
            &groups,
            .optional("groups", "The names of its groups, the primary one included, sorted")
                .column("Group_names").compared(as: "groups"))
        try visitor.visit(
            &isEnabled,
            .optional(
                "is_enabled",
                """
                Whether one can log in to it: it has not expired and its password is not locked or \
                missing; of Windows, it is not disabled
                """
            ).column("Is_enabled").compared(as: "enabled"))
        try visitor.visit(
            &passwordStatus,
            .optional(
                "password_status",
                """
                `none`: no password is set and none is accepted; `locked`; `set`; `empty`: no password \
                is needed
                """
            ).column("Password_status").compared(as: "password"))
        try visitor.visit(
            &hashAlgorithm,
            .optional(
                "hash_alg",
                """
                The algorithm of the password's hash, in the words of crypt(5): `yescrypt`, \
                `sha512crypt`; never the hash
                """
            ).column("Hash_algorithm").compared(as: "hash algorithm"))
        try visitor.visit(
            &lastChange,
            .optional(
                "last_change",
                """
                When the password was last changed, in Unix seconds; 0 if it must be changed at the \
                next login
                """
            ).column("Password_changed", isMoment: true).compared(as: "password change"))
        try visitor.visit(
            &minDays,
            .optional("min", "Days for which a new password must be kept").range(.counts)
                .column("Min_days").compared(as: "minimum days"))
        try visitor.visit(
            &maxDays,
            .optional("max", "Days after which a password must be changed").range(.counts)
                .column("Max_days").compared(as: "maximum days"))
        try visitor.visit(
            &neverExpires,
            .optional("never_expires", "Whether the password never expires")
                .column("Never_expires").compared(as: "never expires"))
        try visitor.visit(
            &warningDays,
            .optional("warning", "Days before that on which the user is warned").range(.counts)
                .column("Warning_days").compared(as: "warning days"))
        try visitor.visit(
            &inactiveDays,
            .optional("inactive", "Days after that on which the password is still accepted")
                .range(.counts).column("Inactive_days").compared(as: "inactive days"))
        try visitor.visit(
            &expires,
            .optional("expire", "When the account expires, in Unix seconds")
                .column("Expires", isMoment: true).compared(as: "expiry"))
        try visitor.visit(
            &lastLogin,
            .optional("last_login", "When somebody last logged in to it, in Unix seconds")
                .column("Last_login", isMoment: true).volatile())
    }
}
