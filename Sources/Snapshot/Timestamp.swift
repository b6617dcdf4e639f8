import FoundationEssentials

/// A moment in UTC, to the second, from 0000-01-01 to 9999-12-31.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let unixSeconds: Int

    package init?(unixSeconds: Int) {
        guard (-62_167_219_200...253_402_300_799).contains(unixSeconds) else { return nil }
        self.unixSeconds = unixSeconds
    }

    /// The moment at which this is called, by the host's clock.
    package static func now() -> Timestamp? {
        Timestamp(unixSeconds: Int(Date.now.timeIntervalSince1970.rounded(.down)))
    }

    /// Reads `2026-11-23T05:13:11Z` (RFC 3339, UTC, whole seconds) and no other spelling.
    package init?(_ text: String) {
        guard text.utf8.count == 20,
            let date = try? Date.ISO8601FormatStyle.iso8601.parse(text),  // not a date: nil
            let timestamp = Timestamp(unixSeconds: Int(date.timeIntervalSince1970)),
            timestamp.description == text
        else { return nil }
        self = timestamp
    }

    /// `2026-11-23T05:13:11Z`.
    package var description: String {
        Date(timeIntervalSince1970: Double(unixSeconds)).formatted(.iso8601)
    }

    /// `20261123T051311Z`, the basic format of ISO 8601, for file names.
    package var basicFormat: String {
        description.filter { $0 != "-" && $0 != ":" }
    }

    /// `2026-11-23 05:13:11`, as SQL writes a date and time.
    package var sqlText: String {
        description.replacing("T", with: " ").replacing("Z", with: "")
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.unixSeconds < right.unixSeconds
    }
}
