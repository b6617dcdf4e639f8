/// The last line, with the counts and the digest by which a reader verifies that the snapshot is
/// complete.
///
/// A count other than those of the first collectors is nil if there are no such records, or the
/// collector did not count them.
package struct EndRecord: Record, Equatable {
    /// `end`.
    package static let kind: StaticString = "end"

    /// How many `process` records there are.
    package var processes: Int64 = 0
    /// How many `user` records there are.
    package var users: Int64 = 0
    /// How many `package` records there are.
    package var packages: Int64?
    /// How many `patch` records there are.
    package var patches: Int64?
    /// How many `account` records there are.
    package var accounts: Int64?
    /// How many `privilege` records there are.
    package var privileges: Int64?
    /// How many `authorized_key` records there are.
    package var authorizedKeys: Int64?
    /// How many `ssh_host_key` records there are.
    package var sshHostKeys: Int64?
    /// How many `listening_port` records there are.
    package var listeningPorts: Int64?
    /// SHA-256 in hexadecimal of every byte of this snapshot before this line.
    package var sha256 = ""

    /// A record with no facts.
    package init() {}

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &processes, .required("processes", "How many `process` records there are"))
        try visitor.visit(&users, .required("users", "How many `user` records there are"))
        try visitor.visit(
            &packages, .optional("packages", "How many `package` records there are").range(.counts))
        try visitor.visit(
            &patches, .optional("patches", "How many `patch` records there are").range(.counts))
        try visitor.visit(
            &accounts, .optional("accounts", "How many `account` records there are").range(.counts))
        try visitor.visit(
            &privileges,
            .optional("privileges", "How many `privilege` records there are").range(.counts))
        try visitor.visit(
            &authorizedKeys,
            .optional("authorized_keys", "How many `authorized_key` records there are").range(
                .counts))
        try visitor.visit(
            &sshHostKeys,
            .optional("ssh_host_keys", "How many `ssh_host_key` records there are").range(.counts))
        try visitor.visit(
            &listeningPorts,
            .optional("listening_ports", "How many `listening_port` records there are").range(
                .counts))
        try visitor.visit(
            &sha256,
            .required(
                "sha256", "SHA-256 in hexadecimal of every byte of this snapshot before this line"))
    }
}
