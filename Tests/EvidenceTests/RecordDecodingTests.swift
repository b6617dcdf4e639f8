import TestSupport
import Testing

@testable import Evidence
@testable import Records
@testable import Text

/// The keys of the records, as in the format's table.
@Suite struct RecordDecodingTests {
    enum Kind { case string, integer, boolean, strings }
    /// `unknown`: the key must be there, and may be null.
    enum Presence { case required, unknown, optional }

    struct Key: CustomTestStringConvertible, Sendable {
        var record: String
        var name: String
        var kind: Kind
        var presence: Presence
        var testDescription: String { "\(record).\(name)" }
    }

    struct Record: Sendable {
        var name: String
        var members: [(key: String, value: String)]

        var text: String {
            let members = [("record", "\"\(name)\"")] + members.map { ($0.key, $0.value) }
            return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        }

        /// The record with the value of a member replaced, or the member removed.
        func with(_ key: String, _ value: String?) -> Record {
            var record = self
            record.members.removeAll { $0.key == key }
            if let value { record.members.append((key, value)) }
            return record
        }
    }

    /// A snapshot that has all keys.
    static let records = [
        Record(
            name: "snapshot",
            members: [
                ("format", "1"), ("id", "\"\(SnapshotText.id)\""),
                ("taken_at", #""2026-11-23T05:13:11Z""#), ("utc_offset_seconds", "-18000"),
                ("generator", #""census 0.1.0""#),
            ]),
        Record(
            name: "host",
            members: [
                ("host_id", #""4f2a""#), ("hostname", #""web-01""#), ("ip", #""192.0.2.10""#),
                ("host_id_source", #""machine-id""#),
                ("addresses", #"["192.0.2.10","2001:db8::1"]"#),
                ("boot_time", "1795000000"), ("kernel", #""6.1.0-28-amd64""#),
                ("arch", #""x86_64""#), ("container", #""none""#),
            ]),
        Record(
            name: "os_version",
            members: [
                ("name", #""Rocky Linux""#), ("version", #""9.4""#), ("platform", #""rocky""#),
                ("platform_like", #""rhel centos fedora""#), ("codename", #""blue-onyx""#),
            ]),
        Record(
            name: "cpu_info",
            members: [
                ("model", #""Intel(R) N100""#), ("manufacturer", #""Intel""#), ("sockets", "1"),
                ("number_of_cores", "4"), ("logical_processors", "8"),
                ("max_clock_speed_mhz", "3400"),
            ]),
        Record(
            name: "collection",
            members: [
                ("euid", "0"), ("session_source", #""utmp""#), ("processes_hidden", "false"),
                ("processes_unreadable", "2"),
            ]),
        Record(
            name: "process",
            members: [
                ("pid", "1"), ("name", #""systemd""#), ("parent", "0"), ("uid", "0"),
                ("user", #""root""#), ("start_time", "1795000001"),
                ("path", #""/usr/lib/systemd/systemd""#), ("name_base64", #""AA==""#),
                ("user_base64", #""AA==""#), ("path_base64", #""AA==""#),
            ]),
        Record(
            name: "user",
            members: [
                ("user", #""kim""#), ("tty", #""pts/0""#), ("host", #""198.51.100.7""#),
                ("time", "1795000100"), ("pid", "77"), ("user_base64", #""AA==""#),
                ("tty_base64", #""AA==""#), ("host_base64", #""AA==""#),
            ]),
    ]

    static let keys: [Key] = records.flatMap { record in
        record.members.map { member in
            let presence: Presence =
                switch "\(record.name).\(member.key)" {
                case "snapshot.format", "snapshot.id", "snapshot.taken_at", "host.host_id",
                    "os_version.name", "process.pid", "process.name", "user.user":
                    .required
                case "host.hostname", "host.ip", "os_version.version", "cpu_info.model": .unknown
                default: .optional
                }
            let kind: Kind =
                switch member.value.first {
                case "\"": .string
                case "[": .strings
                case "t", "f": .boolean
                default: .integer
                }
            return Key(record: record.name, name: member.key, kind: kind, presence: presence)
        }
    }

    /// Reads the records with one of them changed.
    private func read(
        _ record: String = "", _ change: (Record) -> Record = { $0 }
    ) throws -> Reading {
        var text = SnapshotText()
        text.lines = Self.records.map { ($0.name == record ? change($0) : $0).text }
        return try Reading(text.bytes)
    }

    private func line(of record: String) -> Int? {
        Self.records.firstIndex { $0.name == record }.map { $0 + 1 }
    }

    @Test func givesAllFacts() throws {
        let reading = try read()
        #expect(reading.error == nil)
        let facts = try #require(reading.snapshots.first)
        let takenAt = try #require(Timestamp("2026-11-23T05:13:11Z"))
        #expect(
            facts.header
                == SnapshotHeader(
                    id: SnapshotText.id, takenAt: takenAt, utcOffsetSeconds: -18000,
                    generator: "census 0.1.0"))
        var host = HostRecord(hostID: "4f2a")
        (host.hostname, host.ip, host.hostIDSource) = ("web-01", "192.0.2.10", "machine-id")
        (host.addresses, host.bootTime) = (["192.0.2.10", "2001:db8::1"], 1_795_000_000)
        (host.kernel, host.arch, host.container) = ("6.1.0-28-amd64", "x86_64", "none")
        #expect(facts.host == host)
        var osVersion = OSVersionRecord(name: "Rocky Linux")
        (osVersion.version, osVersion.platform) = ("9.4", "rocky")
        (osVersion.platformLike, osVersion.codename) = ("rhel centos fedora", "blue-onyx")
        #expect(facts.osVersion == osVersion)
        var cpuInfo = CPUInfoRecord()
        (cpuInfo.model, cpuInfo.manufacturer, cpuInfo.sockets) = ("Intel(R) N100", "Intel", 1)
        (cpuInfo.numberOfCores, cpuInfo.logicalProcessors) = (4, 8)
        cpuInfo.maxClockSpeedMHz = 3400
        #expect(facts.cpuInfo == cpuInfo)
        var collection = CollectionRecord()
        (collection.euid, collection.sessionSource) = (0, "utmp")
        (collection.processesHidden, collection.processesUnreadable) = (false, 2)
        #expect(facts.collection == collection)
        #expect(facts.processes == [Facts.Process(1, "systemd", owner: "root")])
        #expect(facts.users == ["kim"])
        #expect(reading.snapshots.count == 1)
    }

    @Test(arguments: keys) func mayOrMayNotBeMissing(_ key: Key) throws {
        let reading = try read(key.record) { $0.with(key.name, nil) }
        if key.presence == .optional {
            #expect(reading.error == nil)
        } else {
            let error = SnapshotError(
                .corrupt, line: line(of: key.record), "\"\(key.name)\" is missing")
            #expect(reading.error == error)
            #expect(reading.snapshots == [])
        }
    }

    @Test(arguments: keys) func mayOrMayNotBeNull(_ key: Key) throws {
        let reading = try read(key.record) { $0.with(key.name, "null") }
        #expect((reading.error == nil) == (key.presence != .required))
        if key.presence == .required { #expect(reading.error?.line == line(of: key.record)) }
    }

    @Test(arguments: keys) func mustBeOfItsType(_ key: Key) throws {
        let values: [(Kind, [String])] = [
            (.string, [#""a""#, #""""#, #""1""#]), (.integer, ["1", "0"]),
            (.boolean, ["true", "false"]), (.strings, ["[]", #"["a"]"#]),
        ]
        let others = ["{}", #"{"a":"b"}"#, "1.0", "0.5", "1e2", "[1]", "[null]", "1e400"]
        let wrong = values.filter { $0.0 != key.kind }.flatMap { $0.1 } + others
        for value in wrong {
            let reading = try read(key.record) { $0.with(key.name, value) }
            #expect(reading.error?.code == .corrupt, "\(value)")
            #expect(reading.error?.line == line(of: key.record), "\(value)")
            #expect(reading.error?.reason.contains("\"\(key.name)\"") == true, "\(value)")
            #expect(reading.snapshots == [], "\(value)")
        }
    }

    @Test(arguments: keys) func mustNotBeRepeated(_ key: Key) throws {
        let reading = try read(key.record) { record in
            var record = record
            record.members += record.members.filter { $0.key == key.name }
            return record
        }
        #expect(reading.error?.code == .corrupt)
        #expect(reading.error?.line == line(of: key.record))
    }

    @Test func givesNullAsUnknown() throws {
        var text = SnapshotText()
        text.lines = Self.records.map { record in
            let nullable = Self.keys.filter { $0.record == record.name && $0.presence != .required }
            return nullable.reduce(record) { $0.with($1.name, "null") }.text
        }
        let reading = try Reading(text.bytes)
        #expect(reading.error == nil)
        let facts = try #require(reading.snapshots.first)
        #expect(facts.host == HostRecord(hostID: "4f2a"))
        #expect(facts.osVersion == OSVersionRecord(name: "Rocky Linux"))
        #expect(facts.cpuInfo == CPUInfoRecord())
        #expect(facts.collection == CollectionRecord())
        #expect(facts.processes == [Facts.Process(1, "systemd")])
    }

    @Test(arguments: records.map(\.name)) func takesKeysInAnyOrder(_ record: String) throws {
        let expected = try #require(try read().snapshots.first)
        var text = SnapshotText()
        text.lines = Self.records.map {
            guard $0.name == record else { return $0.text }
            let members = $0.members.reversed().map { "\t\"\($0.key)\" :\r\($0.value) " }
            return " { \(members.joined(separator: ",")) , \"record\":\"\(record)\" } \r"
        }
        var facts = try #require(try Reading(text.bytes).snapshots.first)
        facts.sha256 = expected.sha256  // white space changes it
        #expect(facts == expected)
    }

    @Test(arguments: records.map(\.name)) func passesOverUnknownKeys(_ record: String) throws {
        let expected = try #require(try read().snapshots.first)
        let unknown = [
            #""x""#, "1", "-1.5e400", "null", "true", "[]", #"[1,"a",[{}],{"name":5}]"#,
            #"{"pid":"x","record":"end","deep":[[[{"name":null}]]]}"#, #""\u0000""#,
        ]
        for value in unknown {
            let reading = try read(record) { record in
                var record = record
                record.members.insert(("later", value), at: 1)
                return record.with("Name", value).with("naïve", value)
            }
            #expect(reading.error == nil, "\(value)")
            var facts = try #require(reading.snapshots.first)
            facts.sha256 = expected.sha256
            #expect(facts == expected, "\(value)")
        }
    }

    static let refused: [(record: String, key: String, value: String)] =
        [
            "", "11111111-2222-4333-8444-55555555555", "11111111-2222-4333-8444-5555555555555",
            "11111111-2222-4333-8444-55555555555A", "11111111-2222-4333-8444-55555555555g",
            "11111111222243338444555555555555", "{11111111-2222-4333-8444-555555555555}",
            "111111112-222-4333-8444-555555555555", "11111111-2222-4333-8444555555555555-",
            " 11111111-2222-4333-8444-55555555555", "١1111111-2222-4333-8444-555555555555",
            "11111111-2222-4333-8444-55555555555a\u{301}",
        ].map { ("snapshot", "id", "\"\($0)\"") }
        + [
            "", "2026-11-23T05:13:11", "2026-11-23T05:13:11+00:00", "2026-11-23 05:13:11Z",
            "2026-02-30T00:00:00Z", "2026-11-23T05:13:60Z", "1795000000",
        ].map { ("snapshot", "taken_at", "\"\($0)\"") }
        + [
            ("snapshot", "format", "0"), ("snapshot", "format", "-1"),
            ("host", "host_id", #""a\u0000""#), ("host", "addresses", #"["\u0000"]"#),
            ("process", "pid", "-1"), ("process", "pid", "4294967296"), ("process", "uid", "-1"),
            ("process", "name", #""\u0000""#), ("process", "user", #""ro\u0000ot""#),
            ("user", "user", #""\u0000kim""#), ("cpu_info", "sockets", "-1"),
        ]

    @Test(arguments: refused)
    func refusesValues(_ change: (record: String, key: String, value: String)) throws {
        let reading = try read(change.record) { $0.with(change.key, change.value) }
        #expect(reading.error?.code == .corrupt)
        #expect(reading.error?.line == line(of: change.record))
        #expect(reading.snapshots == [])
    }

    @Test(arguments: [
        ("process", "pid", "0"), ("process", "pid", "4194304"), ("process", "uid", "4294967294"),
        ("process", "name", #""""#), ("process", "name", #""\"\\\n""#), ("user", "time", "-1"),
        ("snapshot", "id", #""00000000-0000-0000-0000-000000000000""#),
        ("snapshot", "utc_offset_seconds", "50400"), ("snapshot", "utc_offset_seconds", "-43200"),
    ])
    func takesValues(_ record: String, _ key: String, _ value: String) throws {
        #expect(try read(record) { $0.with(key, value) }.error == nil)
    }

    /// Whatever a later format changes, its number is checked first.
    @Test(arguments: [2, 3, 1000, Int.max]) func saysWhichFormatItNeeds(_ format: Int) throws {
        var text = SnapshotText()
        text.lines[0] = #"{"record":"snapshot","format":\#(format),"id":{"new":[]}}"#
        let error = try #require(try Reading(text.bytes).error)
        #expect(error.code == .unsupported)
        #expect(error.line == 1)
        #expect(error.reason.contains("format \(format)") && error.reason.contains("newer"))
    }
}
