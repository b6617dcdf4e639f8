import Foundation
import TestSupport
import Testing

@testable import Text

@Suite struct TimestampTests {
    static let moments: [(text: String, unixSeconds: Int64)] = [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600), ("2038-01-19T03:14:08Z", 1 << 31),
        ("2001-09-09T01:46:40Z", 1_000_000_000), ("2024-02-29T23:59:59Z", 1_709_251_199),
        ("2024-03-01T00:00:00Z", 1_709_251_200), ("2100-03-01T00:00:00Z", 4_107_542_400),
        ("1900-03-01T00:00:00Z", -2_203_891_200), ("1582-10-10T00:00:00Z", -12_219_724_800),
        ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ]

    @Test(arguments: moments) func readsAndWrites(_ moment: (text: String, unixSeconds: Int64)) {
        #expect(Timestamp(moment.text)?.unixSeconds == moment.unixSeconds)
        #expect(Timestamp(unixSeconds: moment.unixSeconds)?.description == moment.text)
    }

    /// RFC 3339 allows some of these; the format does not.
    @Test(arguments: [
        "", "Z", "2026-11-23", "2026-11-23T05:13:11", "2026-11-23T05:13:11z",
        "2026-11-23t05:13:11Z", "2026-11-23 05:13:11Z", "2026-11-23T05:13:11+0",
        "2026-11-23T05:13:11+00:00", "2026-11-23T05:13:11.0Z", "2026-11-23T05:13:11,5Z",
        "2026-11-23T05:13Z", "20261123T051311Z", "20261123T05:13:1100Z", "2026-11-23T051311ZZZ",
        "+026-11-23T05:13:11Z", "-001-11-23T05:13:11Z", " 026-11-23T05:13:11Z",
        "2026-1-123T05:13:11Z", "2026-11-23T5:013:11Z", "02026-11-23T05:13:1Z",
        "12026-11-23T05:13:1Z", "2026-11-23T05:13:11Z ", " 2026-11-23T05:13:11Z",
        "2026-11-23T05:13:11Z\n", "2026-11-23T05:13:1 Z", "2026-W48-1T05:13:11Z",
        "2026-00-23T05:13:11Z", "2026-13-23T05:13:11Z", "2026-11-00T05:13:11Z",
        "2026-11-31T05:13:11Z", "2025-02-29T05:13:11Z", "1900-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T05:60:11Z", "2026-11-23T05:13:60Z", "2016-12-31T23:59:60Z",
        "2026-11-23T05:13:-1Z", "２026-11-23T05:13Z", "2026-11-23T05:13:1\u{661}",
        "\0026-11-23T05:13:11Z", "0000-12-31T23:59:59Z", "0000-02-29T00:00:00Z",
    ])
    func rejects(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func keepsToFourDigitYears() {
        #expect(Timestamp(unixSeconds: -62_135_596_801) == nil)
        #expect(Timestamp(unixSeconds: 253_402_300_800) == nil)
        #expect(Timestamp(unixSeconds: .min) == nil)
        #expect(Timestamp(unixSeconds: .max) == nil)
    }

    /// Any moment is written as date(1) writes it, and read again; before and after 1582-10-15,
    /// where the Gregorian calendar began to be used.
    @Test(arguments: [-62_135_596_800 ... -12_219_292_801, -12_219_292_800...253_402_300_799])
    func agreesWithDate(_ range: ClosedRange<Int64>) throws {
        var generator = SplitMix64(state: 3339)
        let moments = (0..<1000).map { _ in Int64.random(in: range, using: &generator) }
        let directory = try TemporaryDirectory()
        try directory.write(moments.map { "@\($0)\n" }.joined().utf8, to: "moments")
        let date = try run(
            "date", ["--utc", "--file=moments", "+%4Y-%m-%dT%H:%M:%SZ"], in: directory.path,
            environment: ["LC_ALL": "C"])
        let expected = date.output.split(separator: "\n").map(String.init)
        #expect(date.status == 0 && expected.count == moments.count)
        #expect(moments.map { Timestamp(unixSeconds: $0)?.description } == expected)
        #expect(expected.map { Timestamp($0)?.unixSeconds } == moments)
    }

    @Test func hasOtherSpellings() throws {
        let timestamp = try #require(Timestamp("2026-11-03T05:03:01Z"))
        #expect(timestamp.basicFormat == "20261103T050301Z")
        #expect(timestamp.sqlText == "2026-11-03 05:03:01")
    }

    @Test func isOrderedByTime() throws {
        let earlier = try #require(Timestamp("2026-11-23T05:13:11Z"))
        let later = try #require(Timestamp("2026-11-23T05:13:12Z"))
        #expect(earlier < later && !(later < earlier) && !(earlier < earlier))
        #expect(Timestamp("2026-11-23T05:13:11Z") == earlier)
    }

    @Test func tellsTheTime() throws {
        let before = Int64(Date.now.timeIntervalSince1970.rounded(.down))
        let now = try #require(Timestamp.now())
        #expect((before...before + 3600).contains(now.unixSeconds))
    }
}
