import Linux
import Snapshot

/// The processes of a host, from its /proc.
struct ProcessTable {
    private(set) var processes: [ProcessRecord] = []
    /// Processes that were seen but may not be read.
    private(set) var unreadable = 0

    /// Whether the kernel's own threads are out of view, as they are within a pid namespace and
    /// where hidepid keeps a user from all processes but their own.
    var areSomeHidden: Bool { !processes.contains { $0.pid == 2 && $0.name == "kthreadd" } }

    /// - Parameters:
    ///   - proc: the tree's /proc.
    ///   - bootTime: Unix seconds.
    init(_ proc: borrowing Directory, bootTime: Int?, passwd: Passwd) throws(FileError) {
        let ticksPerSecond = CallingProcess.clockTicksPerSecond
        let pids = try proc.entries().compactMap { Int($0.name.string) }.sorted()
        for pid in pids {
            do {
                guard let stat = ProcessStat(try proc.open("\(pid)/stat").contents()) else {
                    unreadable += 1
                    continue
                }
                var process = ProcessRecord(pid: pid, name: RawText(stat.name))
                if stat.name.count >= 15 {
                    let commandLine = try readable { () throws(FileError) in
                        try proc.open("\(pid)/cmdline").contents()
                    }
                    process.name = fullName(stat.name, commandLine: commandLine ?? [])
                }
                process.parent = stat.parent
                process.uid = try readable { () throws(FileError) in
                    try proc.open("\(pid)/status").contents()
                }.flatMap(effectiveUserID(inStatus:))
                process.user = process.uid.flatMap(passwd.name(of:))
                process.startTime = bootTime.map { $0 + stat.startTicks / ticksPerSecond }
                process.path = try executable(of: pid, in: proc)
                processes.append(process)
            } catch let error where error.isEndedProcess {
                continue
            } catch let error where error.isRefusal {
                unreadable += 1
            }
        }
    }

    /// nil for what is there but may not be read.
    private func readable(
        _ read: () throws(FileError) -> [UInt8]
    ) throws(FileError) -> [UInt8]? {
        do { return try read() } catch let error where error.isRefusal { return nil }
    }

    /// The kernel's own threads have no executable: their link cannot be read, ENOENT. Neither can
    /// that of a process that has just ended; that it has a stat says it was there.
    private func executable(
        of pid: Int, in proc: borrowing Directory
    ) throws(FileError) -> RawText? {
        do {
            return RawText(try proc.link("\(pid)/exe"))
        } catch let error where error.isEndedProcess || error.isRefusal || error.isAbsence {
            return nil
        }
    }
}
