package import Records

/// What reads a host: a value that has read it once it is made, and yields its records.
///
/// A platform is a folder beside this file with a collector of its own, and a line below. A kind of
/// record is a file in that folder and a line in its collector's `yield`.
package protocol Collector: ~Copyable {
    /// Reads the host. What cannot be read stays unknown.
    /// - Parameters:
    ///   - root: the root of its file system; `/` for that of the running system.
    ///   - hostID: identifies the host instead of what it has itself.
    ///   - choice: the kinds of records that `yield` gives.
    static func read(
        root: String, hostID: String?, choice: RecordChoice
    ) throws(CollectorError) -> Self

    /// Whether the host is the running system.
    var isLive: Bool { get }

    /// The records of which every snapshot has one.
    var head: SnapshotHead { get }

    /// Gives all others to the sink, in the order of the format.
    func yield(to sink: inout some RecordSink & ~Copyable)
}

#if WINDOWS
    /// The collector of the platform that this was compiled for.
    package typealias HostCollector = WindowsCollector
#else
    /// The collector of the platform that this was compiled for.
    package typealias HostCollector = LinuxCollector
#endif

/// Why a host was not read.
package enum CollectorError: Error {
    /// The root of its file system cannot be opened.
    case root(HostError)
    /// Nothing identifies it; why, and what to do, in words for the user.
    case unidentified(String)
}

/// The records that a host has one of each, which come first in a snapshot.
package struct SnapshotHead: Sendable, Equatable {
    /// The host itself.
    package var host: HostRecord
    /// Its operating system.
    package var osVersion: OSVersionRecord
    /// Its processor.
    package var cpuInfo: CPUInfoRecord
    /// How much the collector was able to see.
    package var collection: CollectionRecord
}
