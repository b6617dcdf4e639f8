import Files

/// Random exponential back-off between attempts at a transaction that the database rolls back
/// because other programs write the same rows.
///
/// Each wait is random, up to a limit that doubles, so that the same programs do not conflict
/// again. (With twenty attempts within a second, two of 24 programs that wrote to an empty database
/// at once failed.)
package struct RetryBackoff {
    private let clock = ContinuousClock()
    private var deadline: ContinuousClock.Instant?
    private var maxMilliseconds = 5

    /// The state before the first attempt.
    package init() {}

    /// Waits before the next attempt.
    /// - Throws: `error`, if it is not a conflict, or conflicts have lasted for more than two
    ///   minutes.
    package mutating func wait(after error: DatabaseError) throws(DatabaseError) {
        guard error.code == .conflict else { throw error }
        let deadline = deadline ?? clock.now + .seconds(120)
        self.deadline = deadline
        if clock.now > deadline { throw error }
        CallingProcess.sleep(milliseconds: .random(in: 1...maxMilliseconds))
        maxMilliseconds = min(maxMilliseconds * 2, 4000)
    }
}
