import Testing
import Text

@testable import Output

/// The horizontal axis of pictures.
@Suite struct TimeAxisTests {
    private func axis(_ first: String, _ last: String) throws -> TimeAxis {
        TimeAxis(
            from: Int(try #require(Timestamp(sqlText: first)).unixSeconds),
            to: Int(try #require(Timestamp(sqlText: last)).unixSeconds))
    }

    /// Labels of the ticks, and the length of the spans.
    @Test(arguments: [
        // One moment stands in the middle of a day.
        (
            "2026-11-23 05:13:11", "2026-11-23 05:13:11",
            [
                "11-22 18:00", "11-22 21:00", "11-23 00:00", "11-23 03:00", "11-23 06:00",
                "11-23 09:00", "11-23 12:00", "11-23 15:00",
            ], "hour"
        ),
        (
            "2026-11-23 05:13:11", "2026-11-23 05:13:12", [], "minute"
        ),
        (
            "2026-11-23 05:13:11", "2026-11-23 05:20:00",
            [
                "11-23 05:14", "11-23 05:15", "11-23 05:16", "11-23 05:17", "11-23 05:18",
                "11-23 05:19", "11-23 05:20",
            ], "minute"
        ),
        (
            "2026-11-23 00:00:00", "2026-11-25 23:59:59",
            [
                "11-23 00:00", "11-23 12:00", "11-24 00:00", "11-24 12:00", "11-25 00:00",
                "11-25 12:00",
            ], "3 hours"
        ),
        (
            "2026-02-20 12:00:00", "2026-03-05 12:00:00",
            [
                "2026-02-22", "2026-02-24", "2026-02-26", "2026-02-28", "2026-03-02",
                "2026-03-04",
            ], "12 hours"
        ),
        (
            "2026-01-15 06:00:00", "2026-10-15 06:00:00",
            ["2026-03", "2026-05", "2026-07", "2026-09"], "7 days"
        ),
        (
            "1996-01-01 00:00:00", "2026-11-23 00:00:00",
            ["2000", "2005", "2010", "2015", "2020", "2025"], "364 days"
        ),
        (
            "0001-01-01 00:00:00", "9999-12-31 23:59:59",
            ["1000", "2000", "3000", "4000", "5000", "6000", "7000", "8000", "9000"], "36400 days"
        ),
        (
            "9999-12-31 23:59:59", "9999-12-31 23:59:59",
            ["12-31 12:00", "12-31 15:00", "12-31 18:00", "12-31 21:00"], "hour"
        ),
    ])
    func ticksAndSpans(
        _ first: String, _ last: String, _ labels: [String], _ span: String
    ) throws {
        let axis = try axis(first, last)
        #expect(axis.ticks(atMost: 10).map(\.label) == labels)
        #expect(axis.bucketName == span)
    }

    private static let spans = [0, 1, 59, 60, 3_599, 86_400, 604_800, 31_536_000, 1_000_000_000]

    /// What holds for all of them.
    @Test(arguments: spans, [-62_000_000_000, -1, 0, 1_763_874_791, 253_000_000_000])
    func holds(_ seconds: Int, _ start: Int) {
        let axis = TimeAxis(from: start, to: start + seconds)
        for count in [1, 2, 3, 10] {
            let ticks = axis.ticks(atMost: count)
            #expect(ticks.count <= count)
            #expect(ticks.allSatisfy { (axis.start...axis.end).contains($0.time) })
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.time < $1.time })
            #expect(Set(ticks.map(\.label)).count == ticks.count)
        }
        #expect(axis.position(axis.start) == 0 && axis.position(axis.end) == 1)
        // The spans cover the axis without a gap, each moment in its own.
        let buckets = axis.bucket(of: axis.start)...axis.bucket(of: axis.end)
        #expect(buckets.count <= 49 || axis.bucketSeconds == 36_400 * 86_400)
        for bucket in buckets {
            let range = axis.range(ofBucket: bucket)
            #expect(range.count == axis.bucketSeconds)
            #expect(axis.bucket(of: range.lowerBound) == bucket)
            #expect(axis.bucket(of: range.upperBound - 1) == bucket)
            #expect(axis.bucket(of: range.upperBound) == bucket + 1)
        }
        #expect(axis.range(ofBucket: buckets.lowerBound).contains(axis.start))
        #expect(axis.range(ofBucket: buckets.upperBound).contains(axis.end))
    }

    /// Weeks begin on a Monday, hours as the clock has them, before 1970 too.
    @Test(arguments: [
        ("2026-01-15 06:00:00", "2026-10-15 06:00:00", "2026-01-12 00:00:00"),
        ("1926-01-15 06:00:00", "1926-10-15 06:00:00", "1926-01-11 00:00:00"),
        ("2026-11-23 05:13:11", "2026-11-24 23:00:00", "2026-11-23 05:00:00"),
        ("1969-12-31 05:13:11", "1970-01-01 23:00:00", "1969-12-31 05:00:00"),
    ])
    func theFirstSpanBegins(_ first: String, _ last: String, _ begins: String) throws {
        let axis = try axis(first, last)
        #expect(axis.name(of: axis.bucket(of: axis.start)) == begins)
    }

    @Test func theOrderOfItsEndsDoesNotMatter() throws {
        let axis = TimeAxis(from: 100, to: 0)
        #expect((axis.start, axis.end) == (0, 100))
    }
}
