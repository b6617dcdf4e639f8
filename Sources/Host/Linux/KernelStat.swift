/// The line `btime` of /proc/stat: when the system was started, in Unix seconds.
func systemStart(inStat text: String) -> Int64? {
    text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int64($0.dropFirst(6)) }
}
