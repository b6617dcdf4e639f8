import Text

/// Implausible times in the executions of one host.
struct ClockFaults {
    /// One description per cause, with the number of executions that repeat it.
    let details: [String]

    /// The first plausible day of an execution. The first collector of these records was published
    /// in February 2020. A clock without a battery starts at 1970, 1980, 2000 or the firmware's
    /// build date.
    static let firstDay = "2020-01-01"

    /// The first plausible boot time.
    private static let firstStart = "2001-01-01"

    private enum Cause: CaseIterable {
        case beforeCensus, beforeSystem, beforeStart, start, afterLoading, future, outOfOrder
    }

    /// Whether the date is after the loading of the file or, without a file, after the current
    /// time. Such an execution is never the newest if there is another.
    static func isFromFuture(_ one: Sighting, now: String) -> Bool {
        one.receivedAt == nil
            ? ClockTolerance.isLater(one.date, than: now) : !one.isDatePossible
    }

    /// - Parameters:
    ///   - seen: sorted by date.
    ///   - isOneHost: false if they are from two hosts, whose boot times are unrelated.
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
        /// The last execution with a plausible boot time and date.
        var before: (date: String, boot: String)?
        for one in seen {
            let bound = releases.bound(of: one.system)
            var isPossible = true
            if one.date < Self.firstDay {
                isPossible = false
                add(
                    .beforeCensus,
                    "taken at \(one.date), before census existed (\(Self.firstDay))")
            } else if let bound, one.date < bound.day {
                isPossible = false
                add(
                    .beforeSystem,
                    "taken at \(one.date), before \(bound.what) existed (\(bound.day))")
            }
            if Self.isFromFuture(one, now: now) {
                isPossible = false
                if let receivedAt = one.receivedAt {
                    add(
                        .afterLoading,
                        "taken at \(one.date), after it was loaded at \(receivedAt)")
                } else {
                    add(.future, "taken at \(one.date), which is in the future")
                }
            }
            guard let boot = one.bootTime else { continue }
            if ClockTolerance.isLater(boot, than: one.date) {
                add(
                    .beforeStart,
                    "taken at \(one.date), before the host booted at \(boot)")
                continue
            }
            if !isPossible { continue }
            if boot < Self.firstStart {
                add(.start, "booted at \(boot) as of \(one.date): implausible uptime")
                continue
            }
            if let bound, boot < bound.day {
                add(
                    .start,
                    "booted at \(boot) as of \(one.date), before \(bound.what) existed "
                        + "(\(bound.day))")
                continue
            }
            // A later boot time is no fault: a suspended virtual machine or a clock adjustment
            // changes it.
            if isOneHost, let before, before.date != one.date,
                ClockTolerance.isLater(before.boot, than: boot)
            {
                add(
                    .outOfOrder,
                    "out of order: booted at \(before.boot) as of \(before.date), "
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
