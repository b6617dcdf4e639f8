import Foundation
import Records
import TestSupport
import Testing

@testable import Host

@Suite struct SessionsTests {
    private let test: TemporaryDirectory

    init() throws { test = try TemporaryDirectory() }

    private static let bootTime: Int64 = 1_763_800_000
    private static let boot = utmpRecord(
        2, line: "~", user: "reboot", seconds: bootTime + 5)
    private static let utmp =
        boot
        + utmpRecord(7, pid: 700, line: "tty1", user: "anna", seconds: bootTime + 900)
    private static let session = "USER=mara\nCLASS=user\nSTATE=active\nLEADER=800\n"

    /// Writes the processes that there are. The first two say that none is out of view.
    private func writeProcesses(_ others: [(Int64, Int64)] = [(700, 1), (800, 1)]) throws {
        try test.writeProcess(1, "init")
        try test.writeProcess(2, "kthreadd")
        for (pid, parent) in others { try test.writeProcess(pid, "x", parent: parent) }
    }

    private func sessions(of tree: String? = nil) throws -> (Sessions.Source, [String?]) {
        let sessions = try wholeSessions(of: tree)
        return (sessions.source, sessions.logins.map(\.user.text))
    }

    private let log = SourceLog()

    private func wholeSessions(of tree: String? = nil) throws -> Sessions {
        let tree = if let tree { try fixtureTree(tree) } else { try test.tree() }
        var accounts = Accounts(tree)
        let processes = ProcessTable(tree, bootTime: nil, accounts: &accounts)
        return Sessions(tree, processes, bootTime: Self.bootTime, log)
    }

    @Test(arguments: [
        (
            "debian-12-x86_64", Sessions.Source.utmp,
            ["release-engineering-automation01", "deploy"]
        ),
        ("raspberry-pi-aarch64", .utmp, ["pi"]), ("armv7-hardware", .utmp, ["root"]),
        ("ubuntu-25.10-logind", .logind, ["mara"]), ("visionfive2-riscv64", .none, []),
        ("arch-rolling-container", .none, []), ("disk-image", .none, []), ("bare", .none, []),
    ])
    func fixture(_ tree: String, source: Sessions.Source, users: [String]) throws {
        #expect(try sessions(of: tree) == (source, users))
    }

    /// Many desktops, and remote ones, register with logind only.
    @Test func bothAccountsAreRead() throws {
        try writeProcesses()
        try test.write(Self.session, to: "run/systemd/sessions/2")
        try test.write(Self.utmp, to: "run/utmp")
        #expect(try sessions() == (.utmp, ["anna", "mara"]))
        try test.write(Self.boot, to: "run/utmp")
        #expect(try sessions() == (.logind, ["mara"]))
    }

    /// A session of logind (its lines beside user, class and state) that is one of utmp's too.
    @Test(arguments: [
        ("LEADER=700\nUSER=anna\nTTY=tty1\nSEAT=seat0", "tty1", "", 700),
        // The terminal, whichever way it is written.
        ("LEADER=801\nUSER=anna\nTTY=pts/0", "pts/0", "", 700),
        ("LEADER=801\nUSER=anna\nTTY=/dev/pts/0", "pts/0", "", 700),
        // A display manager's `:0`.
        ("LEADER=801\nUSER=anna\nSEAT=seat0\nDISPLAY=:0\nTTY=tty7", ":0", ":0", 700),
        ("LEADER=801\nUSER=anna\nSEAT=seat0\nTYPE=wayland\nTTY=tty2", ":0", "", 700),
        ("LEADER=801\nUSER=anna\nSEAT=seat0\nDISPLAY=:0", "tty7", ":0", 700),
        // sshd: logind knows the process that asked, utmp its child.
        ("LEADER=800\nUSER=anna\nREMOTE_HOST=203.0.113.9", "pts/0", "203.0.113.9", 802),
        ("LEADER=802\nUSER=anna", "pts/0", "", 800),
    ])
    func aSessionInBothIsOne(logind: String, line: String, host: String, pid: Int32) throws {
        try writeProcesses([(700, 1), (800, 1), (801, 1), (802, 803), (803, 800)])
        try test.write(
            "CLASS=user\nSTATE=active\nREALTIME=1763800899000000\n\(logind)\n",
            to: "run/systemd/sessions/2")
        try test.write(
            Self.boot
                + utmpRecord(
                    7, pid: pid, line: line, user: "anna", host: host,
                    seconds: Self.bootTime + 900), to: "run/utmp")
        let sessions = try wholeSessions()
        #expect(sessions.source == .utmp)
        #expect(sessions.logins.map(\.pid) == [Int64(pid)])
        #expect(sessions.logins.map(\.tty?.text) == [line])
    }

    /// Others of the same user are others.
    @Test(arguments: [
        "LEADER=801\nUSER=anna\nTTY=tty2", "LEADER=801\nUSER=anna\nDISPLAY=:10\nREMOTE=1",
        "LEADER=801\nUSER=mara\nTTY=tty1",
    ])
    func anotherSessionIsAnother(logind: String) throws {
        try writeProcesses([(700, 1), (801, 1)])
        try test.write(
            "CLASS=user\nSTATE=active\n\(logind)\n", to: "run/systemd/sessions/2")
        try test.write(Self.utmp, to: "run/utmp")
        #expect(try wholeSessions().logins.map(\.pid) == [700, 801])
    }

    /// A weak sign of one session does not take the record that another has a strong sign for.
    @Test func eachSessionHasItsOwnRecord() throws {
        try writeProcesses([(700, 1), (801, 1), (802, 1)])
        for (name, lines) in [
            ("1", "LEADER=801\nTTY=tty2\nSEAT=seat0"), ("2", "LEADER=700\nSEAT=seat0"),
        ] {
            try test.write(
                "USER=anna\nCLASS=user\n\(lines)\n", to: "run/systemd/sessions/\(name)")
        }
        try test.write(
            Self.boot
                + utmpRecord(7, pid: 700, line: ":0", user: "anna", seconds: Self.bootTime + 9)
                + utmpRecord(7, pid: 802, line: "tty2", user: "anna", seconds: Self.bootTime + 9),
            to: "run/utmp")
        #expect(try wholeSessions().logins.map(\.pid) == [700, 802])
    }

    /// musl writes to no utmp, and OpenRC makes one for it all the same.
    @Test(arguments: [
        [], [UInt8](repeating: 0, count: 3 * 384), [UInt8](repeating: 0, count: 100),
        utmpRecord(8, pid: 700, line: "pts/0", seconds: bootTime + 9),
        utmpRecord(7, pid: 31337, line: "pts/0", user: "gone", seconds: bootTime + 9),
    ])
    func anUtmpThatNobodyFillsSaysNothing(bytes: [UInt8]) throws {
        try writeProcesses()
        try test.write(bytes, to: "run/utmp")
        #expect(try sessions() == (.none, []))
        try test.write(Self.session, to: "run/systemd/sessions/2")
        #expect(try sessions() == (.logind, ["mara"]))
    }

    @Test func anUtmpThatIsKeptMaySayNobody() throws {
        try writeProcesses()
        try test.write(Self.boot, to: "run/utmp")
        #expect(try sessions() == (.utmp, []))
    }

    /// BusyBox's init notes no start, but its login notes the user.
    @Test func aLoginIsEnough() throws {
        try writeProcesses()
        try test.write(Self.utmp.suffix(384), to: "run/utmp")
        #expect(try sessions() == (.utmp, ["anna"]))
    }

    /// Of a board without a clock, or by who does not know the time.
    @Test func aLoginWithoutATimeIsOne() throws {
        try writeProcesses()
        try test.write(
            Self.boot + utmpRecord(7, pid: 700, line: "tty1", user: "anna"), to: "run/utmp")
        #expect(try sessions() == (.utmp, ["anna"]))
        #expect(try wholeSessions().logins.first?.time == .some(nil))
        try test.write(
            utmpRecord(2, line: "~", user: "reboot")
                + utmpRecord(7, pid: 700, line: "tty1", user: "anna"), to: "run/utmp")
        #expect(try sessions() == (.utmp, ["anna"]))
        #expect(log.failed == [])
    }

    /// Who was in what is missing is unknown: it is not nobody.
    @Test func anUtmpThatIsCutSaysNotAll() throws {
        try writeProcesses()
        try test.write("id\n", to: "etc/machine-id")
        func users() throws -> (String?, Bool?, [String]) {
            let facts = try #require(try test.facts())
            let areAll = UserRecord.areAll(facts.collection, isEmpty: facts.users.isEmpty)
            return (
                facts.collection.sessionSource, areAll,
                (facts.collection.failedSources ?? []).filter { $0.hasPrefix("user ") }
            )
        }
        let cut = ["user utmp run/utmp: it is truncated"]
        try test.write(Self.utmp.dropLast(), to: "run/utmp")
        #expect(try users() == ("none", false, cut))
        try test.write(Self.utmp + Self.utmp.prefix(100), to: "run/utmp")
        #expect(try users() == ("utmp", false, cut))
        try test.write(Self.session, to: "run/systemd/sessions/2")
        try test.write(Self.utmp.dropLast(), to: "run/utmp")
        #expect(try users() == ("logind", false, cut))
        try test.write(Self.utmp, to: "run/utmp")
        #expect(try users() == ("utmp", true, []))
    }

    /// An empty /run/utmp beside the one that is kept.
    @Test func theUtmpThatIsKeptCounts() throws {
        try writeProcesses()
        try test.write("", to: "run/utmp")
        try test.write(Self.utmp, to: "var/run/utmp")
        #expect(try sessions() == (.utmp, ["anna"]))
    }

    /// Seconds after the system's start of its record in utmp and of anna's login, whose process id
    /// another process may have by now.
    @Test(arguments: [
        (5, 900, Sessions.Source.utmp, ["anna"]),
        // Of before the start, on a /var/run that nobody empties; and one such in a newer file.
        (-90_000, -86_000, .none, []), (5, -86_000, .utmp, []),
        // A board without a clock of its own: the start was noted before the time was known.
        (-90_000, 900, .utmp, ["anna"]), (5, 400_000_000, .utmp, ["anna"]),
    ])
    func whatIsLeftOverIsNoLogin(
        boot: Int64, login: Int64, source: Sessions.Source, users: [String]
    ) throws {
        try writeProcesses()
        try test.write(
            utmpRecord(2, line: "~", user: "reboot", seconds: Self.bootTime + boot)
                + utmpRecord(
                    7, pid: 700, line: "tty1", user: "anna", seconds: Self.bootTime + login),
            to: "var/run/utmp")
        #expect(try sessions() == (source, users))
    }

    /// A disk that is taken out of a machine has what it had when it was switched off.
    @Test func nobodyIsLoggedInOnADisk() throws {
        try test.write(Self.utmp, to: "run/utmp")
        try test.write(Self.session, to: "run/systemd/sessions/2")
        _ = try test.prepare("proc/x")
        #expect(try sessions() == (.none, []))
    }

    @Test func logindThatHasNotRunIsNoSource() throws {
        try writeProcesses()
        _ = try test.prepare("run/systemd/sessions/2")
        #expect(try sessions() == (.none, []))
        _ = try test.prepare("run/systemd/system/x")
        #expect(try sessions() == (.logind, []))
    }

    /// elogind is logind for systems without systemd.
    @Test func elogindThatRunsIsASource() throws {
        try writeProcesses()
        _ = try test.prepare("run/systemd/sessions/2")
        try test.writeProcess(7, "elogind-daemon", parent: 1)
        #expect(try sessions() == (.logind, []))
    }

    /// Beside a session's file there is a FIFO, while it is written a temporary file, and a
    /// session can go while the directory is read.
    @Test(.timeLimit(.minutes(30))) func whatElseIsInTheDirectoryIsPassedOver() throws {
        try writeProcesses()
        try test.write(Self.session, to: "run/systemd/sessions/2")
        try test.write(Self.session, to: "run/systemd/sessions/.#2f00c0ffee")
        try test.write(Self.session, to: "run/systemd/sessions/sub/3")
        try test.link("run/systemd/sessions/4", to: "gone")
        #expect(mkfifo(test.path.appending("run/systemd/sessions/2.ref").string, 0o600) == 0)
        #expect(try sessions() == (.logind, ["mara"]))
    }

    @Test(.timeLimit(.minutes(30)), arguments: ["run/utmp", "var/run/utmp"])
    func aFIFOIsNoUtmp(name: String) throws {
        try writeProcesses()
        let file = try test.prepare(name).string
        #expect(mkfifo(file, 0o600) == 0)
        #expect(try sessions() == (.none, []))
    }

    /// /var/run is a link to /run, and so an absolute one in many trees.
    @Test(arguments: ["/elsewhere", "../elsewhere", "../../../../../../elsewhere"])
    func aLinkStaysInTheTree(target: String) throws {
        try writeProcesses()
        try test.write(Self.utmp, to: "elsewhere/utmp")
        try test.link("var/run", to: target)
        #expect(try sessions() == (.utmp, ["anna"]))
    }

    @Test func aLinkDoesNotLeadOutOfTheTree() throws {
        try writeProcesses()
        let outside = try TemporaryDirectory()
        try outside.write(Self.utmp, to: "utmp")
        try outside.write(Self.session, to: "sessions/2")
        let up = String(repeating: "../", count: 20)
        try test.link("run/utmp", to: outside.path.appending("utmp").string)
        try test.link("var/run", to: up + outside.path.string.dropFirst())
        try test.link("run/systemd/sessions", to: outside.path.appending("sessions").string)
        #expect(try sessions() == (.none, []))
    }

    @Test func linksInACircleAreNothing() throws {
        try writeProcesses()
        try test.link("run/utmp", to: "/var/run/utmp")
        try test.link("var/run", to: "/run")
        #expect(try sessions() == (.none, []))
    }

    /// In a pid namespace a session's process may be out of view.
    @Test func whereSomeAreHiddenNoneIsDead() throws {
        try test.writeProcess(1, "init")
        try test.write(Self.utmp, to: "run/utmp")
        #expect(try sessions() == (.utmp, ["anna"]))
        try test.writeProcess(2, "kthreadd")
        #expect(try sessions() == (.utmp, []))
    }

    /// hidepid=1 shows that there is a process and lets nothing of it be read.
    @Test func aProcessThatMayNotBeReadIsAlive() throws {
        try test.write(Self.utmp, to: "run/utmp")
        try test.writeProcess(1, "init")
        try test.writeProcess(700, "login")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0],
            ofItemAtPath: test.path.appending("proc/700/stat").string)
        let facts = try #require(try boundByPermissions { try test.facts() })
        #expect(facts.collection.processesUnreadable == 1)
        #expect(facts.users.map(\.user.text) == ["anna"])
    }
}
