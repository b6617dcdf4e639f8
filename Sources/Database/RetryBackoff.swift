import Files

/// Random exponential back-off between attempts at a transaction that the database undoes because
/// other programs write the same rows.
///
/// Each wait is of a random length up to a limit that doubles, so that the same programs do not meet
/// again. (With twenty attempts in a second, 24 programs that wrote to an empty database at once lost
/// two of them.)
package struct RetryBackoff {
    private let clock = ContinuousClock()
    private var deadline: ContinuousClock.Instant?
    private var maxMilliseconds = 5

    /// Before the first attempt.
    package init() {}

    /// Waits before what failed is done again.
    /// - Throws: `error`, where it is no conflict, or has been one for more than two minutes.
    package mutating func wait(after error: DatabaseError) throws(DatabaseError) {
        guard error.code == .conflict else { throw error }
        let deadline = deadline ?? clock.now + .seconds(120)
        self.deadline = deadline
        if clock.now > deadline { throw error }
        CallingProcess.sleep(milliseconds: .random(in: 1...maxMilliseconds))
        maxMilliseconds = min(maxMilliseconds * 2, 4000)
    }
}
