import Records
import Text

/// A session of systemd-logind, from a file in /run/systemd/sessions: `KEY=value` a line, as
/// sd_session_get_user(3) and its like read it.
struct LogindSession {
    private let fields: Assignments

    init(_ bytes: [UInt8]) { fields = Assignments(bytes) }

    /// The process that the session began with.
    var leader: Int64? { fields["LEADER"].flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil } }
    /// The terminal: `tty2`, `pts/0`. Older display managers gave PAM the device's whole path.
    var tty: String? {
        let directory = "/dev/"
        return fields["TTY"].map {
            $0.hasPrefix(directory) ? String($0.dropFirst(directory.count)) : $0
        }
    }
    /// The X display: `:0`.
    var display: String? { fields["DISPLAY"] }
    /// Whether it is at the machine itself, with screen and keyboard.
    var isSeated: Bool { fields["SEAT"] != nil }

    /// The login of a person, if this is one: not a greeter, a lock screen or a user's service
    /// manager, and not a session that is only being torn down. A session from before classes were
    /// recorded counts.
    var login: UserRecord? {
        let isPerson = fields["CLASS"].map { $0 == "user" || $0.hasPrefix("user-") } ?? true
        guard isPerson, fields["STATE"] != "closing", let user = fields["USER"] else { return nil }
        var login = UserRecord(user: RawText(user.utf8))
        login.tty = tty.map { RawText($0.utf8) }
        login.host = text("REMOTE_HOST")
        let microseconds = fields["REALTIME"].flatMap { Int64($0) }
        login.time = microseconds.map { $0 / 1_000_000 }
        login.pid = leader
        return login
    }

    private func text(_ key: String) -> RawText? { fields[key].map { RawText($0.utf8) } }
}
