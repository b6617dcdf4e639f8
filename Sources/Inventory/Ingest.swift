package import Database
package import Snapshot

/// One run of loading files into a database.
package struct Ingest {
    /// What has been done, so far or altogether.
    package struct Summary: Sendable, Equatable {
        package var files = 0
        package var loadedSnapshots = 0
        package var knownSnapshots = 0
        package var rejectedFiles = 0
        package var processes = 0
        package var users = 0

        package init() {}
    }

    /// Called after each snapshot and each file.
    package var onProgress: (Summary) -> Void = { _ in }
    /// Called for each file of which nothing lands, with its path and what is wrong.
    package var onRejection: (String, SnapshotError) -> Void = { _, _ in }
    private let limits: SnapshotLimits

    package init(limits: SnapshotLimits = SnapshotLimits()) { self.limits = limits }

    /// Loads what is new in the files. A file that is bad is reported and passed over whole.
    /// - Throws: where the database fails; files before stay loaded.
    package func run(
        _ sources: [EvidenceSearch.Source], into database: any Database
    ) throws(DatabaseError) -> Summary {
        let readAhead = ReadAhead(sources, limits: limits)
        defer { readAhead.cancel() }
        var summary = Summary()
        do {
            var loader = try Loader(database)
            for source in sources {
                var step = readAhead.next(within: .seconds(1))
                if step == nil {
                    // It may take long; others may write meanwhile.
                    try loader.commit()
                    step = readAhead.next()
                }
                try load(source.path, step!, from: readAhead, with: &loader, &summary)
                onProgress(summary)
            }
            try loader.commit()
        } catch {
            database.rollback()
            throw error
        }
        return summary
    }

    private func load(
        _ path: String, _ firstStep: ReadingStep, from readAhead: ReadAhead,
        with loader: inout Loader, _ summary: inout Summary
    ) throws(DatabaseError) {
        try loader.beginFile(path: path)
        var file = Summary()
        var conflict: SnapshotError?
        var step = firstStep
        while true {
            switch step {
            case .snapshot(let snapshot):
                if conflict != nil { break }  // nothing of the file will land
                switch try loader.load(snapshot) {
                case .loaded:
                    file.loadedSnapshots += 1
                    file.processes += snapshot.processes.rows.count
                    file.users += snapshot.users.count
                case .known: file.knownSnapshots += 1
                case .conflicting:
                    conflict = SnapshotError(
                        .corrupt,
                        "snapshot \(snapshot.header.id) is in the database with other content")
                }
                onProgress(summary + file)
            case .fileEnd(let reading):
                let error = reading.error ?? conflict
                try loader.endFile(
                    path: path, reading, hasNews: file.loadedSnapshots > 0,
                    rejection: error?.description)
                summary.files += 1
                if let error {
                    summary.rejectedFiles += 1
                    onRejection(path, error)
                } else {
                    summary = summary + file
                }
                return
            }
            step = readAhead.next()
        }
    }
}

extension Ingest.Summary {
    fileprivate static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.loadedSnapshots += right.loadedSnapshots
        sum.knownSnapshots += right.knownSnapshots
        sum.processes += right.processes
        sum.users += right.users
        return sum
    }
}
