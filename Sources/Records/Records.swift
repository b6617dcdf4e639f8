package import Text

// The records of a snapshot, format 1, in the order in which a file has them. Names of keys are
// osquery's where osquery has the field. An optional that is nil was not known to the collector.

/// The first line: which snapshot this is.
package struct SnapshotHeader: Sendable, Equatable {
    /// The format that this version writes, and the newest that it reads.
    package static let format = 1

    /// A UUID in lower case.
    package var id: String
    package var takenAt: Timestamp
    /// How far the host's local time was ahead of UTC.
    package var utcOffsetSeconds: Int?
    /// The program that wrote the file, with its version.
    package var generator: String?

    package init(
        id: String, takenAt: Timestamp, utcOffsetSeconds: Int? = nil, generator: String? = nil
    ) {
        self.id = id
        self.takenAt = takenAt
        self.utcOffsetSeconds = utcOffsetSeconds
        self.generator = generator
    }
}

/// The host itself.
package struct HostRecord: Sendable, Equatable {
    /// What stays the same from one execution to the next.
    package var hostID: String
    /// Where `hostID` comes from: `machine-id`, `dmi`, `hostname` or `option`.
    package var hostIDSource: String?
    package var hostname: String?
    /// The address that a person would call the host's.
    package var ip: String?
    /// Every address but loopback and link-local ones.
    package var addresses: [String]?
    /// Unix seconds.
    package var bootTime: Int?
    /// The kernel's release: `6.1.0-28-amd64`.
    package var kernel: String?
    /// The machine's hardware name: `x86_64`.
    package var arch: String?
    /// What systemd-detect-virt(1) would call the container: `docker`, `lxc`, …; `none` outside
    /// of one.
    package var container: String?

    package init(hostID: String) { self.hostID = hostID }
}

/// The operating system, by os-release(5).
package struct OSVersionRecord: Sendable, Equatable {
    /// NAME: `Debian GNU/Linux`.
    package var name: String
    /// VERSION_ID: `12`.
    package var version: String?
    /// ID: `debian`.
    package var platform: String?
    /// ID_LIKE: `rhel centos fedora`.
    package var platformLike: String?
    /// VERSION_CODENAME: `bookworm`.
    package var codename: String?
    /// The point release, where `version` has less: `12.4` of Debian 12.
    package var release: String?
    /// The maker's own number of what is installed, where there is one: `69057`.
    package var build: String?

    package init(name: String) { self.name = name }
}

/// The processor.
package struct CPUInfoRecord: Sendable, Equatable {
    /// The name that a person would recognise.
    package var model: String?
    package var manufacturer: String?
    package var sockets: Int?
    /// Cores in all sockets together.
    package var numberOfCores: Int?
    package var logicalProcessors: Int?
    package var maxClockSpeedMHz: Int?

    package init() {}
}

/// How much the collector was able to see.
package struct CollectionRecord: Sendable, Equatable {
    /// Effective user id of the collector: 0 sees most.
    package var euid: Int?
    /// Where the logged-in users come from: `utmp`, to which logind may have added; `logind`, where
    /// they are in none but its account; or `none` where the host keeps no account, and who is
    /// logged in is unknown.
    package var sessionSource: String?
    /// Whether hidepid or a pid namespace keeps processes from view.
    package var processesHidden: Bool?
    /// Processes that were seen but could not be read.
    package var processesUnreadable: Int?
    /// Files that are there and could not be read, and why: `etc/passwd: Input/output error`.
    /// nil if there are none.
    package var unreadable: [String]?

    package init() {}
}

/// One process.
package struct ProcessRecord: Sendable, Equatable {
    package var pid: Int
    package var name: RawText
    package var parent: Int?
    /// The effective user id: as whom the process acts, as ps(1) shows it.
    package var uid: Int?
    /// The name that the host gives to `uid`.
    package var user: RawText?
    /// Unix seconds.
    package var startTime: Int?
    /// The executable, with ` (deleted)` behind it where it is no more.
    package var path: RawText?

    package init(pid: Int, name: RawText) {
        self.pid = pid
        self.name = name
    }
}

/// One login session.
package struct UserRecord: Sendable, Equatable {
    package var user: RawText
    package var tty: RawText?
    /// Where the user came from, for a login over the network.
    package var host: RawText?
    /// Unix seconds.
    package var time: Int?
    package var pid: Int?

    package init(user: RawText) { self.user = user }
}
