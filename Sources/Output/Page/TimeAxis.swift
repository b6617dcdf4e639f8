import Text

/// The horizontal axis of a chart: a time range in Unix seconds.
struct TimeAxis {
    let start: Int
    let end: Int

    /// Creates an axis that includes a time range.
    init(from first: Int, to last: Int) {
        let margin = first == last ? 43_200 : 0
        (start, end) = (min(first, last) - margin, max(first, last) + margin)
    }

    /// The horizontal position of a time, from 0 to 1.
    func position(_ time: Int) -> Double { Double(time - start) / Double(end - start) }

    /// Time spans of a round length that divide the axis.
    var bucketSeconds: Int {
        Self.steps.first { (end - start) / $0 < 48 } ?? Self.steps.last!
    }

    func bucket(of time: Int) -> Int {
        // Weeks begin on a Monday (1970-01-05 was one); days and hours are aligned in UTC.
        let origin = bucketSeconds >= 604_800 ? 345_600 : 0
        return Int((Double(time - origin) / Double(bucketSeconds)).rounded(.down))
    }

    func range(ofBucket bucket: Int) -> Range<Int> {
        let origin = bucketSeconds >= 604_800 ? 345_600 : 0
        return bucket * bucketSeconds + origin..<(bucket + 1) * bucketSeconds + origin
    }

    /// The start of a time span: `2026-11-23 05:00:00`.
    func name(of bucket: Int) -> String {
        Timestamp(unixSeconds: Int64(range(ofBucket: bucket).lowerBound))?.sqlText ?? ""
    }

    /// `7 days`.
    var bucketName: String {
        let seconds = bucketSeconds
        return switch seconds {
        case ..<3_600: seconds == 60 ? "minute" : "\(seconds / 60) minutes"
        case ..<86_400: seconds == 3_600 ? "hour" : "\(seconds / 3_600) hours"
        default: seconds == 86_400 ? "day" : "\(seconds / 86_400) days"
        }
    }

    private static let steps = [
        60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 2 * 86_400, 7 * 86_400,
        14 * 86_400, 28 * 86_400, 91 * 86_400, 364 * 86_400, 3_640 * 86_400, 36_400 * 86_400,
    ]

    struct Tick {
        var time: Int
        var label: String
    }

    /// At most `count` ticks at round dates or times.
    func ticks(atMost count: Int) -> [Tick] {
        for step in Self.steps.prefix(12) where (end - start) / step < count {
            let first = Int((Double(start) / Double(step)).rounded(.up))
            let last = Int((Double(end) / Double(step)).rounded(.down))
            if first > last { return [] }
            return (first...last).compactMap { number in
                Timestamp(unixSeconds: Int64(number * step)).map {
                    let text = $0.sqlText
                    let label = step < 86_400 ? text.dropFirst(5).dropLast(3) : text.prefix(10)
                    return Tick(time: number * step, label: String(label))
                }
            }
        }
        guard let first = Timestamp(unixSeconds: Int64(start)),
            let last = Timestamp(unixSeconds: Int64(end))
        else { return [] }
        let months = first.months...last.months
        let step =
            [1, 2, 3, 6, 12, 24, 60, 120, 600, 1_200, 6_000, 12_000]
            .first { months.count / $0 < count } ?? 12_000
        return months.filter { $0.isMultiple(of: step) }.compactMap { month in
            Timestamp(firstOfMonth: month).flatMap {
                let time = Int($0.unixSeconds)
                if time < start { return nil }
                return Tick(
                    time: time,
                    label: String($0.sqlText.prefix(step.isMultiple(of: 12) ? 4 : 7)))
            }
        }
    }
}

extension Timestamp {
    /// Months since the beginning of year 0.
    fileprivate var months: Int {
        let digits = sqlText.utf8.prefix(7).map { Int($0) - 0x30 }
        let year = digits[..<4].reduce(0) { $0 * 10 + $1 }
        return year * 12 + digits[5] * 10 + digits[6] - 1
    }

    fileprivate init?(firstOfMonth months: Int) {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        self.init("\(padded(months / 12, 4))-\(padded(months % 12 + 1, 2))-01T00:00:00Z")
    }
}
