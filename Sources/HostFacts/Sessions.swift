import Linux
import Snapshot
import SystemPackage

/// Who is logged in, and which of the host's accounts says so.
struct Sessions {
    enum Source: String { case utmp, logind, none }

    private(set) var source = Source.none
    private(set) var logins: [UserRecord] = []

    /// - Parameter processIDs: the processes there are; a session whose process has ended is none.
    ///   nil if that is not known.
    init(_ tree: borrowing FileTree, processIDs: Set<Int>?) throws(FileError) {
        func isAlive(_ pid: Int?) -> Bool {
            guard let pid, let processIDs else { return true }
            return processIDs.contains(pid)
        }
        var utmp = try tree.contents("run/utmp")
        if utmp == nil { utmp = try tree.contents("var/run/utmp") }
        // Who keeps an utmp begins it with the record of the system's start; an empty one may be
        // left over from the making of an image.
        if let utmp, !utmp.isEmpty {
            source = .utmp
            logins = Utmp.sessions(utmp).filter { isAlive($0.pid) }
        } else if let sessions = try Self.logindSessions(tree) {
            source = .logind
            logins = sessions.compactMap(\.login).filter { isAlive($0.pid) }
        } else if utmp != nil {
            source = .utmp
        }
    }

    /// - Returns: nil if logind has not run since the system's start.
    private static func logindSessions(
        _ tree: borrowing FileTree
    ) throws(FileError) -> [LogindSession]? {
        do {
            let directory = try tree.directory("run/systemd/sessions")
            // Beside each session's file there is a FIFO, `NAME.ref`.
            let names = try directory.entries().filter { $0.kind == .regular }
                .map(\.name.string).sorted()
            // sd_booted(3). An image may hold the directory without that systemd has run.
            if names.isEmpty && !tree.exists("run/systemd/system") { return nil }
            var sessions: [LogindSession] = []
            for name in names {
                sessions.append(LogindSession(try directory.open(name).contents()))
            }
            return sessions
        } catch let error where error.isAbsence || error.isRefusal {
            return nil
        }
    }
}
