import DequeModule
import Dispatch
import Files
package import Records
import Text

/// What the reader of files passes on, in the order of the files.
package enum ReadingStep: Sendable {
    case snapshot(Snapshot)
    /// The file is at its end, or its reading was given up.
    case fileEnd(FileReading)
}

/// Reads, inflates and parses files on a thread of its own, ahead of the thread that writes the
/// database, and hands over what it finds in order, through a queue of bounded size.
///
/// It is one thread, because writing takes longer than reading.
package final class SnapshotReader: Sendable {
    private struct State: Sendable {
        var steps: Deque<ReadingStep> = []
        var bytes = 0
        var isCancelled = false
    }

    /// Bytes of snapshots that may wait.
    private static let capacity = 12 << 20

    private let state = Monitor(State())

    package init(_ sources: [EvidenceSearch.Source], limits: SnapshotLimits, known: KnownFiles) {
        DispatchQueue.global().async { [self] in
            var buffers = SnapshotBuffers()
            // Files that need no reading come so fast that to hand over each would take longer.
            var done: [ReadingStep] = []
            for source in sources {
                switch begin(source, known, &buffers) {
                case .done(let reading):
                    done.append(.fileEnd(reading))
                    if done.count < 64 { continue }
                    guard push(done) else { return }
                    done = []
                case .file(let file):
                    guard push(done), read(file, limits, &buffers) else { return }
                    done = []
                }
            }
            _ = push(done)
        }
    }

    /// Waits for the next step. There are none behind the last file's end.
    package func next() -> ReadingStep {
        state.wait(until: { !$0.steps.isEmpty }, then: Self.take)
    }

    /// The next step, nil where there is none after a tenth of a second.
    package func nextSoon() -> ReadingStep? {
        state.wait(until: { !$0.steps.isEmpty }, milliseconds: 100, then: Self.take)
    }

    private static func take(_ state: inout State) -> ReadingStep {
        let step = state.steps.removeFirst()
        state.bytes -= step.bytes
        return step
    }

    /// Ends the reading.
    package func cancel() { state.withLock { $0.isCancelled = true } }

    /// Waits until there is room for more behind what is handed over.
    /// - Returns: whether to go on.
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
        /// There is nothing to be read.
        case done(FileReading)
    }

    private func begin(
        _ source: EvidenceSearch.Source, _ known: KnownFiles, _ buffers: inout SnapshotBuffers
    ) -> Beginning {
        do throws(SnapshotError) {
            var input = try source.open()
            if let size = input.sizeOnDisk, known.sizes.contains(size) {
                let digest = try FileDigest(&input, using: &buffers)
                if let snapshots = known.snapshots[digest] {
                    return .done(
                        FileReading(
                            size: size, sha256: digest.hexadecimal, knownSnapshots: snapshots))
                }
                try input.rewind()
            }
            return .file(input)
        } catch {
            return .done(FileReading(error: error))
        }
    }

    private func read(
        _ input: consuming EvidenceInput, _ limits: SnapshotLimits,
        _ buffers: inout SnapshotBuffers
    ) -> Bool {
        // A small file is handed over when all of it is there, so that whoever writes it into the
        // database does not wait for its rest with the database locked.
        var held: [ReadingStep] = []
        var heldBytes = 0
        let reading = FileReading(input, limits, &buffers) { snapshot in
            held.append(.snapshot(snapshot))
            heldBytes += held[held.count - 1].bytes
            // From here on it is a large one, whose snapshots go one by one.
            if heldBytes < Self.capacity { return true }
            defer { held = [] }
            return push(held)
        }
        guard let reading else { return false }
        held.append(.fileEnd(reading))
        return push(held)
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
