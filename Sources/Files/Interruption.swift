import Glibc
import Synchronization

/// Ctrl-C of a user who wants a long run to stop, signal(7). A second one ends the process at once.
package enum Interruption {
    private static let flag = Atomic<Bool>(false)
    private static let isExpected = Atomic<Bool>(false)

    /// Whether there was one since `expect`.
    package static var hasHappened: Bool { flag.load(ordering: .relaxed) }

    /// From now on the first one sets `hasHappened`; none does if the process was started with
    /// SIGINT ignored, as by nohup(1) or a shell's background.
    package static func expect() {
        var action = sigaction()
        guard sigaction(SIGINT, nil, &action) == 0, action.__sigaction_handler.sa_handler == nil
        else { return }
        isExpected.store(true, ordering: .relaxed)
        signal(SIGINT) { number in
            Interruption.flag.store(true, ordering: .relaxed)
            signal(number, SIG_DFL)
        }
    }

    /// Restores what Ctrl-C does usually.
    package static func end() {
        if isExpected.exchange(false, ordering: .relaxed) { signal(SIGINT, SIG_DFL) }
    }
}
