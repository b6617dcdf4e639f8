package import Text

// Who may do what on a host: privileges, and the keys of SSH.

/// One rule that gives somebody the rights of another account or of an administrator.
package struct PrivilegeRecord: ListedRecord, Equatable {
    /// `privilege`.
    package static let kind: StaticString = "privilege"
    /// A privilege is identified by all of its fields.
    package static let list = ListDeclaration(
        name: "privileges", noun: "privilege", state: "granted", table: "Privileges",
        idColumn: "Privilege_ID", linkTable: "PRIVILEGES_PER_SET",
        knownColumn: "Privileges_known", itemDigestColumn: "Privilege_SHA256",
        sets: SetDeclaration(table: "PRIVILEGE_SETS", idColumn: "Privilege_Set_ID"))

    /// Who has the privilege, as the source has it: `alice`, `%wheel`, `DOMAIN\group`.
    package var subject: RawText = ""
    /// Where the rule stands: the path of a file from the root, `/etc/sudoers`, or `group`.
    package var source: RawText = ""
    /// What is allowed, as the source has it: `ALL=(ALL:ALL) NOPASSWD: ALL`, or the group.
    package var rule: RawText = ""

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(subject: RawText, source: RawText, rule: RawText) {
        self.subject = subject
        self.source = source
        self.rule = rule
    }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) {
        end.privileges = (end.privileges ?? 0) + 1
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &subject,
            .required(
                "subject",
                "Who has the privilege, as the source has it: `alice`, `%wheel`, `DOMAIN\\group`"
            ).column("Subject"))
        try visitor.visit(
            &source,
            .required("source", "Where the rule stands: `/etc/sudoers`, or `group`")
                .column("Privilege_source"))
        try visitor.visit(
            &rule,
            .required(
                "rule",
                "What is allowed, as the source has it: `ALL=(ALL:ALL) NOPASSWD: ALL`, or the group"
            ).form(.text).column("Privilege_rule"))
    }
}

/// One public key that may be used to log in by SSH.
package struct AuthorizedKeyRecord: ListedRecord, Equatable {
    /// `authorized_key`.
    package static let kind: StaticString = "authorized_key"
    /// A key is identified by its fingerprint, account and file.
    package static let list = ListDeclaration(
        name: "keys", noun: "key", state: "authorized", table: "Authorized_keys",
        idColumn: "Authorized_Key_ID", linkTable: "AUTHORIZED_KEYS_PER_SET",
        knownColumn: "Authorized_keys_known", itemDigestColumn: "Authorized_Key_SHA256",
        sets: SetDeclaration(table: "AUTHORIZED_KEY_SETS", idColumn: "Authorized_Key_Set_ID"))

    /// The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
    package var fingerprint = ""
    /// The account that one can log in to with it; `Administrators` if to any of them.
    package var username: RawText = ""
    /// The algorithm, as the key has it: `ssh-ed25519`.
    package var algorithm = ""
    /// The options before the key. Nil if there are none.
    package var options: RawText?
    /// The comment after the key. Nil if there is none.
    package var comment: RawText?
    /// The path of the file, from the root.
    package var path: RawText?

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(fingerprint: String, username: RawText, algorithm: String) {
        self.fingerprint = fingerprint
        self.username = username
        self.algorithm = algorithm
    }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) {
        end.authorizedKeys = (end.authorizedKeys ?? 0) + 1
    }

    /// By the sources of accounts and of their keys. The configuration of sshd alone has no keys:
    /// without accounts nothing was looked for.
    package static func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool? {
        guard let collection else { return isEmpty ? nil : true }
        if collection.lacks("\(kind)") { return false }
        func isOfKeys(_ source: String) -> Bool {
            source.hasPrefix("\(kind) ") && !source.hasPrefix("\(kind) sshd_config ")
        }
        return collection.sources?.contains(where: isOfKeys) == true || !isEmpty ? true : nil
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &fingerprint,
            .required(
                "fingerprint",
                "The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding"
            ).column("Fingerprint"))
        try visitor.visit(
            &username,
            .required(
                "username",
                "The account that one can log in to with it; `Administrators` if to any of them"
            ).column("Username"))
        try visitor.visit(
            &algorithm,
            .required("algorithm", "The algorithm, as the key has it: `ssh-ed25519`")
                .column("Algorithm").compared(as: "algorithm"))
        try visitor.visit(
            &options,
            .optional("options", "The options before the key").form(.text)
                .column("Key_options").compared(as: "options").noneIfAbsent())
        try visitor.visit(
            &comment,
            .optional("comment", "The comment after the key").column("Key_comment")
                .compared(as: "comment").noneIfAbsent())
        try visitor.visit(
            &path, .optional("path", "The path of the file, from the root").column("Key_path"))
    }
}

/// One public key by which the host identifies itself to clients of SSH.
package struct SSHHostKeyRecord: ListedRecord, Equatable {
    /// `ssh_host_key`.
    package static let kind: StaticString = "ssh_host_key"
    /// A host has one key of an algorithm; with another fingerprint it has changed.
    package static let list = ListDeclaration(
        name: "host keys", noun: "host key", state: "present", table: "SSH_host_keys",
        idColumn: "SSH_Host_Key_ID", linkTable: "SSH_HOST_KEYS_PER_SET",
        knownColumn: "SSH_host_keys_known", itemDigestColumn: "SSH_Host_Key_SHA256",
        sets: SetDeclaration(table: "SSH_HOST_KEY_SETS", idColumn: "SSH_Host_Key_Set_ID"))

    /// The algorithm, as the key has it: `ssh-ed25519`.
    package var algorithm = ""
    /// The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
    package var fingerprint = ""

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(algorithm: String, fingerprint: String) {
        self.algorithm = algorithm
        self.fingerprint = fingerprint
    }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) {
        end.sshHostKeys = (end.sshHostKeys ?? 0) + 1
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &algorithm,
            .required("algorithm", "The algorithm, as the key has it: `ssh-ed25519`")
                .column("Algorithm"))
        try visitor.visit(
            &fingerprint,
            .required(
                "fingerprint",
                "The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding"
            ).column("Fingerprint").compared(as: "fingerprint"))
    }
}
