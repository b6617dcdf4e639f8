import ArgumentParser
import Text

/// A day, a minute or a second as an argument, in UTC: `2026-11-23`, `2026-11-23 05:13`,
/// `2026-11-23 05:13:11`, optionally with `T` for the space and a trailing `Z`.
struct TimeSpan: ExpressibleByArgument {
    /// Its first second.
    let start: Timestamp
    /// Its last second.
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

/// Selects an execution of a host: by its `Execution_ID`, or the newest one up to a time.
enum ExecutionChoice: ExpressibleByArgument {
    case id(Int64)
    case upTo(TimeSpan)

    init?(argument: String) {
        if let id = Int64(argument), id > 0 {
            self = .id(id)
        } else if let span = TimeSpan(argument: argument) {
            self = .upTo(span)
        } else {
            return nil
        }
    }
}
