import Records
import Testing
import Text

@testable import Host

@Suite struct UtmpTests {
    private static let boot: Int16 = 2
    private static let login: Int16 = 6
    private static let user: Int16 = 7
    private static let dead: Int16 = 8

    private func record(
        _ user: RawText, tty: RawText? = nil, host: RawText? = nil, time: Int64?, pid: Int64
    ) -> UserRecord {
        var record = UserRecord(user: user)
        record.tty = tty
        record.host = host
        record.time = time
        record.pid = pid
        return record
    }

    @Test(arguments: [384, 400])
    func onlyProcessesOfUsersAreSessions(size: Int) {
        let long = "release-engineering-automation01"  // 32 bytes, which leaves none for a NUL
        let line = "a-line-of-thirty-two-bytes-00000"
        let host = String(repeating: "h", count: 256)
        let bytes =
            utmpRecord(
                Self.boot, line: "~", user: "reboot", seconds: 1_763_800_000,
                microseconds: 999_999, size: size)
            + utmpRecord(1, pid: 53, line: "~", user: "runlevel", size: size)
            + utmpRecord(Self.login, pid: 640, line: "tty1", user: "LOGIN", size: size)
            + utmpRecord(
                Self.user, pid: 701, line: line, user: long, host: host,
                seconds: 1_763_800_900, microseconds: 5, size: size)
            + utmpRecord(Self.dead, pid: 1208, line: "pts/1", user: "ghost", size: size)
            + utmpRecord(Self.user, pid: 9, line: "pts/2", user: "", size: size)
            + utmpRecord(Self.user, pid: 10, user: "x", seconds: 0, size: size)
            + utmpRecord(0, size: size)
        #expect(
            Utmp(bytes).sessions == [
                record(
                    RawText(long.utf8), tty: RawText(line.utf8), host: RawText(host.utf8),
                    time: 1_763_800_900, pid: 701),
                record("x", time: nil, pid: 10),
            ])
    }

    /// 9600 bytes are whole records of either size. The first is that of the system's start.
    @Test(arguments: [384, 400], [1, 11, 22, 23])
    func theSizeIsToldByTheContent(size: Int, place: Int) {
        var slots = [[UInt8]](repeating: utmpRecord(0, size: size), count: 9600 / size)
        slots[0] = utmpRecord(
            Self.boot, line: "~", user: "reboot", host: "6.1.0", seconds: 1_763_800_000,
            microseconds: 412_903, size: size)
        slots[place] = utmpRecord(
            Self.user, pid: 77, line: "pts/3", user: "anna", seconds: 1_763_800_900,
            microseconds: 123_456, size: size)
        #expect(
            Utmp(Array(slots.joined())).sessions
                == [record("anna", tty: "pts/3", time: 1_763_800_900, pid: 77)])
    }

    @Test(arguments: [384, 400])
    func aLoneRecordIsEnough(size: Int) {
        let bytes = utmpRecord(
            Self.user, pid: 77, line: "tty1", user: "anna", seconds: 1_763_800_900, size: size)
        #expect(
            Utmp(bytes).sessions
                == [record("anna", tty: "tty1", time: 1_763_800_900, pid: 77)])
        #expect(Utmp(bytes).failure == nil)
        let cut = Utmp(Array(bytes.dropLast()))
        #expect(cut.sessions == [])
        #expect(cut.failure?.reason == SourceFailure.cut.reason)
    }

    /// As a writer leaves it that is stopped in the midst of a record.
    @Test(arguments: [384, 400])
    func aRecordThatIsNotWholeIsPassedOver(size: Int) {
        let whole = utmpRecord(
            Self.user, pid: 77, line: "tty1", user: "anna", seconds: 1_763_800_900, size: size)
        let sessions = Utmp(whole + whole.prefix(200)).sessions
        #expect(Utmp(whole + whole.prefix(200)).failure?.reason == SourceFailure.cut.reason)
        #expect(
            Utmp(whole + utmpRecord(77, size: size)).failure?.reason
                == SourceFailure.unknownForm.reason)
        #expect(sessions.map(\.user) == ["anna"])
        #expect(sessions.first?.time == 1_763_800_900)
    }

    @Test(arguments: [0, 1, 383, 384, 385, 1000, 9600])
    func garbageIsNobody(count: Int) {
        #expect(Utmp([UInt8](repeating: 0, count: count)).sessions == [])
        #expect(Utmp([UInt8](repeating: 0xFF, count: count)).sessions == [])
    }

    @Test func namesMayBeAnyBytes() {
        var bytes = utmpRecord(Self.user, pid: 1, line: "tty1", user: "caf?", seconds: 1)
        bytes[47] = 0xE9
        #expect(Utmp(bytes).sessions.first?.user.bytes == [0x63, 0x61, 0x66, 0xE9])
    }

    @Test func fixtures() throws {
        #expect(
            Utmp(try fixtureFile("debian-12-x86_64/run/utmp")).sessions == [
                record(
                    "release-engineering-automation01", tty: "tty2", time: 1_763_800_900,
                    pid: 701),
                record(
                    "deploy", tty: "pts/0", host: "203.0.113.50", time: 1_763_803_600, pid: 1180),
                record(
                    "deploy", tty: "pts/2", host: "198.51.100.99", time: 1_763_803_300,
                    pid: 31337),
            ])
        #expect(
            Utmp(try fixtureFile("raspberry-pi-aarch64/run/utmp")).sessions == [
                record(
                    "pi", tty: "pts/0", host: "2001:db8:2::5", time: 1_763_807_311, pid: 905)
            ])
        #expect(
            Utmp(try fixtureFile("armv7-hardware/var/run/utmp")).sessions
                == [record("root", tty: "tty1", time: 1_763_801_094, pid: 812)])
    }

    /// As a machine of the other byte order leaves it, whose disk is read elsewhere.
    @Test(arguments: [384, 400], [true, false])
    func theByteOrderIsToldByTheContent(size: Int, isBigEndian: Bool) {
        let bytes =
            utmpRecord(
                Self.boot, line: "~", user: "reboot", seconds: 1_763_800_000, size: size,
                isBigEndian: isBigEndian)
            + utmpRecord(
                Self.user, pid: 70_000, line: "pts/3", user: "anna", seconds: 1_763_800_900,
                microseconds: 5, size: size, isBigEndian: isBigEndian)
        let utmp = Utmp(bytes)
        #expect(utmp.sessions == [record("anna", tty: "pts/3", time: 1_763_800_900, pid: 70_000)])
        #expect(utmp.bootTime == 1_763_800_000)
        #expect(utmp.newestTime == 1_763_800_900)
    }

    /// glibc 2.40 reads and writes the 32 bits without a sign.
    @Test func timesGoOnAfter2038() {
        let bytes = utmpRecord(
            Self.user, pid: 7, line: "tty1", user: "anna", seconds: 2_208_988_800)
        #expect(Utmp(bytes).sessions.first?.time == 2_208_988_800)
    }

    @Test func aProcessThatWasNotNotedIsUnknown() {
        let bytes = utmpRecord(Self.user, pid: 0, line: "tty1", user: "anna", seconds: 9)
        #expect(Utmp(bytes).sessions == [recordWithoutProcess("anna", tty: "tty1", time: 9)])
    }

    private func recordWithoutProcess(_ user: RawText, tty: RawText, time: Int64) -> UserRecord {
        var record = UserRecord(user: user)
        (record.tty, record.time) = (tty, time)
        return record
    }

    @Test func emptyRecordsSayNothing() {
        let utmp = Utmp([UInt8](repeating: 0, count: 3 * 384))
        #expect(utmp.sessions == [] && utmp.bootTime == nil && utmp.newestTime == nil)
    }
}
