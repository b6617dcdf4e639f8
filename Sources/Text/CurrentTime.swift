import FoundationEssentials

extension Timestamp {
    /// The moment at which this is called, by the host's clock.
    package static func now() -> Timestamp? {
        Timestamp(unixSeconds: Int64(Date.now.timeIntervalSince1970.rounded(.down)))
    }
}
