import ArgumentParser
import Text

/// A day, a minute or a second as a user gives it, in UTC: `2026-11-23`, `2026-11-23 05:13`, `2026-11-23 05:13:11`, with
/// `T` for the space and `Z` at the end if one likes.
struct TimeSpan: ExpressibleByArgument {
    /// The first second that it may mean.
    let start: Timestamp
    /// The last.
    let end: Timestamp

    init?(argument: String) {
        var text = argument.replacing("T", with: " ")
        if text.hasSuffix("Z") { text.removeLast() }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let first: String
        let last: String
        switch (parts.count, parts.last?.utf8.count) {
        case (1, 10): (first, last) = ("00:00:00", "23:59:59")
        case (2, 5): (first, last) = ("\(parts[1]):00", "\(parts[1]):59")
        case (2, 8): (first, last) = (String(parts[1]), String(parts[1]))
        default: return nil
        }
        guard let start = Timestamp("\(parts[0])T\(first)Z"),
            let end = Timestamp("\(parts[0])T\(last)Z")
        else { return nil }
        self.start = start
        self.end = end
    }
}

/// Which execution of a host: by its `Execution_ID`, or the newest up to a moment.
enum ExecutionChoice: ExpressibleByArgument {
    case id(Int64)
    case upTo(TimeSpan)

    init?(argument: String) {
        if let id = Int64(argument), id > 0 {
            self = .id(id)
        } else if let moment = TimeSpan(argument: argument) {
            self = .upTo(moment)
        } else {
            return nil
        }
    }
}
