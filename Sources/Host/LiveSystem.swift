import CHost

/// What the running system says when it is asked, and has in no file.
package enum LiveSystem {
    /// The user id that this process acts as.
    package static var effectiveUserID: Int64 { Int64(census_effective_user()) }

    /// The machine's hardware name, uname(2): `x86_64`.
    static var machine: String {
        String(decoding: filled(upTo: 65) { unsafe census_machine($0, $1) }, as: UTF8.self)
    }

    /// The name that an x86 processor has for the hypervisor: `KVMKVMKVM`; empty if there is none, nil
    /// if the processor cannot be asked.
    static var hypervisor: [UInt8]? {
        var count: Int32 = 0
        let name = filled(upTo: 12) { buffer, _ in
            unsafe count = census_hypervisor(buffer)
            return count
        }
        return count < 0 ? nil : name.filter { $0 != 0 }
    }

    /// Ticks a second of the times in /proc, sysconf(3).
    static var clockTicksPerSecond: Int64 { census_ticks_per_second() }

    /// How far local time is ahead of UTC at `unixTime`, in seconds.
    package static func utcOffsetSeconds(at unixTime: Int64) -> Int64 {
        census_utc_offset(unixTime)
    }

    /// Whether a process of this id is there, though it may not be in view; kill(2).
    static func isAlive(_ pid: Int64) -> Bool { census_is_alive(pid) != 0 }
}
