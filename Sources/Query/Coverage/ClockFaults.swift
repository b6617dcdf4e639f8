import Text

/// What the executions of one host say of its clock that cannot be right.
struct ClockFaults {
    /// One for each cause, with how many executions repeat it.
    let details: [String]

    /// The first day of which an execution may be. The line of collectors that census carries on
    /// was shown in February 2020, and none before it wrote such records. A clock without a battery
    /// shows 1970, 1980, 2000 or the day on which the firmware was made.
    static let firstDay = "2020-01-01"

    /// No host has run since before that day without a start.
    private static let firstStart = "2001-01-01"

    private enum Cause: CaseIterable {
        case beforeCensus, beforeSystem, beforeStart, start, afterLoading, future, outOfOrder
    }

    /// Whether the date lies after the moment at which the file was loaded or, where there was none,
    /// after the present one. Such an execution is not the newest while there is another.
    static func isFromFuture(_ one: Sighting, now: String) -> Bool {
        one.receivedAt == nil
            ? ClockTolerance.isLater(one.date, than: now) : !one.isDatePossible
    }

    /// - Parameters:
    ///   - seen: by date.
    ///   - isOneHost: false where they are of two hosts, whose starts say nothing of each other.
    init(
        _ seen: [Sighting], isOneHost: Bool, _ releases: inout ReleaseDates, now: String
    ) {
        var texts: [Cause: (first: String, count: Int)] = [:]
        func add(_ cause: Cause, _ text: @autoclosure () -> String) {
            if let known = texts[cause] {
                texts[cause] = (known.first, known.count + 1)
            } else {
                texts[cause] = (text(), 1)
            }
        }
        /// The last one whose start and date may be right.
        var before: (date: String, boot: String)?
        for one in seen {
            let bound = releases.bound(of: one.system)
            var isPossible = true
            if one.date < Self.firstDay {
                isPossible = false
                add(
                    .beforeCensus,
                    "taken at \(one.date), before there was census (\(Self.firstDay))")
            } else if let bound, one.date < bound.day {
                isPossible = false
                add(
                    .beforeSystem,
                    "taken at \(one.date), before there could be \(bound.what) (\(bound.day))")
            }
            if Self.isFromFuture(one, now: now) {
                isPossible = false
                if let receivedAt = one.receivedAt {
                    add(
                        .afterLoading,
                        "taken at \(one.date), after it was loaded at \(receivedAt)")
                } else {
                    add(.future, "taken at \(one.date), which is still to come")
                }
            }
            guard let boot = one.bootTime else { continue }
            if ClockTolerance.isLater(boot, than: one.date) {
                add(
                    .beforeStart,
                    "taken at \(one.date), before the host was started at \(boot)")
                continue
            }
            if !isPossible { continue }
            if boot < Self.firstStart {
                add(.start, "started at \(boot) as of \(one.date): no host runs for so long")
                continue
            }
            if let bound, boot < bound.day {
                add(
                    .start,
                    "started at \(boot) as of \(one.date), before there could be \(bound.what) "
                        + "(\(bound.day))")
                continue
            }
            // One that lies further on says little: a virtual machine that was held, a clock that was
            // set, move the start with them.
            if isOneHost, let before, before.date != one.date,
                ClockTolerance.isLater(before.boot, than: boot)
            {
                add(
                    .outOfOrder,
                    "out of order: started at \(before.boot) as of \(before.date), "
                        + "at \(boot) as of \(one.date)")
            }
            before = (one.date, boot)
        }
        details = Cause.allCases.compactMap { cause in
            guard let (first, count) = texts[cause] else { return nil }
            switch count {
            case 1: return first
            case 2: return "\(first); and 1 more execution like it"
            default: return "\(first); and \(count - 1) more executions like it"
            }
        }
    }
}
