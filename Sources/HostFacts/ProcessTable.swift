import Linux
import Snapshot
import SystemPackage

/// The processes of a host, from its /proc.
struct ProcessTable {
    private(set) var processes: [ProcessRecord] = []
    /// Of all processes that were seen, those too that could not be read.
    private(set) var processIDs: Set<Int> = []
    /// Processes that were seen but could not be read.
    private(set) var unreadable = 0

    /// Whether the kernel's own threads are out of view, as they are within a pid namespace and
    /// where hidepid keeps a user from all processes but their own. Where they are in view and may
    /// not be read, nothing is hidden.
    var areSomeHidden: Bool {
        if let second = processes.first(where: { $0.pid == 2 }) {
            return second.parent != 0 || second.name != "kthreadd"
        }
        return !processIDs.contains(2)
    }

    /// - Parameter bootTime: Unix seconds.
    /// - Returns: nil if the tree has no /proc, or one on which nothing is mounted.
    init?(_ tree: borrowing FileTree, bootTime: Int?, passwd: Passwd) {
        do throws(FileError) {
            let proc = try tree.directory("proc")
            let pids = try proc.entries().filter { $0.kind == .directory }
                .compactMap { processID($0.name.string) }.sorted()
            if pids.isEmpty { return nil }
            let clock = StartClock(bootTime: bootTime)
            for pid in pids { add(pid, proc, clock, passwd) }
        } catch {
            return nil
        }
    }

    private mutating func add(
        _ pid: Int, _ proc: borrowing Directory, _ clock: StartClock, _ passwd: Passwd
    ) {
        do throws(FileError) {
            // Held open, so that all that is read is of one process, whatever takes its id.
            let directory = try proc.directory(FilePath("\(pid)"))
            guard let stat = ProcessStat(try directory.open("stat").contents()) else {
                throw FileError("read", directory.path, .invalidArgument)
            }
            processes.append(record(pid, stat, directory, clock, passwd))
            processIDs.insert(pid)
        } catch let error where error.isEndedProcess {
            return
        } catch {
            processIDs.insert(pid)
            unreadable += 1
        }
    }

    private func record(
        _ pid: Int, _ stat: ProcessStat, _ directory: borrowing Directory, _ clock: StartClock,
        _ passwd: Passwd
    ) -> ProcessRecord {
        var process = ProcessRecord(pid: pid, name: RawText(stat.name))
        if stat.name.count >= 15 {
            // The first argument is enough, and is not longer than any path.
            let commandLine = known { () throws(FileError) in
                try directory.open("cmdline").beginning(count: 8192)
            }
            process.name = fullName(stat.name, commandLine: commandLine ?? [])
        }
        process.parent = stat.parent
        process.uid = known { () throws(FileError) in try directory.open("status").contents() }
            .flatMap(effectiveUserID(inStatus:))
        process.user = process.uid.flatMap(passwd.name(of:))
        process.startTime = clock.unixTime(ofTicks: stat.startTicks)
        // The kernel's own threads have no executable; others' may not be read without root.
        process.path = known { () throws(FileError) in try directory.link("exe") }
            .map { RawText($0) }
        return process
    }

    /// nil for what the kernel does not tell, for whatever reason. That the process was there is
    /// known from its `stat`.
    private func known(_ read: () throws(FileError) -> [UInt8]) -> [UInt8]? {
        do throws(FileError) { return try read() } catch { return nil }
    }
}

/// The process that a directory of /proc stands for, if it does for one.
private func processID(_ name: String) -> Int? {
    guard let number = UInt32(name), String(number) == name else { return nil }
    return Int(number)
}

/// Turns the kernel's count of clock ticks into times.
private struct StartClock {
    let bootTime: Int?
    private let ticksPerSecond = CallingProcess.clockTicksPerSecond

    init(bootTime: Int?) { self.bootTime = bootTime }

    /// - Returns: nil where the kernel's numbers are not such.
    func unixTime(ofTicks ticks: Int) -> Int? {
        guard let bootTime else { return nil }
        let (time, overflow) = bootTime.addingReportingOverflow(ticks / ticksPerSecond)
        return overflow ? nil : time
    }
}
