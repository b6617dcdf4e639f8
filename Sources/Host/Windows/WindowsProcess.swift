import Records
import Text

/// A process as NtQuerySystemInformation has it, whoever asks.
struct WindowsProcess: Equatable {
    var pid: Int64
    var parent: Int64
    /// A FILETIME; 0 for that which is no process, but the time in which there is nothing to do.
    var start: Int64 = 0
    /// `svchost.exe`; empty for that one.
    var name: [UInt16]

    private static let idle: Int64 = 0
    private static let system: Int64 = 4

    /// Whether it is the kernel's own, which has neither a token nor an executable to ask for.
    /// (The article "Process Security and Access Rights" names both.)
    var isKernel: Bool { pid == Self.idle || pid == Self.system }

    /// The record without owner and path. The two that have no executable are called as Task Manager
    /// calls them.
    var record: ProcessRecord {
        let name: RawText =
            switch pid {
            case Self.idle: "System Idle Process"
            case Self.system: "System"
            default: RawText(utf16: self.name)
            }
        var record = ProcessRecord(pid: pid, name: name)
        record.parent = parent
        record.startTime = unixSeconds(fileTime: start)
        return record
    }
}

/// LocalSystem, S-1-5-18 (article "Well-known SIDs"), whose the kernel's processes are.
let localSystem: [UInt8] = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]
