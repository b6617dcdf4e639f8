/// Clocks of two machines, and of one before and after it was set, may differ by a minute.
package enum ClockTolerance {
    /// How many seconds two clocks may differ by.
    package static let seconds: Int64 = 60

    /// Whether a moment is later than another, beyond the tolerance. Both are as SQL writes them.
    package static func isLater(_ moment: String, than other: String) -> Bool {
        if moment <= other { return false }
        guard let moment = Timestamp(sqlText: moment), let other = Timestamp(sqlText: other) else {
            return true
        }
        return moment.unixSeconds - other.unixSeconds > seconds
    }

    /// Whether two moments differ beyond the tolerance. Both are as SQL writes them.
    package static func differ(_ moment: String, _ other: String) -> Bool {
        isLater(moment, than: other) || isLater(other, than: moment)
    }
}
