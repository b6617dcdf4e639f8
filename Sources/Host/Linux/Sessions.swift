import Records
import Text

/// Who is logged in, and which of the host's accounts says so.
///
/// There are two accounts: utmp, into which login(1), sshd(8) and display managers write, and that
/// of systemd-logind, with which PAM registers sessions. Neither has all of them, so both are read,
/// and a session that is in both is one.
struct Sessions {
    enum Source: String { case utmp, logind, none }

    /// Where the users come from: logind where it alone knows of any or is the only account, else
    /// utmp, to which logind may have added.
    private(set) var source = Source.none
    private(set) var logins: [UserRecord] = []

    /// - Parameters:
    ///   - processes: nil if the tree has none. Then the system is not running, and what it left
    ///     behind when it stopped says nothing about now.
    ///   - bootTime: Unix seconds.
    ///   - log: what a damaged utmp is noted in: it may have had more users than it has.
    init(
        _ tree: borrowing HostTree, _ processes: ProcessTable?, bootTime: Int64?, _ log: SourceLog
    ) {
        guard let processes else { return }
        let isLive = tree.isLive
        // Within a pid namespace the tree's sessions may have processes that are out of view.
        let areIDsKnown = isLive || !processes.areSomeHidden
        func isAlive(_ pid: Int64?) -> Bool {
            guard let pid, areIDsKnown else { return true }
            // hidepid takes other users' processes out of view, not out of reach of a question.
            return processes.processIDs.contains(pid) || isLive && LiveSystem.isAlive(pid)
        }
        for path in ["run/utmp", "var/run/utmp"] {
            guard let utmp = tree.contents(path).map({ Utmp($0) }),
                !Self.isStale(utmp, bootTime: bootTime)
            else { continue }
            let sessions = utmp.sessions.filter {
                isAlive($0.pid) && !Self.isOfAnEarlierStart($0, utmp, bootTime: bootTime)
            }
            // Who keeps the file begins it with the record of the system's start. musl's is of no
            // use, OpenRC makes one for it all the same, and an image may hold an old one.
            let isKept = utmp.bootTime != nil || !sessions.isEmpty
            if let failure = utmp.failure { log.add("user utmp", path, failure) }
            if isKept && (utmp.failure == nil || !sessions.isEmpty) {
                source = .utmp
                logins = sessions
                break
            }
        }
        guard let registered = Self.logindSessions(tree, processes) else { return }
        let areInUtmp = !logins.isEmpty
        add(
            registered.compactMap { session in
                session.login.flatMap { isAlive($0.pid) ? (session, $0) : nil }
            }, Ancestry(processes))
        if source == .none || !areInUtmp && !logins.isEmpty { source = .logind }
    }

    /// Adds logind's sessions to those of utmp, which they may be the same as.
    private mutating func add(
        _ registered: [(session: LogindSession, login: UserRecord)], _ ancestry: Ancestry
    ) {
        var unmatched = Array(logins.indices)
        var rest = registered
        for isMatch in Self.matches {
            rest = rest.filter { session, login in
                guard
                    let match = unmatched.first(where: {
                        isMatch(logins[$0], session, login, ancestry)
                    })
                else { return true }
                unmatched.removeAll { $0 == match }
                logins[match].tty = logins[match].tty ?? login.tty
                logins[match].host = logins[match].host ?? login.host
                logins[match].time = logins[match].time ?? login.time
                logins[match].pid = logins[match].pid ?? login.pid
                return false
            }
        }
        logins += rest.map { $0.login }
    }

    /// Clocks may be set a little after the system's start.
    private static let tolerance: Int64 = 120

    /// Whether the file is left over from before the system's last start, as on a /var/run that is
    /// not emptied. A clock that was set long after the start leaves an old record of it, with newer
    /// ones behind.
    private static func isStale(_ utmp: Utmp, bootTime: Int64?) -> Bool {
        guard let bootTime, let newest = utmp.newestTime else { return false }
        return newest < bootTime - tolerance
    }

    /// The same of one session in a file that is still written to.
    private static func isOfAnEarlierStart(
        _ session: UserRecord, _ utmp: Utmp, bootTime: Int64?
    ) -> Bool {
        guard let bootTime, let noted = utmp.bootTime, let time = session.time else { return false }
        return time < min(bootTime, noted) - tolerance
    }

    private typealias Match =
        @Sendable (UserRecord, LogindSession, UserRecord, Ancestry) -> Bool

    /// Whether a session of utmp and one of logind are the same, the surest sign first.
    private static let matches: [Match] = [
        { utmp, _, logind, _ in utmp.pid != nil && utmp.pid == logind.pid },
        { utmp, session, logind, _ in
            isSameUser(utmp, logind) && utmp.tty != nil
                && (device(utmp.tty) == device(session.tty.map { RawText($0.utf8) })
                    || utmp.tty?.text == session.display)
        },
        // Display managers note `:0` or the like as the terminal, or as where the user comes from.
        { utmp, session, logind, _ in
            isSameUser(utmp, logind) && session.isSeated
                && (utmp.tty?.bytes.first == UInt8(ascii: ":")
                    || session.display != nil && utmp.host?.text == session.display)
        },
        // sshd's process that notes the login is a child of that which logind is told of.
        { utmp, _, logind, ancestry in
            isSameUser(utmp, logind) && ancestry.areKin(utmp.pid, logind.pid)
        },
    ]

    /// utmp has room for 32 bytes of a name.
    private static func isSameUser(_ utmp: UserRecord, _ logind: UserRecord) -> Bool {
        utmp.user == logind.user
            || utmp.user.bytes.count == 32 && logind.user.bytes.starts(with: utmp.user.bytes)
    }

    /// A terminal's name without the directory that some put in front.
    private static func device(_ tty: RawText?) -> [UInt8]? {
        guard let bytes = tty?.bytes else { return nil }
        let directory = "/dev/".utf8
        return bytes.starts(with: directory) ? Array(bytes.dropFirst(directory.count)) : bytes
    }

    /// - Returns: nil if logind has not run since the system's start.
    private static func logindSessions(
        _ tree: borrowing HostTree, _ processes: ProcessTable
    ) -> [LogindSession]? {
        let path = "run/systemd/sessions"
        // Beside each session's file there is a FIFO, `NAME.ref`, and at times one of a name that
        // begins with a dot and is only being written.
        guard let entries = tree.entries(path) else { return nil }
        var names: [[UInt8]] = []
        for entry in entries
        where entry.kind == .regular && entry.bytes.first != UInt8(ascii: ".") {
            names.append(entry.bytes)
        }
        sort(&names)
        // sd_booted(3). An image may hold the directory without that systemd has run. elogind is
        // logind for other systems.
        if names.isEmpty && !tree.exists("run/systemd/system")
            && !processes.processes.contains(where: {
                $0.name == "elogind-daemon" || $0.name == "elogind"
            })
        {
            return nil
        }
        return names.compactMap { name in
            tree.contents(path + "/" + String(decoding: name, as: UTF8.self))
                .map { LogindSession($0) }
        }
    }
}

/// Which process was started by which.
private struct Ancestry {
    private var parents: [Int64: Int64] = [:]

    init(_ processes: ProcessTable) {
        for process in processes.processes { parents[process.pid] = process.parent }
    }

    /// Whether one of two processes was started by the other, or by one that it started.
    func areKin(_ first: Int64?, _ second: Int64?) -> Bool {
        guard let first, let second else { return false }
        return isAncestor(first, of: second) || isAncestor(second, of: first)
    }

    private func isAncestor(_ ancestor: Int64, of pid: Int64) -> Bool {
        if ancestor <= 1 { return false }
        var pid = pid
        for _ in 0..<64 {
            guard let parent = parents[pid], parent > 1 else { return false }
            if parent == ancestor { return true }
            pid = parent
        }
        return false
    }
}
