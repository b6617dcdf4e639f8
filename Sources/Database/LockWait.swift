import Synchronization

/// Whether this process is waiting for a lock on a database that another program has. An engine says
/// so at each attempt.
package enum LockWait {
    /// In milliseconds since some time; 0 before the first attempt.
    private static let lastAttempt = Atomic<Int>(0)
    private static let start = ContinuousClock.now

    private static var now: Int { Int((ContinuousClock.now - start) / .milliseconds(1)) + 1 }

    /// Reports an attempt.
    package static func noteAttempt() { lastAttempt.store(now, ordering: .relaxed) }

    /// Whether there was an attempt in the last 100 milliseconds.
    package static var isWaiting: Bool {
        let last = lastAttempt.load(ordering: .relaxed)
        return last > 0 && now - last < 100
    }
}
