import Records
import Text

/// A session of Remote Desktop Services, which the console's is one of too, as
/// WTSQuerySessionInformationW has it.
struct WindowsSession: Equatable {
    /// WTS_CONNECTSTATE_CLASS.
    var state: Int
    var user: [UInt16]
    /// The domain of the account; of a local one the computer's name.
    var domain: [UInt16]
    /// `Console`, `RDP-Tcp#0`; empty where the session is disconnected.
    var station: [UInt16]
    /// The name of the computer that the user sits at; empty at the console.
    var client: [UInt16]
    /// A FILETIME.
    var logonTime: Int64 = 0

    private static let active = 0
    private static let disconnected = 4

    /// The user who is logged in; nil where nobody is: in session 0, which is for services, and in
    /// those that listen or wait.
    var login: UserRecord? {
        guard [Self.active, Self.disconnected].contains(state), !user.isEmpty else { return nil }
        func known(_ text: [UInt16]) -> RawText? { text.isEmpty ? nil : RawText(utf16: text) }
        var login = UserRecord(user: RawText(utf16: user))
        login.domain = known(domain)
        login.tty = known(station)
        login.host = known(client)
        login.time = unixSeconds(fileTime: logonTime)
        return login
    }
}
