/// A moment in UTC, to the second, of the years 0001 to 9999 of the Gregorian calendar. (Servers of
/// the MySQL family have no leap day in year 0.)
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let unixSeconds: Int64

    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// - Returns: nil outside of the years 0001 to 9999.
    package init?(unixSeconds: Int64) {
        guard Self.range.contains(unixSeconds) else { return nil }
        self.unixSeconds = unixSeconds
    }

    /// The moment itself, or of what is outside of the years 0001 to 9999 the nearest in them.
    package init(nearestTo unixSeconds: Int64) {
        self.unixSeconds = min(max(unixSeconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// Reads `2026-11-23T05:13:11Z` (RFC 3339, UTC, whole seconds) and no other spelling.
    package init?(_ text: String) {
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
        guard digits.count == 14 else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let days = Self.days(year: number(0..<4), month: number(4..<6), day: number(6..<8))
        let time = number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
        // What is out of range comes out as another time, and other characters are not there.
        guard let timestamp = Timestamp(unixSeconds: Int64(days) * 86_400 + Int64(time)),
            timestamp.description.utf8.elementsEqual(text.utf8)
        else { return nil }
        self = timestamp
    }

    /// Midnight of a day, `20261123`; nil if there is no such day.
    package init?(midnightOf digits: [UInt8]) {
        guard digits.count == 8 else { return nil }
        var number = 0
        for digit in digits {
            guard 0x30...0x39 ~= digit else { return nil }
            number = number * 10 + Int(digit & 15)
        }
        let days = Self.days(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        guard let midnight = Timestamp(unixSeconds: Int64(days) * 86_400),
            // What is out of range comes out as another day.
            Array(midnight.basicFormat.utf8)[..<8].elementsEqual(digits)
        else { return nil }
        self = midnight
    }

    /// `2026-11-23T05:13:11Z`.
    package var description: String { text(dateSeparator: "-", "T", timeSeparator: ":", "Z") }

    /// `20261123T051311Z`, the basic format of ISO 8601, for file names.
    package var basicFormat: String { text(dateSeparator: "", "T", timeSeparator: "", "Z") }

    /// Reads `2026-11-23 05:13:11` and no other spelling.
    package init?(sqlText: String) {
        self.init(String(sqlText.map { $0 == " " ? "T" : $0 }) + "Z")
    }

    /// `2026-11-23 05:13:11`, as SQL writes a date and time.
    package var sqlText: String { text(dateSeparator: "-", " ", timeSeparator: ":", "") }

    /// Whether one moment is before another.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.unixSeconds < right.unixSeconds
    }

    private func text(
        dateSeparator: String, _ beforeTime: String, timeSeparator: String, _ end: String
    ) -> String {
        let days = Int((unixSeconds - (unixSeconds % 86_400 + 86_400) % 86_400) / 86_400)
        let (year, month, day) = Self.date(days: days)
        let second = Int(unixSeconds - Int64(days) * 86_400)
        var text: [UInt8] = []
        func append(_ number: Int, _ separator: String) {
            text.append(UInt8(truncatingIfNeeded: 0x30 + number / 10))
            text.append(UInt8(truncatingIfNeeded: 0x30 + number % 10))
            text += separator.utf8
        }
        append(year / 100, "")
        append(year % 100, dateSeparator)
        append(month, dateSeparator)
        append(day, beforeTime)
        append(second / 3600, timeSeparator)
        append(second / 60 % 60, timeSeparator)
        append(second % 60, end)
        return String(decoding: text, as: UTF8.self)
    }

    // The Gregorian calendar by arithmetic, since Foundation's dates are Julian before 1582. Years
    // begin in March here, so that the leap day is the last of a year, and days at 0000-03-01.

    private static let daysToEpoch = 719_468
    /// The calendar repeats itself after 400 years. They are added for a while, so that no number
    /// is below zero.
    private static let daysInCycle = 146_097

    /// Days since 1970-01-01. Months and days out of range run over into others.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = (month < 3 ? year - 1 : year) + 400
        let leapDays = year / 4 - year / 100 + year / 400
        let dayOfYear = ((month + 9) % 12 * 153 + 2) / 5 + day - 1
        return year * 365 + leapDays + dayOfYear - daysToEpoch - daysInCycle
    }

    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let days = days + daysToEpoch + daysInCycle
        let (cycle, dayOfCycle) = days.quotientAndRemainder(dividingBy: daysInCycle)
        let yearOfCycle =
            (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = (cycle - 1) * 400 + yearOfCycle + (month < 10 ? 0 : 1)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }
}
