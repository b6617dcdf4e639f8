import Glibc
import Synchronization

/// Ctrl-C of a user who wants a long run to stop, signal(7). A second one ends the process at once.
///
/// A command that only prints does not expect it, and ends as every program does: what it has printed is
/// all there is. A command that writes files or changes a database expects it, puts things in order, and
/// says what there is.
package enum Interruption {
    private static let flag = Atomic<Bool>(false)
    private static let isExpected = Atomic<Bool>(false)
    private static let areStatementsStopped = Atomic<Bool>(false)
    /// How many steps are being made that are not stopped half-way.
    private static let steps = Atomic<Int>(0)
    /// Connections to servers; -1 where there is none. Of two databases that are used at once each has one.
    private static let firstSocket = Atomic<CInt>(-1)
    private static let secondSocket = Atomic<CInt>(-1)
    private static let whatThereIs = Monitor("nothing was written")

    /// Whether there was one since `expect`.
    package static var hasHappened: Bool { flag.load(ordering: .relaxed) }

    /// Whether a statement that is being run in a database is to fail.
    package static var stopsStatements: Bool {
        hasHappened && areStatementsStopped.load(ordering: .relaxed)
            && steps.load(ordering: .relaxed) == 0
    }

    /// What there is after it, for the user: `nothing was written`.
    package static var outcome: String { whatThereIs.withLock(\.self) }

    /// From now on the first one sets `hasHappened`; none does if the process was started with
    /// SIGINT ignored, as by nohup(1) or a shell's background.
    /// - Parameters:
    ///   - stoppingStatements: whether it also makes statements fail that are being run in a database, so that
    ///     long ones end soon; nil leaves that as it is.
    ///   - outcome: what there is after it; nil leaves that as it is.
    package static func expect(stoppingStatements: Bool? = nil, outcome: String? = nil) {
        if let outcome { whatThereIs.withLock { $0 = outcome } }
        if let stoppingStatements {
            areStatementsStopped.store(stoppingStatements, ordering: .relaxed)
        }
        var action = sigaction()
        guard !hasHappened, sigaction(SIGINT, nil, &action) == 0,
            action.__sigaction_handler.sa_handler == nil
        else { return }
        isExpected.store(true, ordering: .relaxed)
        signal(SIGINT) { number in
            let error = errno
            Interruption.flag.store(true, ordering: .relaxed)
            signal(number, SIG_DFL)
            Interruption.stopServers()
            errno = error
        }
    }

    /// Restores what Ctrl-C does usually.
    package static func end() {
        areStatementsStopped.store(false, ordering: .relaxed)
        if isExpected.exchange(false, ordering: .relaxed) { signal(SIGINT, SIG_DFL) }
    }

    /// Runs `body`, which waits for the user: meanwhile Ctrl-C ends the process at once.
    static func notExpected<Result>(_ body: () -> Result) -> Result {
        guard isExpected.load(ordering: .relaxed) else { return body() }
        signal(SIGINT, SIG_DFL)
        defer { expect() }
        return body()
    }

    /// - Throws: `Interrupted` if it has happened.
    package static func check() throws(Interrupted) { if hasHappened { throw Interrupted() } }

    /// Runs a step that is not to be stopped half-way, such as a commit on a server: nobody would know
    /// whether it has had its effect.
    package static func withoutStopping<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        steps.add(1, ordering: .relaxed)
        defer {
            steps.subtract(1, ordering: .relaxed)
            stopServers()
        }
        return try body()
    }

    /// Shuts the connections down, so that statements fail that wait for a server, and all later ones. It
    /// calls only what a handler of signals may, signal-safety(7).
    private static func stopServers() {
        if !stopsStatements { return }
        let (first, second) = (
            firstSocket.load(ordering: .relaxed), secondSocket.load(ordering: .relaxed)
        )
        if first >= 0 { shutdown(first, CInt(SHUT_RDWR)) }
        if second >= 0 { shutdown(second, CInt(SHUT_RDWR)) }
    }

    /// Adds the connection to a server.
    package static func add(socket: CInt) {
        if !firstSocket.compareExchange(expected: -1, desired: socket, ordering: .relaxed).exchanged
        {
            _ = secondSocket.compareExchange(expected: -1, desired: socket, ordering: .relaxed)
        }
        stopServers()  // for a Ctrl-C while it was being made
    }

    /// Removes it, before it is closed.
    package static func remove(socket: CInt) {
        if !firstSocket.compareExchange(expected: socket, desired: -1, ordering: .relaxed).exchanged
        {
            _ = secondSocket.compareExchange(expected: socket, desired: -1, ordering: .relaxed)
        }
    }
}

/// The user has pressed Ctrl-C, and `Interruption.outcome` says what there is.
package struct Interrupted: Error {
    /// No more is known.
    package init() {}
}
