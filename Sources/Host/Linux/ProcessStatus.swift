/// The effective user id in /proc/PID/status, proc_pid_status(5).
/// - Returns: nil if the text has no such line.
func effectiveUserID(inStatus bytes: [UInt8]) -> Int64? {
    let label = Array("Uid:".utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: label) {
        // Real, effective, saved, file system.
        let numbers = line.dropFirst(label.count).split { $0 == 0x09 || $0 == 0x20 }
        guard numbers.count > 1 else { return nil }
        return UInt32(String(decoding: numbers[1], as: UTF8.self)).map { Int64($0) }
    }
    return nil
}
