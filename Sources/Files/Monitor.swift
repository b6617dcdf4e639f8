import Glibc

/// State that threads share: one of them at a time has it, and each can wait for another's change.
///
/// A mutex and a condition variable of POSIX, pthread_mutex_lock(3) and pthread_cond_wait(3), and not
/// the standard library's `Mutex`: there is no waiting for a change on that one, and ThreadSanitizer
/// does not see it.
package final class Monitor<State: Sendable>: @unchecked Sendable {
    // Unchecked, because `state` is a variable: it is touched with the mutex held only.
    private var state: State
    // Both must stay where they are made.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>

    /// Guards a state.
    package init(_ state: State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        change = .allocate(capacity: 1)
        change.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // The clock of `deadline`, which nobody sets.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(change, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(change)
        change.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` while no other thread has the state, and wakes those that wait for a change.
    package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        wait(until: { _ in true }, then: body)
    }

    /// Waits until `condition` holds, then runs `body` as `withLock` does.
    package func wait<Result>(
        until condition: (State) -> Bool, then body: (inout State) -> Result
    ) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !condition(state) { pthread_cond_wait(change, mutex) }
        defer { pthread_cond_broadcast(change) }
        return body(&state)
    }

    /// The same, for a limited time.
    /// - Returns: nil where the condition did not hold by then; `body` has not been run.
    package func wait<Result>(
        until condition: (State) -> Bool, milliseconds: Int, then body: (inout State) -> Result
    ) -> Result? {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_nsec += milliseconds % 1000 * 1_000_000
        deadline.tv_sec += milliseconds / 1000 + deadline.tv_nsec / 1_000_000_000
        deadline.tv_nsec %= 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !condition(state) {
            if pthread_cond_timedwait(change, mutex, &deadline) == ETIMEDOUT { return nil }
        }
        defer { pthread_cond_broadcast(change) }
        return body(&state)
    }
}
