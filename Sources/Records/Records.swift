package import Text

// The records of a snapshot, format 1, in the order in which a file has them. Names of keys are
// osquery's where osquery has the field. An optional that is nil was not known to the collector.
// What each field means stands where it is declared, in `visitFields`.

/// The first line: which snapshot this is.
package struct SnapshotHeader: Record, Equatable {
    package static let kind: StaticString = "snapshot"
    /// The format that this version writes, and the newest that it reads.
    package static let newestFormat = 1

    package var format = newestFormat
    package var id = ""
    package var takenAt = Timestamp(unixSeconds: 0)!
    package var utcOffsetSeconds: Int?
    package var generator: String?

    package init() {}

    package init(
        id: String, takenAt: Timestamp, utcOffsetSeconds: Int? = nil, generator: String? = nil
    ) {
        self.id = id
        self.takenAt = takenAt
        self.utcOffsetSeconds = utcOffsetSeconds
        self.generator = generator
    }

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

/// The host itself.
package struct HostRecord: Record, Equatable {
    package static let kind: StaticString = "host"

    package var hostID = ""
    package var hostIDSource: String?
    package var hostname: String?
    package var ip: String?
    package var addresses: [String]?
    package var bootTime: Int?
    package var kernel: String?
    package var arch: String?
    package var container: String?

    package init() {}
    package init(hostID: String) { self.hostID = hostID }

    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &hostID, .required("host_id", "What stays the same from one execution to the next"))
        try visitor.visit(
            &hostIDSource,
            .optional(
                "host_id_source",
                "Where `host_id` comes from: `machine-id`, `dmi`, `hostname` or `option`"
            ).column("Host_ID_source"))
        try visitor.visit(
            &hostname, .nullable("hostname", "The host's name").column("Hostname"))
        try visitor.visit(
            &ip,
            .nullable("ip", "The address that a person would call the host's").column("IP"))
        try visitor.visit(
            &addresses,
            .optional("addresses", "Every address but loopback and link-local ones"))
        try visitor.visit(
            &bootTime,
            .optional("boot_time", "When the system was started, in Unix seconds")
                .column("Boot_time", isMoment: true))
        try visitor.visit(
            &kernel,
            .optional("kernel", "The kernel's release: `6.1.0-28-amd64`")
                .column("Kernel").compared(as: "kernel"))
        try visitor.visit(
            &arch, .optional("arch", "The machine's hardware name: `x86_64`").column("Arch"))
        try visitor.visit(
            &container,
            .optional(
                "container",
                """
                What systemd-detect-virt(1) calls the container: `docker`, `lxc`, …; `none` outside of \
                one
                """
            ).column("Container"))
    }
}

/// The operating system, by os-release(5).
package struct OSVersionRecord: Record, Equatable {
    package static let kind: StaticString = "os_version"

    package var name = ""
    package var version: String?
    package var platform: String?
    package var platformLike: String?
    package var codename: String?
    package var release: String?
    package var build: String?

    package init() {}
    package init(name: String) { self.name = name }

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
    }
}

/// The processor.
package struct CPUInfoRecord: Record, Equatable {
    package static let kind: StaticString = "cpu_info"

    package var model: String?
    package var manufacturer: String?
    package var sockets: Int?
    package var numberOfCores: Int?
    package var logicalProcessors: Int?
    package var maxClockSpeedMHz: Int?

    package init() {}

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

/// How much the collector was able to see.
package struct CollectionRecord: Record, Equatable {
    package static let kind: StaticString = "collection"

    package var euid: Int?
    package var sessionSource: String?
    package var processesHidden: Bool?
    package var processesUnreadable: Int?
    package var unreadable: [String]?

    package init() {}

    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &euid,
            .optional("euid", "Effective user id of the collector: 0 sees most").range(.counts)
                .column("Collector_euid"))
        try visitor.visit(
            &sessionSource,
            .optional(
                "session_source",
                """
                Where the users come from: `utmp`, to which logind may have added; `logind`; or \
                `none` where the host keeps no account of logins, so that they are unknown
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
                "Processes that were seen but could not be read"
            ).range(.counts).column("Processes_unreadable"))
        try visitor.visit(
            &unreadable,
            .optional(
                "unreadable",
                """
                Files that are there and could not be read, and why: \
                `etc/passwd: Input/output error`
                """))
    }
}

/// One process.
package struct ProcessRecord: Record, Equatable {
    package static let kind: StaticString = "process"

    package var pid = 0
    package var name: RawText = ""
    package var parent: Int?
    package var uid: Int?
    package var user: RawText?
    package var startTime: Int?
    package var path: RawText?

    package init() {}

    package init(pid: Int, name: RawText) {
        self.pid = pid
        self.name = name
    }

    package static func count(in end: inout EndRecord) { end.processes += 1 }

    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&pid, .required("pid", "The process id").range(0...Int(UInt32.max)))
        try visitor.visit(&name, .required("name", "The name of the program"))
        try visitor.visit(&parent, .optional("parent", "The process id of its parent"))
        try visitor.visit(
            &uid,
            .optional(
                "uid",
                "The effective user id: as whom the process acts, as ps(1) shows it"
            ).range(.counts))
        try visitor.visit(&user, .optional("user", "The name that the host gives to `uid`"))
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
package struct UserRecord: Record, Equatable {
    package static let kind: StaticString = "user"

    package var user: RawText = ""
    package var tty: RawText?
    package var host: RawText?
    package var time: Int?
    package var pid: Int?

    package init() {}
    package init(user: RawText) { self.user = user }

    package static func count(in end: inout EndRecord) { end.users += 1 }

    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&user, .required("user", "The name of the user"))
        try visitor.visit(&tty, .optional("tty", "The terminal").form(.text))
        try visitor.visit(
            &host,
            .optional("host", "Where the user came from, for a login over the network").form(.text))
        try visitor.visit(
            &time, .optional("time", "When the session began, in Unix seconds"))
        try visitor.visit(&pid, .optional("pid", "The process id of the session's first process"))
    }
}

/// The last line: what the snapshot holds, by which a reader knows that it is whole.
package struct EndRecord: Record, Equatable {
    package static let kind: StaticString = "end"

    package var processes = 0
    package var users = 0
    package var sha256 = ""

    package init() {}

    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &processes, .required("processes", "How many `process` records there are"))
        try visitor.visit(&users, .required("users", "How many `user` records there are"))
        try visitor.visit(
            &sha256,
            .required(
                "sha256", "SHA-256 in hexadecimal of every byte of this snapshot before this line"))
    }
}
