import Text

/// The earliest possible days of operating system versions. An execution with an earlier date has a
/// wrong clock. A version that is not in these tables has no earliest day.
///
/// Sources: for Linux the dates of the release tags, as on kernel.org; for Debian and Ubuntu the
/// package distro-info-data; for all others endoflife.date, checked against the vendor's
/// announcement. If sources differ, the earlier day is used.
struct ReleaseDates {
    /// The software of a host that has release dates.
    struct System: Hashable {
        /// NAME, VERSION_ID and ID of os-release(5).
        var name: String
        var version: String?
        var platform: String?
        var kernel: String?
        /// The program that wrote the snapshot.
        var generator: String?
    }

    /// A version and its earliest possible day: `Linux 6.1`, `2022-10-02`.
    struct Bound: Hashable {
        let what: String
        let day: String
    }

    private var known: [System: Bound?] = [:]

    /// The later of the bounds of the kernel and the operating system; nil if there is none.
    mutating func bound(of system: System) -> Bound? {
        if let bound = known[system] { return bound }
        let bounds = [Self.kernel(system), Self.operatingSystem(system)].compactMap(\.self)
        let bound = bounds.max { $0.day < $1.day }
        known[system] = .some(bound)
        return bound
    }

    // MARK: Kernels

    /// A distribution's kernel is not older than its series. A series begins with its first release
    /// candidate, after the release of the previous series.
    private static func kernel(_ system: System) -> Bound? {
        // Other kernels have similar numbers: Solaris 5.11, Windows 6.1.7601.
        guard isLinux(system), let kernel = system.kernel,
            let match = kernel.prefixMatch(of: /([0-9]+\.[0-9]+)\.[0-9]+/),
            let index = kernelReleases.firstIndex(where: { $0.series == match.1 }), index > 0
        else { return nil }
        return Bound(what: "Linux \(match.1)", day: kernelReleases[index - 1].day)
    }

    private static func isLinux(_ system: System) -> Bool {
        if let family = family(system) { return family != .windows }
        return system.generator?.hasPrefix("census ") == true && system.platform != "windows"
            || system.name.lowercased().contains("linux")
    }

    private static let kernelReleases: [(series: String, day: String)] = [
        ("4.19", "2018-10-22"), ("4.20", "2018-12-23"), ("5.0", "2019-03-03"),
        ("5.1", "2019-05-05"), ("5.2", "2019-07-07"), ("5.3", "2019-09-15"),
        ("5.4", "2019-11-24"), ("5.5", "2020-01-26"), ("5.6", "2020-03-29"),
        ("5.7", "2020-05-31"), ("5.8", "2020-08-02"), ("5.9", "2020-10-11"),
        ("5.10", "2020-12-13"), ("5.11", "2021-02-14"), ("5.12", "2021-04-25"),
        ("5.13", "2021-06-27"), ("5.14", "2021-08-29"), ("5.15", "2021-10-31"),
        ("5.16", "2022-01-09"), ("5.17", "2022-03-20"), ("5.18", "2022-05-22"),
        ("5.19", "2022-07-31"), ("6.0", "2022-10-02"), ("6.1", "2022-12-11"),
        ("6.2", "2023-02-19"), ("6.3", "2023-04-23"), ("6.4", "2023-06-25"),
        ("6.5", "2023-08-27"), ("6.6", "2023-10-29"), ("6.7", "2024-01-07"),
        ("6.8", "2024-03-10"), ("6.9", "2024-05-12"), ("6.10", "2024-07-14"),
        ("6.11", "2024-09-15"), ("6.12", "2024-11-17"), ("6.13", "2025-01-19"),
        ("6.14", "2025-03-24"), ("6.15", "2025-05-25"), ("6.16", "2025-07-27"),
        ("6.17", "2025-09-28"), ("6.18", "2025-11-30"), ("6.19", "2026-02-08"),
        ("7.0", "2026-04-12"), ("7.1", "2026-06-14"), ("7.2", "2026-08-16"),
    ]

    // MARK: Operating systems

    private enum Family { case ubuntu, debian, redHat, fedora, suse, alpine, windows }

    /// The longest time for which a pre-release has the number of its version: Fedora rawhide had
    /// that of Fedora 37 for 280 days, openSUSE Leap 16.0 was available for a year before its
    /// release.
    private static let daysOfDevelopment: Int64 = 400

    private static func operatingSystem(_ system: System) -> Bound? {
        guard let family = family(system), let version = system.version,
            let release = release(family, version),
            let day = Timestamp(sqlText: "\(release.day) 00:00:00"),
            let earliest = Timestamp(unixSeconds: day.unixSeconds - daysOfDevelopment * 86_400)
        else { return nil }
        return Bound(what: "\(system.name) \(release.version)", day: earliest.day)
    }

    /// - Returns: nil if name and ID disagree: a derived distribution can keep the ID of its parent
    ///   with a name and version of its own.
    private static func family(_ system: System) -> Family? {
        let name = system.name.lowercased()
        let byName = names.first { name == $0.name || name.hasPrefix($0.name + " ") }?.family
        guard let platform = system.platform?.lowercased() else { return byName }
        return platforms[platform] == byName ? byName : nil
    }

    private static let platforms: [String: Family] = [
        "ubuntu": .ubuntu, "debian": .debian, "raspbian": .debian, "rhel": .redHat,
        "centos": .redHat, "rocky": .redHat, "almalinux": .redHat, "ol": .redHat,
        "fedora": .fedora, "sles": .suse, "sled": .suse, "sles_sap": .suse,
        "opensuse-leap": .suse, "alpine": .alpine, "windows": .windows,
    ]

    private static let names: [(name: String, family: Family)] = [
        ("ubuntu", .ubuntu), ("debian gnu/linux", .debian), ("raspbian gnu/linux", .debian),
        ("red hat enterprise linux", .redHat), ("centos linux", .redHat),
        ("centos stream", .redHat), ("rocky linux", .redHat), ("almalinux", .redHat),
        ("oracle linux", .redHat), ("fedora", .fedora), ("sles", .suse), ("sles_sap", .suse),
        ("sled", .suse),
        ("suse linux enterprise server", .suse), ("suse linux enterprise desktop", .suse),
        ("opensuse leap", .suse), ("alpine linux", .alpine), ("windows", .windows),
        ("microsoft windows", .windows),
    ]

    /// The matching known version and its release day.
    private static func release(
        _ family: Family, _ version: String
    ) -> (version: String, day: String)? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39) ~= $0 } })
        else { return nil }
        let major = String(parts[0])
        let minor = parts.count > 1 ? "\(major).\(parts[1])" : major
        func known(_ days: [String: String], _ version: String) -> (version: String, day: String)? {
            days[version].map { (version, $0) }
        }
        switch family {
        case .ubuntu:
            // The version is the year and month of the release.
            guard parts.count > 1, parts[0].utf8.count == 2, ["04", "10"].contains(parts[1])
            else { return nil }
            return (minor, "20\(major)-\(parts[1])-01")
        case .debian: return known(debian, major)
        case .redHat: return known(redHat, major)
        case .fedora: return known(fedora, major)
        case .suse: return known(suse, minor)
        case .alpine: return known(alpine, minor)
        case .windows:
            // `10.0.22621`, `10.0.22621.1702`, `22621`, or the name only.
            let build = parts.count > 2 ? parts[2] : parts[0]
            return known(windows, String(build))
        }
    }

    private static let debian = [
        "10": "2019-07-06", "11": "2021-08-14", "12": "2023-06-10", "13": "2025-08-09",
    ]

    /// Red Hat Enterprise Linux or, since 9, CentOS Stream, which is released earlier.
    private static let redHat = ["8": "2019-05-07", "9": "2021-09-15", "10": "2024-12-12"]

    private static let fedora = [
        "32": "2020-04-28", "33": "2020-10-27", "34": "2021-04-27", "35": "2021-11-02",
        "36": "2022-05-10", "37": "2022-11-15", "38": "2023-04-18", "39": "2023-11-07",
        "40": "2024-04-23", "41": "2024-10-29", "42": "2025-04-15", "43": "2025-10-28",
        "44": "2026-04-28",
    ]

    /// openSUSE Leap or SUSE Linux Enterprise, whichever was released first.
    private static let suse = [
        "15.2": "2020-07-02", "15.3": "2021-06-02", "15.4": "2022-06-08", "15.5": "2023-06-07",
        "15.6": "2024-06-12", "15.7": "2025-06-17", "16.0": "2025-10-01",
    ]

    private static let alpine = [
        "3.12": "2020-05-29", "3.13": "2021-01-14", "3.14": "2021-06-15", "3.15": "2021-11-24",
        "3.16": "2022-05-23", "3.17": "2022-11-22", "3.18": "2023-05-09", "3.19": "2023-12-07",
        "3.20": "2024-05-22", "3.21": "2024-12-05", "3.22": "2025-05-30", "3.23": "2025-12-04",
        "3.24": "2026-06-09",
    ]

    /// By build number; Windows 11 also by name. Build 26200 was a preview long before its release,
    /// so it has the day of its predecessor.
    private static let windows = [
        "19042": "2020-10-20", "19043": "2021-05-18", "19044": "2021-11-16",
        "19045": "2022-10-18", "20348": "2021-08-18", "22000": "2021-10-04", "11": "2021-10-04",
        "22621": "2022-09-20", "22631": "2023-10-31", "26100": "2024-06-18",
        "26200": "2024-06-18", "28000": "2026-02-10",
    ]
}

extension Timestamp {
    /// `2026-11-23`.
    var day: String { String(sqlText.prefix(10)) }
}
