import Records
import Testing

@testable import Host

@Suite struct LogindSessionTests {
    @Test func aLogin() throws {
        let text = """
            # This is private data. Do not parse.
            UID=1000
            USER=mara
            STATE=online
            CLASS=user
            REMOTE_HOST=203.0.113.9
            TTY=pts/4
            LEADER=2101
            REALTIME=1763802300999999
            """
        let login = try #require(LogindSession(Array(text.utf8)).login)
        var expected = UserRecord(user: "mara")
        expected.tty = "pts/4"
        expected.host = "203.0.113.9"
        expected.time = 1_763_802_300
        expected.pid = 2101
        #expect(login == expected)
    }

    /// The classes of sd_session_get_class(3) and the states of sd_session_get_state(3).
    @Test(arguments: [
        ("CLASS=user\nSTATE=active", true), ("CLASS=user\nSTATE=opening", true),
        ("CLASS=user-early\nSTATE=online", true), ("CLASS=user-light\nSTATE=online", true),
        ("CLASS=user-early-light", true),
        ("STATE=active", true),  // from before classes were recorded
        ("CLASS=user\nSTATE=closing", false), ("CLASS=greeter\nSTATE=active", false),
        ("CLASS=lock-screen\nSTATE=active", false), ("CLASS=manager\nSTATE=active", false),
        ("CLASS=manager-early\nSTATE=active", false), ("CLASS=background", false),
        ("CLASS=background-light", false), ("CLASS=none", false),
    ])
    func whoIsAPerson(_ text: String, isLogin: Bool) {
        let session = LogindSession(Array("USER=mara\n\(text)\n".utf8))
        #expect((session.login != nil) == isLogin)
    }

    /// logind quotes what a shell would not read as it stands (systemd since 256,
    /// `env_file_fputs_assignment`); sd-login reads it so.
    @Test(arguments: [
        (#"USER="EXAMPLE\\mara""#, #"EXAMPLE\mara"#), (#"USER="mara lind""#, "mara lind"),
        ("USER=mara@example.com", "mara@example.com"),
    ])
    func userName(_ line: String, expected: String) {
        #expect(LogindSession(Array(line.utf8)).login?.user.text == expected)
    }

    @Test(arguments: ["", "\n\n", "USER=\n", "CLASS=user\n", "#USER=x\n", "\0", "USER"])
    func withoutAUserItIsNone(text: String) {
        #expect(LogindSession(Array(text.utf8)).login == nil)
    }

    /// As utmp has it, for which rules ask.
    @Test func aTerminalHasNoDirectory() {
        let session = LogindSession(Array("USER=a\nTTY=/dev/tty7\nLEADER=0\n".utf8))
        #expect(session.login?.tty?.text == "tty7")
        #expect(session.login?.pid == nil)
    }

    @Test func whatIsNoNumberIsUnknown() {
        let login = LogindSession(Array("USER=a\nLEADER=x\nREALTIME=\nTTY=\n".utf8)).login
        #expect(login == UserRecord(user: "a"))
    }
}
