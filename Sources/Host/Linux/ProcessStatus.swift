/// The effective user id in /proc/PID/status, proc_pid_status(5).
/// - Returns: nil if the text has no such line.
func effectiveUserID(inStatus bytes: [UInt8]) -> Int64? {
    // Real, effective, saved, file system.
    guard let numbers = bytes.value("Uid:")?.split(whereSeparator: { $0 == 0x09 || $0 == 0x20 }),
        numbers.count > 1
    else { return nil }
    return UInt32(String(decoding: numbers[1], as: UTF8.self)).map { Int64($0) }
}
