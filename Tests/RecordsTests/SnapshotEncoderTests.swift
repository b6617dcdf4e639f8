import TestSupport
import Testing

@testable import Records
@testable import Text

@Suite struct SnapshotEncoderTests {
    private let header = SnapshotHeader(
        id: SnapshotText.id, takenAt: Timestamp("2026-11-23T05:13:11Z")!)

    private func encoder() -> SnapshotEncoder {
        SnapshotEncoder(
            header, HostRecord(hostID: "host-1"), OSVersionRecord(name: "Debian GNU/Linux"),
            CPUInfoRecord(), nil)
    }

    /// The text as decompressed by gzip(1), with a correct digest replaced by `%`.
    private func text(_ file: [UInt8]) throws -> String {
        let zcat = try run("zcat", [], input: file)
        #expect(zcat.status == 0)
        let bytes = zcat.outputBytes
        let lastLine = try #require(bytes.dropLast().lastIndex(of: 0x0A)) + 1
        let digest = try run("sha256sum", [], input: Array(bytes[..<lastLine])).output.prefix(64)
        return String(decoding: bytes, as: UTF8.self).replacing(digest, with: "%")
    }

    @Test func writesAllThatItIsGiven() throws {
        var header = header
        (header.utcOffsetSeconds, header.generator) = (-3600, "census 0.1.0")
        var host = HostRecord(hostID: "4f2a")
        (host.hostIDSource, host.hostname, host.ip) = ("machine-id", "web-01", "192.0.2.10")
        (host.addresses, host.bootTime) = (["192.0.2.10", "2001:db8::1"], 1_795_000_000)
        (host.kernel, host.arch, host.container) = ("6.1.0-28-amd64", "x86_64", "none")
        var osVersion = OSVersionRecord(name: "Rocky Linux")
        (osVersion.version, osVersion.platform) = ("9.4", "rocky")
        (osVersion.platformLike, osVersion.codename) = ("rhel centos fedora", "blue onyx")
        var cpuInfo = CPUInfoRecord()
        (cpuInfo.model, cpuInfo.manufacturer, cpuInfo.sockets) = ("Intel(R) N100", "Intel", 1)
        (cpuInfo.numberOfCores, cpuInfo.logicalProcessors) = (4, 8)
        cpuInfo.maxClockSpeedMHz = 3400
        var collection = CollectionRecord()
        (collection.euid, collection.sessionSource) = (0, "utmp")
        (collection.processesHidden, collection.processesUnreadable) = (false, 2)
        var encoder = SnapshotEncoder(header, host, osVersion, cpuInfo, collection)
        var process = ProcessRecord(pid: 1, name: "systemd")
        (process.parent, process.uid, process.user) = (0, 0, "root")
        (process.startTime, process.path) = (1_700_000_000, "/usr/lib/systemd/systemd")
        encoder.add(process)
        encoder.add(ProcessRecord(pid: 2, name: "kthreadd"))
        var user = UserRecord(user: "kim")
        (user.tty, user.host, user.time, user.pid) = ("pts/0", "198.51.100.7", 1_795_000_100, 77)
        encoder.add(user)
        let file = encoder.finish()

        // The process is the example in the format's description.
        let expected = """
            {"record":"snapshot","format":1,"id":"11111111-2222-4333-8444-555555555555",\
            "taken_at":"2026-11-23T05:13:11Z","utc_offset_seconds":-3600,"generator":"census 0.1.0"}
            {"record":"host","host_id":"4f2a","host_id_source":"machine-id","hostname":"web-01",\
            "ip":"192.0.2.10","addresses":["192.0.2.10","2001:db8::1"],"boot_time":1795000000,\
            "kernel":"6.1.0-28-amd64","arch":"x86_64","container":"none"}
            {"record":"os_version","name":"Rocky Linux","version":"9.4","platform":"rocky",\
            "platform_like":"rhel centos fedora","codename":"blue onyx"}
            {"record":"cpu_info","model":"Intel(R) N100","manufacturer":"Intel","sockets":1,\
            "number_of_cores":4,"logical_processors":8,"max_clock_speed_mhz":3400}
            {"record":"collection","euid":0,"session_source":"utmp","processes_hidden":false,\
            "processes_unreadable":2}
            {"record":"process","pid":1,"name":"systemd","parent":0,"uid":0,"user":"root",\
            "start_time":1700000000,"path":"/usr/lib/systemd/systemd"}
            {"record":"process","pid":2,"name":"kthreadd"}
            {"record":"user","user":"kim","tty":"pts/0","host":"198.51.100.7","time":1795000100,\
            "pid":77}
            {"record":"end","processes":2,"users":1,"sha256":"%"}

            """
        #expect(try text(file) == expected)
        let facts = try #require(try Reading(file).snapshots.first)
        #expect(facts.header == header)
        #expect(facts.host == host)
        #expect(facts.osVersion == osVersion)
        #expect(facts.cpuInfo == cpuInfo)
        #expect(facts.collection == collection)
        #expect(
            facts.processes
                == [Facts.Process(1, "systemd", owner: "root"), Facts.Process(2, "kthreadd")])
        #expect(facts.users == ["kim"])
    }

    /// Required keys are present even if nothing is known.
    @Test func writesNullForUnknown() throws {
        let file = encoder().finish()
        let expected = """
            {"record":"snapshot","format":1,"id":"11111111-2222-4333-8444-555555555555",\
            "taken_at":"2026-11-23T05:13:11Z"}
            {"record":"host","host_id":"host-1","hostname":null,"ip":null}
            {"record":"os_version","name":"Debian GNU/Linux","version":null}
            {"record":"cpu_info","model":null}
            {"record":"end","processes":0,"users":0,"sha256":"%"}

            """
        #expect(try text(file) == expected)
        #expect(try Reading(file).error == nil)
    }

    @Test func writesBytesThatAreNotUTF8Twice() throws {
        var encoder = encoder()
        // base64 by RFC 4648: 63 61 66 E9 -> Y2Fm6Q==, FF FE FD -> //79, C3 -> ww==
        var process = ProcessRecord(pid: 7, name: RawText([0x63, 0x61, 0x66, 0xE9]))
        process.user = RawText([0xFF, 0xFE, 0xFD])
        process.path = RawText(Array("/é/".utf8) + [0xC3])
        encoder.add(process)
        var user = UserRecord(user: RawText([0xC3]))
        (user.tty, user.host) = (RawText([0xFF, 0xFE, 0xFD]), "é")
        encoder.add(user)
        let file = encoder.finish()
        let lines = try text(file).split(separator: "\n").dropFirst(4).dropLast()
        let expected = """
            {"record":"process","pid":7,"name":"caf?","name_base64":"Y2Fm6Q==",\
            "user":"???","user_base64":"//79","path":"/é/?","path_base64":"L8OpL8M="}
            {"record":"user","user":"?","user_base64":"ww==","tty":"???","tty_base64":"//79",\
            "host":"é"}
            """
        #expect(lines.joined(separator: "\n") == expected.replacing("?", with: "\u{FFFD}"))
        let facts = try #require(try Reading(file).snapshots.first)
        let owner = "\u{FFFD}\u{FFFD}\u{FFFD}"
        #expect(facts.processes == [Facts.Process(7, "caf\u{FFFD}", owner: owner)])
        #expect(facts.users == ["\u{FFFD}"])
    }

    /// NUL is valid UTF-8, but no text of a snapshot contains it.
    @Test func writesNULAsABadByte() throws {
        var encoder = encoder()
        encoder.add(ProcessRecord(pid: 7, name: "a\0b"))
        let file = encoder.finish()
        let line = #"{"record":"process","pid":7,"name":"a\#u{FFFD}b","name_base64":"YQBi"}"#
        #expect(try text(file).split(separator: "\n").dropFirst(4).first == line[...])
        #expect(try Reading(file).error == nil)
    }

    /// Text too long for the reader is truncated, never within a character.
    @Test(arguments: ["x", "é", "aé", "😀", "a😀", "\0", "\n", "\"", "e\u{301}"])
    func cutsLongTexts(_ piece: String) throws {
        let limit = SnapshotLimits().nameScalars
        let long = String(repeating: piece, count: SnapshotLimits().textBytes)
        var host = HostRecord(hostID: long)
        (host.hostname, host.addresses) = (long, [long, "192.0.2.10"])
        var encoder = SnapshotEncoder(
            header, host, OSVersionRecord(name: long), CPUInfoRecord(), nil)
        var process = ProcessRecord(pid: 1, name: RawText(long.utf8))
        (process.user, process.path) = (process.name, RawText(Array(long.utf8) + [0xFF]))
        encoder.add(process)
        encoder.add(UserRecord(user: process.name))
        let reading = try Reading(encoder.finish())
        #expect(reading.error == nil)
        let facts = try #require(reading.snapshots.first)
        let whole = long.replacing("\0", with: "\u{FFFD}").unicodeScalars
        for text in [facts.host.hostID, facts.host.hostname ?? "", facts.users[0]] {
            #expect(whole.starts(with: text.unicodeScalars))
            #expect(text.unicodeScalars.count == limit)
        }
        #expect(facts.host.addresses?.last == "192.0.2.10")
    }

    static let uglyNames = [
        "\"", "\\", "\\u0041", "\n", "\r\n", "\t", "\u{1}\u{1F}\u{7F}", "\u{1B}[31m", "{\"a\":1}",
        "}\n{", "é", "e\u{301}", "\u{301}", "😀", "👩‍👩‍👧‍👦", "\u{202E}abc", "\u{FEFF}", "\u{FFFD}",
        "\u{2028}", "\u{10FFFF}", "(sd-pam)", "a b  c ", "'; drop table host; --",
        "kworker/0:1-events",
        String(repeating: "x", count: 380),
    ]

    @Test func writesWhatTheReaderReads() throws {
        var encoder = encoder()
        for (index, name) in Self.uglyNames.enumerated() {
            var process = ProcessRecord(pid: Int64(index), name: RawText(name.utf8))
            process.user = RawText(name.utf8)
            encoder.add(process)
            encoder.add(UserRecord(user: RawText(name.utf8)))
        }
        let reading = try Reading(encoder.finish())
        #expect(reading.error == nil)
        let facts = try #require(reading.snapshots.first)
        #expect(
            facts.processes
                == Self.uglyNames.enumerated().map { index, name in
                    Facts.Process(UInt32(index), name, owner: name)
                })
        #expect(facts.users.map { Array($0.utf8) } == Self.uglyNames.map { Array($0.utf8) })
    }

    @Test func writesManyProcesses() throws {
        let count = 100_000
        var encoder = encoder()
        for pid in 1...Int64(count) {
            var process = ProcessRecord(pid: pid, name: RawText("p\(pid % 1000)".utf8))
            process.uid = pid % 7
            encoder.add(process)
        }
        let file = encoder.finish()
        let end = #"{"record":"end","processes":100000,"users":0,"sha256":"%"}"# + "\n"
        #expect(try text(file).hasSuffix(end))
        let processes = try Reading(file).snapshots.first?.processes
        let expected = (1...count).map { pid in
            Facts.Process(UInt32(pid), "p\(pid % 1000)", owner: "\(pid % 7)")
        }
        #expect(processes == expected)
    }

    @Test func writesHexadecimal() {
        #expect(hexadecimal([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(hexadecimal([]) == "")
    }
}
