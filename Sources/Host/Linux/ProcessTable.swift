import CHost
import Records
import Text

/// The processes of a host, from its /proc.
struct ProcessTable {
    private(set) var processes: [ProcessRecord] = []
    /// Of all processes that were seen, those too that could not be read.
    private(set) var processIDs: Set<Int64> = []
    /// Processes that were seen but could not be read.
    private(set) var unreadable: Int64 = 0

    /// Whether the kernel's own threads are out of view, as they are within a pid namespace and
    /// where hidepid keeps a user from all processes but their own. Where they are in view and may
    /// not be read, nothing is hidden.
    private(set) var areSomeHidden = true

    /// - Parameters:
    ///   - bootTime: Unix seconds.
    ///   - kernel: the kernel's release.
    ///   - accounts: names the owners.
    /// - Returns: nil if the tree has no /proc, or one on which nothing is mounted.
    init?(
        _ tree: borrowing HostTree, bootTime: Int64?, kernel: String? = nil,
        accounts: inout Accounts
    ) {
        do throws(HostError) {
            let proc = try tree.directory("proc")
            var pids = try proc.entries().filter { $0.kind == .directory }
                .compactMap { processID($0.name) }
            if pids.isEmpty { return nil }
            heapSort(
                pids.count, isBefore: { pids[$0] < pids[$1] }, swap: { pids.swapAt($0, $1) })
            let clock = StartClock(bootTime: bootTime)
            for pid in pids { add(pid, proc, clock, tree) }
        } catch {
            tree.note(error)
            return nil
        }
        for index in processes.indices {
            processes[index].user = processes[index].uid.flatMap { accounts.name(of: $0, tree) }
        }
        areSomeHidden = !isKernelInView(kernel)
    }

    /// Whether the second process is the kernel's own, as it is where it counts its processes from
    /// one: `kthreadd`, or what was started first of its threads before Linux 2.6.22 had that.
    private func isKernelInView(_ kernel: String?) -> Bool {
        guard let second = processes.first(where: { $0.pid == 2 }) else {
            return processIDs.contains(2)
        }
        if second.name == "kthreadd" { return second.parent == 0 }
        guard let kernel, isBeforeKthreadd(kernel), second.path == nil,
            second.parent == 0 || second.parent == 1
        else { return false }
        let first = ["migration/0", "migration_CPU0", "ksoftirqd/0", "ksoftirqd_CPU0", "keventd"]
        return first.contains { second.name.bytes.elementsEqual($0.utf8) }
    }

    private mutating func add(
        _ pid: Int64, _ proc: borrowing HostDirectory, _ clock: StartClock,
        _ tree: borrowing HostTree
    ) {
        do throws(HostError) {
            // Held open, so that all that is read is of one process, whatever takes its id.
            let directory = try proc.directory("\(pid)")
            guard let stat = ProcessStat(try directory.open("stat").record()) else {
                throw HostError(directory.path, census_invalid())
            }
            processes.append(record(pid, stat, directory, clock, tree))
            processIDs.insert(pid)
        } catch let error where error.isEndedProcess {
            return
        } catch {
            if !error.isRefusal { tree.note(error) }
            processIDs.insert(pid)
            unreadable += 1
        }
    }

    private func record(
        _ pid: Int64, _ stat: ProcessStat, _ directory: borrowing HostDirectory,
        _ clock: StartClock,
        _ tree: borrowing HostTree
    ) -> ProcessRecord {
        var process = ProcessRecord(pid: pid, name: RawText(stat.name))
        // The kernel's own threads have no executable; others' may not be read without root.
        let executable = known(tree) { () throws(HostError) in try directory.link("exe") }
        if stat.name.count >= 15 {
            // The arguments that name a program stand first, and are not longer than any path.
            let commandLine = known(tree) { () throws(HostError) in
                try directory.open("cmdline").beginning(count: 8192)
            }
            process.name = fullName(
                stat.name, commandLine: commandLine ?? [], executable: executable)
        }
        process.parent = stat.parent
        process.uid = known(tree) { () throws(HostError) in
            try directory.open("status").record()
        }.flatMap({ effectiveUserID(inStatus: $0) })
        process.startTime = clock.unixTime(ofTicks: stat.startTicks)
        process.path = executable.map { RawText($0) }
        return process
    }

    /// nil for what the kernel does not tell, for whatever reason. That the process was there is
    /// known from its `stat`.
    private func known(
        _ tree: borrowing HostTree, _ read: () throws(HostError) -> [UInt8]
    ) -> [UInt8]? {
        do throws(HostError) { return try read() } catch {
            if !error.isRefusal { tree.note(error) }
            return nil
        }
    }
}

/// Whether the kernel of this release, `2.6.18-398.el5`, is older than 2.6.22.
func isBeforeKthreadd(_ release: String) -> Bool {
    let numbers = release.split { !"0123456789".contains($0) }.prefix(3).map { Int64($0) ?? 0 }
    return numbers.count == 3 && (numbers[0], numbers[1], numbers[2]) < (2, 6, 22)
}

/// The process that a directory of /proc stands for, if it does for one.
private func processID(_ name: String) -> Int64? {
    guard let number = UInt32(name), String(number) == name else { return nil }
    return Int64(number)
}

/// Turns the kernel's count of clock ticks into times.
private struct StartClock {
    let bootTime: Int64?
    private let ticksPerSecond = LiveSystem.clockTicksPerSecond

    init(bootTime: Int64?) { self.bootTime = bootTime }

    /// - Returns: nil where the kernel's numbers are not such.
    func unixTime(ofTicks ticks: Int64) -> Int64? {
        guard let bootTime else { return nil }
        let (time, overflow) = bootTime.addingReportingOverflow(ticks / ticksPerSecond)
        return overflow ? nil : time
    }
}
