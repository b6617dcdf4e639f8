import Snapshot

/// What /proc/PID/stat says of a process, proc_pid_stat(5).
struct ProcessStat: Equatable {
    /// At most 15 bytes for a program; the kernel's own threads may have longer names.
    var name: [UInt8]
    var parent: Int
    /// Clock ticks after the system's start.
    var startTicks: Int

    /// Field 2 is the name in parentheses. It may hold anything, parentheses and newlines too, so
    /// it ends at the last closing one.
    /// - Returns: nil if the text is not such a line.
    init?(_ bytes: [UInt8]) {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        let fields = bytes[(close + 1)...].split { $0 == UInt8(ascii: " ") }
        // Behind the name comes field 3; the parent is field 4, the start field 22.
        guard fields.count > 19, let parent = Int(String(decoding: fields[1], as: UTF8.self)),
            let start = Int(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        name = Array(bytes[(open + 1)..<close])
        self.parent = parent
        startTicks = start
    }
}

/// The effective user id in /proc/PID/status, proc_pid_status(5).
/// - Returns: nil if the text has no such line.
func effectiveUserID(inStatus bytes: [UInt8]) -> Int? {
    let label = Array("Uid:".utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: label) {
        // Real, effective, saved, file system.
        let numbers = line.dropFirst(label.count).split { $0 == 0x09 || $0 == 0x20 }
        guard numbers.count > 1 else { return nil }
        return UInt32(String(decoding: numbers[1], as: UTF8.self)).map { Int($0) }
    }
    return nil
}

/// The name of a process, in full.
///
/// The kernel keeps 15 bytes of it. Where that many are there, the base name of the first argument
/// is the name if it begins with them; a process can write what it wants into its arguments, but
/// not contradict the kernel, nor be longer than a file's name.
/// - Parameter commandLine: /proc/PID/cmdline, or its beginning.
func fullName(_ name: [UInt8], commandLine: [UInt8]) -> RawText {
    guard name.count >= 15 else { return RawText(name) }
    let end = commandLine.firstIndex(of: 0) ?? commandLine.endIndex
    let first = commandLine[..<end]
    var candidates = [first]
    // A process that has written a title of its own has one argument, with spaces in it.
    if commandLine[end...].allSatisfy({ $0 == 0 }) {
        candidates.insert(first.prefix { $0 != UInt8(ascii: " ") }, at: 0)
    }
    for candidate in candidates {
        let baseName = candidate.split(separator: UInt8(ascii: "/")).last ?? []
        if baseName.starts(with: name) && baseName.count <= 255 { return RawText(baseName) }
    }
    return RawText(name)
}
