/// The line `btime` of /proc/stat: when the system was started, in Unix seconds.
func systemStart(inStat text: String) -> Int? {
    text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6)) }
}
