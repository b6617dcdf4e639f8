import Records
import Testing
import Text

@testable import Host

/// Rows as CHost gives them, and what they become.
@Suite struct WindowsInventoryTests {
    private func row(_ numbers: [Int64], _ texts: String?...) -> WindowsRow {
        var row = WindowsRow()
        row.numbers = numbers + [Int64](repeating: 0, count: 8 - numbers.count)
        row.texts = texts.map { $0.map { Array($0.utf16) } }
        return row
    }

    // MARK: Programs

    @Test func aProgram() throws {
        let record = try #require(
            PackageRecord(
                program: row([], "{1D8E6291}", "Grüße 日本", "1.2.3", "Müller GmbH", "20240229"),
                arch: "x64"))
        var expected = PackageRecord(type: "windows", name: "Grüße 日本")
        expected.version = "1.2.3"
        expected.publisher = "Müller GmbH"
        expected.arch = "x64"
        expected.installTime = 1_709_164_800
        #expect(record == expected)
        let bare = try #require(
            PackageRecord(program: row([], "key", "x", nil, nil, ""), arch: nil))
        #expect(bare == PackageRecord(type: "windows", name: "x"))
        #expect(
            PackageRecord(program: row([], "KB123", nil, "1", "x", "20240101"), arch: nil) == nil)
        #expect(
            PackageRecord(program: row([], "KB123", "", "1", "x", "20240101"), arch: nil) == nil)
        // A key that could not be opened.
        #expect(PackageRecord(program: row([0, 0, 0, 0, 0, 0, 0, 13], "key"), arch: nil) == nil)
    }

    @Test(
        arguments: [
            ("20240131", 1_706_659_200), ("19700101", 0), ("19691231", -86_400),
            ("20240229", 1_709_164_800), ("20230229", nil), ("20241301", nil), ("20240100", nil),
            ("20240132", nil), ("2024-1-3", nil), ("31.01.24", nil), ("1/31/2024", nil),
            ("2024013", nil), ("202401311", nil), ("", nil), ("00000101", nil),
            ("99991231", 253_402_214_400),
        ] as [(String, Int64?)])
    func days(text: String, expected: Int64?) {
        #expect(Timestamp(midnightOf: Array(text.utf8))?.unixSeconds == expected)
    }

    // MARK: Updates

    /// 2024-01-10T21:14:02Z as a FILETIME, in its two halves.
    private let high: Int64 = 0x01DA_440A
    private let low: Int64 = 0x1234_5678

    @Test(
        arguments: [
            ("Package_for_KB5034441~31bf3856ad364e35~amd64~~10.0.1.0", "KB5034441", true),
            ("Package_1_for_KB2479943~31bf3856ad364e35~amd64~~6.1.1.0", "KB2479943", false),
            ("Package_2_for_KB2479943~31bf3856ad364e35~amd64~de-DE~6.1.1.0", "KB2479943", false),
            ("Package_for_kb976902~31bf3856ad364e35~x86~~6.1.1.17514", "KB976902", true),
            ("Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.4317.1.10", nil, true),
            ("Package_for_KB~31bf3856ad364e35~amd64~~1", nil, true),
        ] as [(String, String?, Bool)])
    func installedUpdates(name: String, id: String?, isWhole: Bool) throws {
        let package = try #require(ServicingPackage(row([0x70, high, low], name)))
        #expect(package.hotfixID == id)
        #expect(package.isWhole == isWhole)
        #expect(package.installTime == unixSeconds(fileTime: high << 32 | low))
    }

    @Test func whatIsNoInstalledUpdate() {
        let name = "Package_for_KB5034441~31bf3856ad364e35~amd64~~10.0.1.0"
        for state: Int64 in [-1, 0, 0x20, 0x40, 0x50, 0x60, 0x65] {
            #expect(ServicingPackage(row([state, high, low], name)) == nil)
        }
        for name in [
            "Microsoft-Windows-Client-Features-Package~31bf3856ad364e35~amd64~~10.0.1.0", "",
        ] {
            #expect(ServicingPackage(row([0x70, high, low], name)) == nil)
        }
        #expect(ServicingPackage(row([0x70, -1, low], name))?.installTime == nil)
    }

    @Test func manifests() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="utf-8" standalone="yes"?>
            <assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0">
              <assemblyIdentity name="Package_for_RollupFix" version="22621.4317.1.10" />
              <package identifier="KB5044285" applicabilityEvaluation="deep" \
            releaseType="Security Update" restart="possible">
            """
        let name = "Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.4317.1.10"
        var package = try #require(ServicingPackage(row([0x70, high, low], name)))
        #expect(package.readManifest(Array(text.utf8)) == "Security Update")
        #expect(package.hotfixID == "KB5044285")
        // Cut off, or of another form.
        let end = try #require(text.utf8.firstIndex(of: UInt8(ascii: "K")))
        for index in text.utf8.indices {
            var package = try #require(ServicingPackage(row([0x70, high, low], name)))
            let type = package.readManifest(Array(text.utf8[..<index]))
            #expect(type.map { "Security Update".hasPrefix($0.repaired) } ?? true)
            if index <= end { #expect(package.hotfixID == nil) }
        }
        #expect(package.readManifest(Array("<package x=\"1\">".utf8)) == nil)
    }

    @Test func anUpdateIsThereOnce() {
        func package(_ name: String, _ high: Int64) -> ServicingPackage {
            ServicingPackage(row([0x70, high, 0], name))!
        }
        var patches: [PatchRecord] = []
        patches.add(package("Package_1_for_KB1~a~b~~1", high), description: nil)
        patches.add(package("Package_for_KB2~a~b~~1", high), description: "Update")
        patches.add(package("Package_for_KB1~a~b~~1", high + 1), description: "Hotfix")
        patches.add(package("Package_2_for_KB1~a~b~~1", high - 1), description: nil)
        patches.add(package("Package_for_RollupFix~a~b~~1", high), description: "Update")
        #expect(patches.map { $0.hotfixID } == ["KB1", "KB2"])
        #expect(patches.map { $0.description } == ["Hotfix", "Update"])
        #expect(patches[0].installedOn == unixSeconds(fileTime: (high + 1) << 32))
    }

    // MARK: Accounts

    private let now: Int64 = 1_700_000_000
    private let ages = PasswordAges(maxDays: 42, minDays: 1)

    @Test func anAccount() throws {
        let facts = row(
            [3, 0x10201, 86_400 * 10, 1_699_999_000, 1_800_000_000, 513, 0],
            "Bärbel", "S-1-5-21-1-2-3-1001", "Bärbel Müller", "the comment", #"D:\home"#,
            "Users\0Administrators\0\u{c4}rzte\0")
        let record = try #require(AccountRecord(windows: facts, now: now, ages: ages))
        var expected = AccountRecord(username: "Bärbel")
        expected.uid = 1001
        expected.gid = 513
        expected.sid = "S-1-5-21-1-2-3-1001"
        expected.description = "Bärbel Müller"
        expected.home = #"D:\home"#
        expected.groups = ["Administrators", "Users", "Ärzte"]
        expected.isEnabled = true
        expected.passwordStatus = "set"
        expected.neverExpires = true
        expected.minDays = 1
        expected.lastChange = 1_699_056_000
        expected.lastLogin = 1_699_999_000
        expected.expires = 1_800_000_000
        #expect(record == expected)
    }

    @Test func theDayOfAChangeIsTheSameAtEachTime() {
        func change(_ now: Int64, _ age: Int64) -> Int64? {
            AccountRecord(windows: row([3, 0x201, age], "a"), now: now, ages: ages)?.lastChange
        }
        #expect(Set((0..<100).map { change(now + $0, 1000 + $0) }).count == 1)
        #expect(change(now, 1000) == change(now, 1001))
        #expect(change(now, 1000)! % 86_400 == 0)
    }

    @Test(
        arguments: [
            (0x201, true, "set"), (0x203, false, "set"), (0x211, true, "locked"),
            (0x221, true, "empty"), (0x233, false, "locked"),
        ] as [(Int64, Bool, String)])
    func flags(_ flags: Int64, isEnabled: Bool, password: String) throws {
        for known: Int64 in 1...3 {
            let record = try #require(
                AccountRecord(windows: row([known, flags], "a"), now: now, ages: ages))
            #expect(record.isEnabled == isEnabled)
            #expect(record.passwordStatus == password)
            #expect(record.neverExpires == false)
            #expect(record.maxDays == 42)
        }
    }

    /// What a user who is no administrator is told of others.
    @Test func lessIsKnown() throws {
        let facts = row([2, 0x201], "a", "S-1-5-21-1-2-3-500", "", "comment", nil, nil)
        let record = try #require(AccountRecord(windows: facts, now: now, ages: ages))
        #expect(record.uid == 500)
        #expect(record.description == "comment")
        #expect(record.home == nil && record.groups == nil && record.gid == nil)
        #expect(record.lastChange == nil && record.lastLogin == nil && record.expires == nil)
        let basic = row([1, 0x201, 86_400], "a", nil, nil, nil, "", "")
        let other = try #require(AccountRecord(windows: basic, now: now, ages: PasswordAges()))
        #expect(other.sid == nil && other.uid == nil && other.gid == nil)
        #expect(other.groups == [])
        #expect(other.lastChange == 1_699_833_600)
        #expect(other.maxDays == nil && other.minDays == nil)
        #expect(AccountRecord(windows: row([3], ""), now: now, ages: ages) == nil)
    }

    @Test func aPasswordThatMustBeChanged() {
        let facts = row([3, 0x201, 0, 0, -1, 513, 1], "a")
        let record = AccountRecord(windows: facts, now: now, ages: ages)
        #expect(record?.lastChange == 0)
        #expect(record?.expires == nil)
        #expect(record?.lastLogin == nil)
    }

    @Test(
        arguments: [
            ("S-1-5-18", localSystem),
            ("S-1-5-32-544", [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0]),
            (
                "S-1-5-21-1-4294967295-3-1001",
                [
                    1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 3, 0, 0, 0,
                    233,
                    3, 0, 0,
                ]
            ),
            ("S-1-5", nil), ("S-1-5-x", nil), ("", nil), ("X-1-5-18", nil),
            ("S-1-5-4294967296", nil),
            ("S-999-5-18", nil), (".DEFAULT", nil), ("S-1-5-18.bak", nil),
        ] as [(String, [UInt8]?)])
    func identifiers(text: String, expected: [UInt8]?) {
        let bytes = identifierBytes(Array(text.utf8))
        // An identifier has one part at least; that without any is of no account.
        #expect(text == "S-1-5" ? bytes == [1, 0, 0, 0, 0, 0, 0, 5] : bytes == expected)
    }

    @Test func relativeIDs() {
        #expect(relativeID(of: "S-1-5-21-1-2-3-500") == 500)
        #expect(relativeID(of: "S-1-5-21-1-2-3-") == nil)
        #expect(relativeID(of: "500") == nil)
        #expect(relativeID(of: "S-1-99999999999") == nil)
    }

    // MARK: Sockets

    @Test func ports() throws {
        var any = row([8080, 4])
        any.texts = [[0, 0, 0, 0]]
        let http = try #require(ListeningPortRecord(windows: any, isUDP: false))
        #expect(http.port == 8080 && http.protocol == "tcp" && http.family == "ipv4")
        #expect(http.address == "0.0.0.0" && http.pid == 4)
        var loopback = row([53, 0])
        loopback.texts = [[UInt16](repeating: 0, count: 15) + [1]]
        let dns = try #require(ListeningPortRecord(windows: loopback, isUDP: true))
        #expect(dns.protocol == "udp" && dns.family == "ipv6" && dns.address == "::1")
        #expect(dns.pid == nil)
        loopback.texts = [[1, 2, 3]]
        #expect(ListeningPortRecord(windows: loopback, isUDP: true) == nil)
    }

    /// Several programs may have a port for themselves: 5353 of multicast DNS.
    @Test func aPortIsThereOnce() {
        func port(_ number: Int64, _ address: String, _ pid: Int64?) -> ListeningPortRecord {
            var record = ListeningPortRecord(
                port: number, protocol: "udp", family: "ipv4", address: address)
            record.pid = pid
            return record
        }
        var ports = [port(9000, "0.0.0.0", 1)]
        for record in [
            port(5353, "0.0.0.0", 9), port(80, "10.0.0.1", 2), port(5353, "0.0.0.0", 7),
            port(5353, "10.0.0.1", 3), port(5353, "0.0.0.0", 8), port(443, "0.0.0.0", nil),
            port(443, "0.0.0.0", 5),
        ] { ports.add(record, from: 1) }
        #expect(ports.map { $0.port } == [9000, 80, 443, 5353, 5353])
        #expect(ports.map { $0.pid } == [1, 2, 5, 7, 3])
    }

    // MARK: Adapters

    @Test func adapters() {
        func adapter(_ type: Int64, _ description: String, _ address: [UInt16]) -> RawText? {
            var row = row([type], "Ethernet 2", description)
            row.texts.append(address)
            return RawText(adapter: row)
        }
        let address: [UInt16] = [0, 0x1B, 0x21, 0xAB, 0xCD, 0xEF]
        #expect(adapter(6, "Intel(R) I219-LM", address) == "Ethernet 2 00:1b:21:ab:cd:ef")
        #expect(adapter(71, "Intel(R) Wi-Fi 6", address) == "Ethernet 2 00:1b:21:ab:cd:ef")
        #expect(adapter(24, "Software Loopback Interface 1", address) == nil)
        #expect(adapter(6, "Hyper-V Virtual Ethernet Adapter", address) == nil)
        #expect(adapter(6, "Intel(R) I219-LM", []) == nil)
        #expect(adapter(6, "Intel(R) I219-LM", [0, 0, 0, 0, 0, 0]) == nil)
    }

    // MARK: Order

    @Test func namesAreInTheOrderOfTheirBytes() {
        #expect(sortedByBytes(["b", "a", "Z", "ä", "ab", ""]) == ["", "Z", "a", "ab", "b", "ä"])
    }

    @Test func bytesAreSearched() {
        let bytes = Array("ababac".utf8)
        #expect(bytes.index(of: "abac") == 2)
        #expect(bytes.index(of: "ab") == 0)
        #expect(bytes.index(of: "ab", from: 1) == 2)
        #expect(bytes.index(of: "abad") == nil)
        #expect([UInt8]().index(of: "a") == nil)
        #expect(bytes.index(of: "c", from: 6) == nil)
    }
}
