/// The processes of an execution, sorted by PID and by the bytes of their names.
///
/// Those that the execution before had, too, are neither read nor sorted again.
struct ProcessOrder {
    private struct Process {
        let id: Int64
        let pid: Int64
        /// In `names`.
        var name: Range<Int>
    }

    /// In the order of their ids.
    private var processes: [Process] = []
    /// The indices in `processes`, in the order of the rows.
    private var order: [Int] = []
    /// Those of the execution before, and the index of each in `processes`; nil if it has ended.
    private var previous: [Process] = []
    private var previousOrder: [Int] = []
    private var moved: [Int?] = []
    /// The indices of those that the execution before did not have.
    private var new: [Int] = []
    /// The UTF-8 of names, also of some processes that have ended.
    private var names: [UInt8] = []

    /// The number of processes, after the end of the execution.
    var count: Int { order.count }

    /// The name of a process, in the order of the rows.
    func name(_ row: Int) -> ArraySlice<UInt8> { names[processes[order[row]].name] }

    /// Begins the next execution.
    mutating func beginExecution() {
        swap(&processes, &previous)
        swap(&order, &previousOrder)
        processes.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        moved.removeAll(keepingCapacity: true)
        new.removeAll(keepingCapacity: true)
    }

    /// Adds a process if the execution before had it.
    /// - Parameter id: greater than those before it.
    /// - Returns: false if it is to be appended.
    mutating func keep(_ id: Int64) -> Bool {
        while moved.count < previous.count && previous[moved.count].id < id { moved.append(nil) }
        guard moved.count < previous.count, previous[moved.count].id == id else { return false }
        processes.append(previous[moved.count])
        moved.append(processes.count - 1)
        return true
    }

    /// Adds a process that was not kept.
    /// - Parameter appendName: appends its UTF-8.
    mutating func append(_ id: Int64, pid: Int64, appendName: (inout [UInt8]) -> Void) {
        let start = names.count
        appendName(&names)
        new.append(processes.count)
        processes.append(Process(id: id, pid: pid, name: start..<names.count))
    }

    /// Sorts the processes, after the last was added.
    mutating func endExecution() {
        while moved.count < previous.count { moved.append(nil) }
        new = new.sorted { precedes($0, $1) }
        var next = 0
        for index in previousOrder {
            guard let kept = moved[index] else { continue }
            while next < new.count && precedes(new[next], kept) {
                order.append(new[next])
                next += 1
            }
            order.append(kept)
        }
        order += new[next...]
        removeOldNames()
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        let (a, b) = (processes[one], processes[other])
        return a.pid != b.pid
            ? a.pid < b.pid : names[a.name].lexicographicallyPrecedes(names[b.name])
    }

    /// Keeps the names of the present processes, if most are of others.
    private mutating func removeOldNames() {
        let needed = processes.reduce(0) { $0 + $1.name.count }
        if names.count <= 2 * needed + 1 << 16 { return }
        var present: [UInt8] = []
        present.reserveCapacity(needed)
        for index in processes.indices {
            let start = present.count
            present += names[processes[index].name]
            processes[index].name = start..<present.count
        }
        names = present
    }
}
