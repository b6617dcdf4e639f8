import Evidence
import Records
import SystemPackage
import TestSupport
import Testing

/// Two threads and the state they share, for `make sanitize`.
@Suite struct SnapshotReaderTests {
    /// Files `0.jsonl` and so on, one for each of `sizes`, which is its number of processes.
    private func sources(
        _ sizes: [Int], in directory: TemporaryDirectory
    ) throws -> [EvidenceSearch.Source] {
        for (index, size) in sizes.enumerated() {
            let digits = String(index + 1_000_000_000_000)
            let text = SnapshotText(
                id: "11111111-2222-4333-8444-\(digits.suffix(12))", hostID: "host-\(index)",
                processes: (0..<size).map {
                    #"{"record":"process","pid":\#($0 + 1),"name":"process-\#($0)"}"#
                })
            try directory.write(text.bytes, to: "\(index).jsonl")
        }
        return sizes.indices.map {
            .file(directory.path.appending("\($0).jsonl"), followingLink: false)
        }
    }

    /// Reads all files: the host and the number of processes of each snapshot.
    private func readAll(_ reader: SnapshotReader, files: Int) -> [[String]] {
        (0..<files).map { _ in
            var found: [String] = []
            while true {
                switch reader.next() {
                case .snapshot(let snapshot):
                    found.append("\(snapshot.host.hostID) \(snapshot.processes.rows.count)")
                case .fileEnd(let reading):
                    if let error = reading.error { found.append(error.description) }
                    return found
                }
            }
        }
    }

    @Test func filesComeInTheirOrder() throws {
        let directory = try TemporaryDirectory()
        let sizes = (0..<300).map { $0 % 17 * 11 }
        let reader = SnapshotReader(
            try sources(sizes, in: directory), limits: SnapshotLimits(), known: KnownFiles())
        #expect(
            readAll(reader, files: sizes.count)
                == sizes.enumerated().map { ["host-\($0) \($1)"] })
        if reader.nextSoon() != nil { Issue.record("a step behind the end") }
    }

    /// More than the capacity of the queue: the reader waits until there is room.
    @Test func theReaderWaitsForTheOneWhoTakes() throws {
        let directory = try TemporaryDirectory()
        let sizes = [Int](repeating: 150_000, count: 8)
        let reader = SnapshotReader(
            try sources(sizes, in: directory), limits: SnapshotLimits(), known: KnownFiles())
        #expect(
            readAll(reader, files: sizes.count)
                == sizes.enumerated().map { ["host-\($0) \($1)"] })
    }

    @Test(arguments: [0, 1, 5]) func readingCanBeGivenUp(_ taken: Int) throws {
        let directory = try TemporaryDirectory()
        let reader = SnapshotReader(
            try sources([Int](repeating: 150_000, count: 6), in: directory),
            limits: SnapshotLimits(), known: KnownFiles())
        for _ in 0..<taken { _ = reader.next() }
        reader.cancel()
    }

    @Test func filesThatCannotBeReadKeepTheirPlace() throws {
        let directory = try TemporaryDirectory()
        var sources = try sources([3, 4], in: directory)
        sources.insert(.unreadable("usb", "Input/output error"), at: 1)
        sources.append(.file(directory.path.appending("none.jsonl"), followingLink: false))
        let reader = SnapshotReader(sources, limits: SnapshotLimits(), known: KnownFiles())
        #expect(
            readAll(reader, files: 4) == [
                ["host-0 3"], ["Input/output error"], ["host-1 4"], ["No such file or directory"],
            ])
    }
}

extension SnapshotReader {
    /// The next step, however long it takes.
    fileprivate func next() -> ReadingStep {
        while true { if let step = nextSoon() { return step } }
    }
}
