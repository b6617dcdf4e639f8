import TestSupport
import Testing

@testable import Evidence
@testable import Records

/// Lines that were read before have the same items as when they were parsed.
@Suite struct KnownLinesTests {
    /// More lines than there are places, so that many replace another, in two snapshots of a file.
    @Test func givesTheItemsOfTheLines() throws {
        let lines = (0..<40_000).map { number in
            let name = String(repeating: "é", count: number % 97) + "package-\(number)"
            return #"{"record":"package","type":"deb","name":"\#(name)","version":"\#(number)"}"#
        }
        let first = SnapshotText(processes: lines)
        let second = SnapshotText(
            id: "22222222-2222-4333-8444-555555555555", processes: lines.reversed())
        let together = try Reading(first.text + second.text)
        #expect(together.error == nil)
        try #require(together.snapshots.count == 2)
        #expect(try together.snapshots[1] == Reading(second.text).snapshots[0])
        let packages = together.snapshots.map { $0.lists[ListedKind.packages.index] }
        #expect(packages[0].count == lines.count)
        #expect(packages[0] == packages[1].reversed())
    }

    /// A line is another one if it differs in a byte, at whichever place.
    @Test func comparesWholeLines() throws {
        var known = KnownLines()
        let line = Array(#"{"record":"package","type":"deb","name":"bash","version":"5.2"}"#.utf8)
        known.keep(0..<line.count, of: line, kind: 1, key: [7, 8])
        let found = try #require(known.find(0..<line.count, of: line))
        #expect(found.kind == 1)
        #expect(Array(found.key) == [7, 8])
        for index in line.indices {
            var other = line
            other[index] ^= 1
            #expect(known.find(0..<other.count, of: other) == nil)
            #expect(known.find(0..<index, of: line) == nil)
        }
    }

    /// What is wrong with a snapshot is found at lines that are known, too.
    @Test func refusesWhatTheParserRefuses() throws {
        let package = #"{"record":"package","type":"deb","name":"bash","version":"5.2"}"#
        let good = SnapshotText(processes: [package])
        var early = SnapshotText(id: "22222222-2222-4333-8444-555555555555")
        early.lines.insert(package, at: 2)
        let reading = try Reading(good.text + early.text)
        #expect(reading.snapshots.count == 1)
        #expect(reading.error?.code == .corrupt)
        var limits = SnapshotLimits()
        limits.records = 2
        let many = SnapshotText(
            id: "22222222-2222-4333-8444-555555555555", processes: [package, package, package])
        #expect(
            try Reading(good.text + many.text, limits: limits).error?.code == .tooLarge(.records))
    }
}
