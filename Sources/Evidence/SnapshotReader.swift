import DequeModule
import Dispatch
import Files
package import Records
import Text

/// A result of the reader, in the order of the files.
package enum ReadingStep: Sendable {
    case snapshot(Snapshot)
    /// The end of the file, or of the attempt to read it.
    case fileEnd(FileReading)
}

/// Reads, decompresses and parses files on its own thread, ahead of the thread that writes to the
/// database. The results are passed on in order, through a queue of bounded size.
///
/// One thread is enough, because writing takes longer than reading.
package final class SnapshotReader: Sendable {
    private struct State: Sendable {
        var steps: Deque<ReadingStep> = []
        var bytes = 0
        var isCancelled = false
    }

    /// The capacity of the queue in bytes of memory.
    private static let capacity = 12 << 20

    private let state = Monitor(State())

    /// Begins to read the files.
    /// - Parameters:
    ///   - known: files whose content is not decrypted and parsed again, unless they are signed.
    ///   - checks: what the files are compared with, and decrypted with.
    ///   - digests: of the files that were read before. Of a custody log, the files are to be among these
    ///     and those that are read before it.
    package init(
        _ sources: [EvidenceSearch.Source], limits: SnapshotLimits, known: KnownFiles,
        _ checks: EvidenceChecks = EvidenceChecks(), besides digests: Set<ContentDigest> = []
    ) {
        DispatchQueue.global().async { [self] in
            var buffers = SnapshotBuffers()
            var digests = digests
            // Files that need no parsing arrive so fast that passing them on one at a time would
            // take longer.
            var done: [ReadingStep] = []
            for source in sources {
                switch begin(source, known, checks, digests, &buffers) {
                case .done(let reading):
                    digests.add(of: reading, if: checks)
                    done.append(.fileEnd(reading))
                    if done.count < 64 { continue }
                    guard push(done) else { return }
                    done = []
                case .file(let file):
                    guard push(done),
                        let reading = read(file, of: source, limits, checks, &buffers)
                    else { return }
                    digests.add(of: reading, if: checks)
                    done = []
                }
            }
            _ = push(done)
        }
    }

    /// The next step, or nil if there is none within 100 milliseconds.
    package func nextSoon() -> ReadingStep? {
        state.wait(until: { !$0.steps.isEmpty }, milliseconds: 100, then: Self.take)
    }

    private static func take(_ state: inout State) -> ReadingStep {
        let step = state.steps.removeFirst()
        state.bytes -= step.bytes
        return step
    }

    /// Stops reading.
    package func cancel() { state.withLock { $0.isCancelled = true } }

    /// Adds steps to the queue and waits until it has room again.
    /// - Returns: whether to continue.
    private func push(_ steps: [ReadingStep]) -> Bool {
        state.withLock { state in
            state.steps += steps
            for step in steps { state.bytes += step.bytes }
        }
        return state.wait(
            until: { $0.bytes <= Self.capacity || $0.isCancelled }, then: { !$0.isCancelled })
    }

    private enum Beginning: ~Copyable {
        case file(EvidenceInput)
        /// There is nothing to parse.
        case done(FileReading)
    }

    private func begin(
        _ source: EvidenceSearch.Source, _ known: KnownFiles, _ checks: EvidenceChecks,
        _ digests: Set<ContentDigest>, _ buffers: inout SnapshotBuffers
    ) -> Beginning {
        if var log = checks.custody.reading(of: source, besides: digests) {
            checks.complete(&log, of: source)
            return .done(log)
        }
        do throws(SnapshotError) {
            var input = try source.open()
            if let size = input.sizeOnDisk, known.sizes.contains(size), !checks.needsHosts(source) {
                let digest = try ContentDigest(&input, using: &buffers)
                if let snapshots = known.snapshots[digest] {
                    var reading = FileReading(
                        size: size, sha256: digest.hexadecimal, knownSnapshots: snapshots)
                    reading.check(checks, source, nil, [])
                    return .done(reading)
                }
                try input.rewind()
            }
            return .file(input)
        } catch {
            return .done(FileReading(error: error))
        }
    }

    /// - Returns: nil if the reading is not to go on.
    private func read(
        _ input: consuming EvidenceInput, of source: EvidenceSearch.Source,
        _ limits: SnapshotLimits, _ checks: EvidenceChecks, _ buffers: inout SnapshotBuffers
    ) -> FileReading? {
        // A small file is passed on as a whole, so that the writer does not wait for its rest while
        // it holds the lock on the database.
        var held: [ReadingStep] = []
        var heldBytes = 0
        let reading = FileReading(input, of: source, limits, checks, &buffers) { snapshot in
            held.append(.snapshot(snapshot))
            heldBytes += held[held.count - 1].bytes
            // From here on the file is large, and its snapshots are passed on one at a time.
            if heldBytes < Self.capacity { return true }
            defer { held = [] }
            return push(held)
        }
        guard let reading else { return nil }
        held.append(.fileEnd(reading))
        return push(held) ? reading : nil
    }
}

extension Set<ContentDigest> {
    /// Adds that of a file that was read, if there is a custody log to compare it with.
    package mutating func add(of reading: FileReading, if checks: EvidenceChecks) {
        if checks.custody.isEmpty { return }
        if let digest = reading.sha256.flatMap(ContentDigest.init(hexadecimal:)) { insert(digest) }
    }
}

extension ReadingStep {
    fileprivate var bytes: Int {
        switch self {
        case .snapshot(let snapshot): 1024 + snapshot.byteCount
        case .fileEnd: 256
        }
    }
}
