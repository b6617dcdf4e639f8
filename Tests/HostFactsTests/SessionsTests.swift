import Foundation
import Snapshot
import TestSupport
import Testing

@testable import HostFacts

@Suite struct SessionsTests {
    private let test: TemporaryDirectory

    init() throws { test = try TemporaryDirectory() }

    private static let utmp = utmpRecord(
        7, pid: 700, line: "tty1", user: "anna", seconds: 1_763_800_900)
    private static let session = "USER=mara\nCLASS=user\nSTATE=active\nLEADER=800\n"

    private func sessions(of tree: String? = nil, alive: Set<Int>? = [1, 700, 800]) throws -> (
        Sessions.Source, [String?]
    ) {
        let tree = if let tree { try fixtureTree(tree) } else { try test.tree() }
        let sessions = Sessions(tree, processIDs: alive)
        return (sessions.source, sessions.logins.map(\.user.text))
    }

    @Test(arguments: [
        (
            "debian-12-x86_64", [701, 1180, 1208, 640], Sessions.Source.utmp,
            ["release-engineering-automation01", "deploy"]
        ),
        ("raspberry-pi-aarch64", [640, 905], .utmp, ["pi"]),
        ("armv7-hardware", [61, 812], .utmp, ["root"]),
        ("armv7-hardware", [61], .utmp, []),
        ("ubuntu-25.10-logind", [1500, 2101, 2110, 2500], .logind, ["mara"]),
        ("ubuntu-25.10-logind", [], .logind, []),
        ("visionfive2-riscv64", [1], .none, []), ("arch-rolling-container", [1], .none, []),
        ("disk-image", [], .none, []), ("bare", [], .none, []),
    ])
    func fixture(
        _ tree: String, alive: [Int], source: Sessions.Source, users: [String]
    ) throws {
        #expect(try sessions(of: tree, alive: Set(alive)) == (source, users))
    }

    @Test func utmpGoesBeforeLogind() throws {
        try test.write(Self.session, to: "run/systemd/sessions/2")
        try test.write(Self.utmp, to: "run/utmp")
        #expect(try sessions() == (.utmp, ["anna"]))
    }

    @Test func anEmptyUtmpIsNobodyUnlessLogindKnowsBetter() throws {
        try test.write("", to: "run/utmp")
        #expect(try sessions() == (.utmp, []))
        try test.write(Self.session, to: "run/systemd/sessions/2")
        #expect(try sessions() == (.logind, ["mara"]))
    }

    @Test func logindThatHasNotRunIsNoSource() throws {
        _ = try test.prepare("run/systemd/sessions/2")
        #expect(try sessions() == (.none, []))
        _ = try test.prepare("run/systemd/system/x")
        #expect(try sessions() == (.logind, []))
    }

    /// Beside a session's file there is a FIFO, while it is written a temporary file, and a
    /// session can go while the directory is read.
    @Test(.timeLimit(.minutes(1))) func whatElseIsInTheDirectoryIsPassedOver() throws {
        try test.write(Self.session, to: "run/systemd/sessions/2")
        try test.write(Self.session, to: "run/systemd/sessions/.#2f00c0ffee")
        try test.write(Self.session, to: "run/systemd/sessions/sub/3")
        try test.link("run/systemd/sessions/4", to: "gone")
        #expect(mkfifo(test.path.appending("run/systemd/sessions/2.ref").string, 0o600) == 0)
        #expect(try sessions() == (.logind, ["mara"]))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["run/utmp", "var/run/utmp"])
    func aFIFOIsNoUtmp(name: String) throws {
        let file = try test.prepare(name).string
        #expect(mkfifo(file, 0o600) == 0)
        #expect(try sessions() == (.none, []))
    }

    /// /var/run is a link to /run, and so an absolute one in many trees.
    @Test(arguments: ["/elsewhere", "../elsewhere", "../../../../../../elsewhere"])
    func aLinkStaysInTheTree(target: String) throws {
        try test.write(Self.utmp, to: "elsewhere/utmp")
        try test.link("var/run", to: target)
        #expect(try sessions() == (.utmp, ["anna"]))
    }

    @Test func aLinkDoesNotLeadOutOfTheTree() throws {
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
        try test.link("run/utmp", to: "/var/run/utmp")
        try test.link("var/run", to: "/run")
        #expect(try sessions() == (.none, []))
    }

    @Test func whereNoProcessIsKnownNoneIsDead() throws {
        try test.write(Self.utmp, to: "run/utmp")
        #expect(try sessions(alive: nil) == (.utmp, ["anna"]))
        #expect(try sessions(alive: []) == (.utmp, []))
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
