import Linux
import Snapshot

/// Who is logged in, and which of the host's accounts says so.
struct Sessions {
    enum Source: String { case utmp, logind, none }

    private(set) var source = Source.none
    private(set) var logins: [UserRecord] = []

    /// - Parameter processIDs: the processes there are; a session whose process has ended is none.
    ///   nil if they are not known. Of the running system some may be missing.
    init(_ tree: borrowing FileTree, processIDs: Set<Int>?) {
        let isLive = tree.isLive
        func isAlive(_ pid: Int?) -> Bool {
            guard let pid, let processIDs else { return true }
            // hidepid takes other users' processes out of view, not out of reach of a question.
            return processIDs.contains(pid) || isLive && CallingProcess.isAlive(pid)
        }
        let utmp = tree.contents("run/utmp") ?? tree.contents("var/run/utmp")
        // Who keeps an utmp begins it with the record of the system's start; an empty one may be
        // left over from the making of an image.
        if let utmp, !utmp.isEmpty {
            source = .utmp
            logins = Utmp.sessions(utmp).filter { isAlive($0.pid) }
        } else if let sessions = Self.logindSessions(tree) {
            source = .logind
            logins = sessions.compactMap(\.login).filter { isAlive($0.pid) }
        } else if utmp != nil {
            source = .utmp
        }
    }

    /// - Returns: nil if logind has not run since the system's start.
    private static func logindSessions(_ tree: borrowing FileTree) -> [LogindSession]? {
        let path = "run/systemd/sessions"
        let names: [String]
        do throws(FileError) {
            // Beside each session's file there is a FIFO, `NAME.ref`, and at times one of a name
            // that begins with a dot and is only being written.
            names = try tree.directory(path).entries().filter { $0.kind == .regular }
                .map(\.name.string).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            return nil
        }
        // sd_booted(3). An image may hold the directory without that systemd has run.
        if names.isEmpty && !tree.exists("run/systemd/system") { return nil }
        return names.compactMap { tree.contents("\(path)/\($0)").map(LogindSession.init) }
    }
}
