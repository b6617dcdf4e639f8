package import Text

// What a host offers to a network, and what its maker has mended.

/// One socket that accepts connections or datagrams.
package struct ListeningPortRecord: ListedRecord, Equatable {
    /// `listening_port`.
    package static let kind: StaticString = "listening_port"
    /// A listener is identified by its port, protocol, address and interface, but not by its
    /// process.
    package static let list = ListDeclaration(
        name: "listeners", noun: "listener", state: "listening", table: "Listening_ports",
        idColumn: "Listening_Port_ID", linkTable: "LISTENING_PORTS_PER_EXECUTION",
        knownColumn: "Listening_ports_known", itemDigestColumn: "Listening_Port_SHA256")

    /// The port; of a raw socket the number of the protocol above IP.
    package var port: Int64 = 0
    /// `tcp`, `udp`, `udplite` or `raw`.
    package var `protocol` = ""
    /// `ipv4` or `ipv6`. A socket of IPv6 that accepts IPv4 too is one of IPv6.
    package var family = ""
    /// The address; `0.0.0.0` or `::` for all addresses of the host.
    package var address = ""
    /// The interface that it is bound to. Nil if to none, or unknown, as it always is of Linux.
    package var interface: String?
    /// The id of a process that has it open, the lowest if there are several. Nil if unknown.
    package var pid: Int64?
    /// The name of that process. Nil if unknown.
    package var process: RawText?
    /// The executable of that process. Nil if unknown.
    package var path: RawText?
    /// The package that the executable is a file of. Nil if of none, or unknown.
    package var package: RawText?

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(port: Int64, protocol: String, family: String, address: String) {
        self.port = port
        self.protocol = `protocol`
        self.family = family
        self.address = address
    }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) {
        end.listeningPorts = (end.listeningPorts ?? 0) + 1
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &port,
            .required("port", "The port; of a raw socket the number of the protocol above IP")
                .range(0...65_535).column("Port"))
        try visitor.visit(
            &`protocol`,
            .required("protocol", "`tcp`, `udp`, `udplite` or `raw`").column("Protocol"))
        try visitor.visit(
            &family,
            .required(
                "family",
                "`ipv4` or `ipv6`; a socket of IPv6 that accepts IPv4 too is one of IPv6"
            ).column("Family"))
        try visitor.visit(
            &address,
            .required("address", "The address; `0.0.0.0` or `::` for all addresses of the host")
                .column("Address"))
        try visitor.visit(
            &interface,
            .optional("interface", "The interface that it is bound to").column("Interface"))
        try visitor.visit(
            &pid,
            .optional(
                "pid", "The id of a process that has it open, the lowest if there are several"))
        try visitor.visit(
            &process,
            .optional("process", "The name of that process").column("Process_Name")
                .compared(as: "process"))
        try visitor.visit(
            &path,
            .optional("path", "The executable of that process").column("Path")
                .compared(as: "path"))
        try visitor.visit(
            &package,
            .optional("package", "The package that the executable is a file of")
                .column("Package_Name").compared(as: "package"))
    }
}

/// One update of Windows.
package struct PatchRecord: ListedRecord, Equatable {
    /// `patch`.
    package static let kind: StaticString = "patch"
    /// A patch is identified by its id.
    package static let list = ListDeclaration(
        name: "patches", noun: "update", state: "installed", table: "Patches",
        idColumn: "Patch_ID", linkTable: "PATCHES_PER_SET", knownColumn: "Patches_known",
        itemDigestColumn: "Patch_SHA256",
        sets: SetDeclaration(table: "PATCH_SETS", idColumn: "Patch_Set_ID"))

    /// `KB5034441`.
    package var hotfixID = ""
    /// What it is: `Update`, `Security Update`. Nil if unknown.
    package var description: RawText?
    /// The day on which it was installed, in Unix seconds. Nil if unknown.
    package var installedOn: Int64?

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(hotfixID: String) { self.hotfixID = hotfixID }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) { end.patches = (end.patches ?? 0) + 1 }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&hotfixID, .required("hotfix_id", "`KB5034441`").column("Hotfix_ID"))
        try visitor.visit(
            &description,
            .optional("description", "What it is: `Update`, `Security Update`")
                .column("Description").compared(as: "description"))
        try visitor.visit(
            &installedOn,
            .optional("installed_on", "The day on which it was installed, in Unix seconds")
                .column("Installed_on", isMoment: true).compared(as: "installation"))
    }
}
