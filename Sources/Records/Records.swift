package import Text

// The records of a snapshot, format 1, in the order of a file. Keys are named as in osquery where
// osquery has the field. An optional is nil if the collector does not know the value.

/// The first line of a snapshot, which identifies it.
package struct SnapshotHeader: Record, Equatable {
    /// `snapshot`.
    package static let kind: StaticString = "snapshot"
    /// The format that this version writes, and the newest format that it reads.
    package static let newestFormat: Int64 = 1

    /// The number of the format.
    package var format = newestFormat
    /// A UUID in lower case, another for each snapshot.
    package var id = ""
    /// When it was taken, in UTC, by the host's clock.
    package var takenAt = Timestamp(unixSeconds: 0)!
    /// How far the host's local time was ahead of UTC. Nil if unknown.
    package var utcOffsetSeconds: Int64?
    /// The program that wrote the file, with its version. Nil if unknown.
    package var generator: String?

    /// A record with no facts.
    package init() {}

    /// The header of a new snapshot.
    package init(
        id: String, takenAt: Timestamp, utcOffsetSeconds: Int64? = nil, generator: String? = nil
    ) {
        self.id = id
        self.takenAt = takenAt
        self.utcOffsetSeconds = utcOffsetSeconds
        self.generator = generator
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&format, .required("format", "The number of the format"))
        try visitor.visit(
            &id,
            .required("id", "A UUID in lower case, another for each snapshot").form(.uuid)
                .column("Snapshot_ID"))
        try visitor.visit(
            &takenAt,
            .required("taken_at", "When it was taken, in UTC, by the host's clock").form(.moment))
        try visitor.visit(
            &utcOffsetSeconds,
            .optional(
                "utc_offset_seconds",
                "How far the host's local time was ahead of UTC"
            ).range(-86_400...86_400).column("UTC_offset_seconds"))
        try visitor.visit(
            &generator,
            .optional("generator", "The program that wrote the file, with its version")
                .column("Generator"))
    }
}

/// The operating system, as described by os-release(5), or by the registry of Windows.
package struct OSVersionRecord: Record, Equatable {
    /// `os_version`.
    package static let kind: StaticString = "os_version"

    /// NAME: `Debian GNU/Linux`.
    package var name = ""
    /// VERSION_ID: `12`. Nil if unknown.
    package var version: String?
    /// ID: `debian`. Nil if unknown.
    package var platform: String?
    /// ID_LIKE: `rhel centos fedora`. Nil if unknown.
    package var platformLike: String?
    /// VERSION_CODENAME: `bookworm`. Nil if unknown.
    package var codename: String?
    /// The point release, where `version` has less: `12.4` of Debian 12. Nil if unknown.
    package var release: String?
    /// The maker's own number of what is installed: `69057`. Nil if unknown.
    package var build: String?
    /// What Windows calls the release: `23H2`, `Service Pack 1`. Nil if unknown.
    package var displayVersion: String?

    /// A record with no facts.
    package init() {}
    /// A record with its required fields.
    package init(name: String) { self.name = name }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&name, .required("name", "NAME: `Debian GNU/Linux`"))
        try visitor.visit(&version, .nullable("version", "VERSION_ID: `12`"))
        try visitor.visit(
            &platform, .optional("platform", "ID: `debian`").column("Platform"))
        try visitor.visit(
            &platformLike,
            .optional("platform_like", "ID_LIKE: `rhel centos fedora`").column("Platform_like"))
        try visitor.visit(
            &codename,
            .optional("codename", "VERSION_CODENAME: `bookworm`").column("Codename"))
        try visitor.visit(
            &release,
            .optional(
                "release", "The point release, where `version` has less: `12.4` of Debian 12"))
        try visitor.visit(
            &build,
            .optional("build", "The maker's own number of what is installed: `69057`"))
        try visitor.visit(
            &displayVersion,
            .optional("display_version", "What Windows calls the release: `23H2`, `Service Pack 1`")
        )
    }
}

/// The processor.
package struct CPUInfoRecord: Record, Equatable {
    /// `cpu_info`.
    package static let kind: StaticString = "cpu_info"

    /// The name that a person would recognise. Nil if unknown.
    package var model: String?
    /// Who made the processor. Nil if unknown.
    package var manufacturer: String?
    /// Sockets in use. Nil if unknown.
    package var sockets: Int64?
    /// Cores in all sockets together. Nil if unknown.
    package var numberOfCores: Int64?
    /// Threads in all cores together. Nil if unknown.
    package var logicalProcessors: Int64?
    /// The highest clock speed, in MHz. Nil if unknown.
    package var maxClockSpeedMHz: Int64?

    /// A record with no facts.
    package init() {}

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&model, .nullable("model", "The name that a person would recognise"))
        try visitor.visit(
            &manufacturer,
            .optional("manufacturer", "Who made the processor").column("Manufacturer"))
        try visitor.visit(
            &sockets, .optional("sockets", "Sockets in use").range(.counts).column("Sockets"))
        try visitor.visit(
            &numberOfCores,
            .optional("number_of_cores", "Cores in all sockets together").range(.counts)
                .column("Number_of_cores"))
        try visitor.visit(
            &logicalProcessors,
            .optional("logical_processors", "Threads in all cores together").range(.counts)
                .column("Logical_processors"))
        try visitor.visit(
            &maxClockSpeedMHz,
            .optional("max_clock_speed_mhz", "The highest clock speed, in MHz").range(.counts)
                .column("Max_clock_speed_MHz"))
    }
}

/// How complete the view of the collector was.
package struct CollectionRecord: Record, Equatable {
    /// `collection`.
    package static let kind: StaticString = "collection"

    /// Effective user id of the collector: 0 sees most. Nil if unknown.
    package var euid: Int64?
    /// Whether the collector had the rights of an administrator of Windows, which see most. Nil if
    /// unknown, or on another system.
    package var elevated: Bool?
    /// Where the users come from: `utmp`, to which logind may have added; `logind`; `wts`, the
    /// sessions of Windows; or `none` where the host keeps no account of logins, so that they are unknown. Nil if unknown.
    package var sessionSource: String?
    /// Whether hidepid or a pid namespace keeps some processes from view. Nil if unknown.
    package var processesHidden: Bool?
    /// Processes that were seen but could not be read. Of Windows they have a record, in which the
    /// owner or the path is unknown. Nil if unknown.
    package var processesUnreadable: Int64?
    /// Files that are there and could not be read, and why: `etc/passwd: Input/output error`. Nil
    /// if unknown.
    package var unreadable: [String]?
    /// The sources of lists that were read to their end, each with the kind of its records, its
    /// format and its path: `package dpkg var/lib/dpkg/status`. Nil if unknown.
    package var sources: [String]?
    /// Those that are there and could not be read, or only in part, and why:
    /// `package rpm var/lib/rpm/rpmdb.sqlite: Permission denied`. Nil if unknown.
    package var failedSources: [String]?
    /// The kinds of records that were not asked for: `user`. Nil if none, or unknown.
    package var omitted: [String]?

    /// A record with no facts.
    package init() {}

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &euid,
            .optional("euid", "Effective user id of the collector: 0 sees most").range(.counts)
                .column("Collector_euid"))
        try visitor.visit(
            &elevated,
            .optional(
                "elevated",
                "Whether the collector had the rights of an administrator of Windows, which see most"
            ).column("Collector_elevated"))
        try visitor.visit(
            &sessionSource,
            .optional(
                "session_source",
                """
                Where the users come from: `utmp`, to which logind may have added; `logind`; `wts`, \
                the sessions of Windows; or `none` where the host keeps no account of logins, so that they are unknown
                """
            ).column("Session_source"))
        try visitor.visit(
            &processesHidden,
            .optional(
                "processes_hidden",
                "Whether hidepid or a pid namespace keeps some processes from view"
            ).column("Processes_hidden"))
        try visitor.visit(
            &processesUnreadable,
            .optional(
                "processes_unreadable",
                """
                Processes that were seen but could not be read; of Windows they have a record, in \
                which the owner or the path is unknown
                """
            ).range(.counts).column("Processes_unreadable"))
        try visitor.visit(
            &unreadable,
            .optional(
                "unreadable",
                """
                Files that are there and could not be read, and why: \
                `etc/passwd: Input/output error`
                """))
        try visitor.visit(
            &sources,
            .optional(
                "sources",
                """
                The sources of lists that were read to their end, each with the kind of its records, \
                its format and its path: `package dpkg var/lib/dpkg/status`
                """))
        try visitor.visit(
            &failedSources,
            .optional(
                "failed_sources",
                """
                Those that are there and could not be read, or only in part, and why: \
                `package rpm var/lib/rpm/rpmdb.sqlite: Permission denied`
                """))
        try visitor.visit(
            &omitted,
            .optional(
                "omitted", "The kinds of records that were not asked for, so that they are unknown")
        )
    }
}
