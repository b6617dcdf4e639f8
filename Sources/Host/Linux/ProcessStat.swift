/// What /proc/PID/stat says of a process, proc_pid_stat(5).
struct ProcessStat: Equatable {
    /// At most 15 bytes for a program; the kernel's own threads may have longer names.
    var name: [UInt8]
    var parent: Int64
    /// Clock ticks after the system's start.
    var startTicks: Int64

    /// Field 2 is the name in parentheses. It may hold anything, parentheses and newlines too, so
    /// it ends at the last closing one.
    /// - Returns: nil if the text is not such a line.
    init?(_ bytes: [UInt8]) {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        let fields = bytes[(close + 1)...].split { $0 == UInt8(ascii: " ") }
        // Behind the name comes field 3; the parent is field 4, the start field 22.
        guard fields.count > 19, let parent = Int64(String(decoding: fields[1], as: UTF8.self)),
            let start = Int64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        name = Array(bytes[(open + 1)..<close])
        self.parent = parent
        startTicks = start
    }
}
