import DequeModule
import Dispatch
import Linux
import Snapshot
import Synchronization

/// What the reader of files passes on, in the order of the files.
enum ReadingStep: Sendable {
    case snapshot(Snapshot)
    /// The file is at its end, or its reading was given up.
    case fileEnd(FileReading)
}

/// Reads, inflates and parses files on a thread of its own, ahead of the thread that writes the
/// database, and hands over what it finds in order, through a queue of bounded size.
///
/// It is one thread, because writing takes longer than reading.
final class ReadAhead: Sendable {
    private struct State: Sendable {
        var steps: Deque<ReadingStep> = []
        var bytes = 0
        var isCancelled = false
    }

    /// Bytes of snapshots that may wait.
    private static let capacity = 16 << 20

    private let state = Mutex(State())
    private let filled = DispatchSemaphore(value: 0)
    private let drained = DispatchSemaphore(value: 0)

    init(_ sources: [EvidenceSearch.Source], limits: SnapshotLimits, known: KnownFiles) {
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
    func next() -> ReadingStep {
        filled.wait()
        return take()
    }

    /// The next step, nil where there is none after a tenth of a second.
    func nextSoon() -> ReadingStep? {
        filled.wait(timeout: .now() + .milliseconds(100)) == .success ? take() : nil
    }

    private func take() -> ReadingStep {
        let (step, wasFull) = state.withLock { state in
            let step = state.steps.removeFirst()
            let wasFull = state.bytes > Self.capacity
            state.bytes -= step.bytes
            return (step, wasFull && state.bytes <= Self.capacity)
        }
        if wasFull { drained.signal() }
        return step
    }

    /// Ends the reading.
    func cancel() {
        let wasFull = state.withLock { state in
            state.isCancelled = true
            return state.bytes > Self.capacity
        }
        if wasFull { drained.signal() }
    }

    /// - Returns: whether to go on.
    private func push(_ steps: [ReadingStep]) -> Bool {
        let isFull = state.withLock { state in
            state.steps += steps
            for step in steps { state.bytes += step.bytes }
            return state.bytes > Self.capacity && !state.isCancelled
        }
        for _ in steps { filled.signal() }
        if isFull { drained.wait() }
        return state.withLock { !$0.isCancelled }
    }

    private enum Beginning: ~Copyable {
        case file(OpenFile)
        /// There is nothing to be read.
        case done(FileReading)
    }

    private func begin(
        _ source: EvidenceSearch.Source, _ known: KnownFiles, _ buffers: inout SnapshotBuffers
    ) -> Beginning {
        do throws(SnapshotError) {
            let file = try open(source)
            if try mayBeKnown(file, source, known) {
                let (digest, size) = try FileDigest.ofFile(file, using: &buffers)
                if let snapshots = known.snapshots[digest] {
                    return .done(
                        FileReading(
                            size: size, sha256: digest.hexadecimal, knownSnapshots: snapshots))
                }
                do throws(FileError) { try file.rewind() } catch {
                    throw SnapshotError(.unreadable, error.errno.description)
                }
            }
            return .file(file)
        } catch {
            return .done(FileReading(error: error))
        }
    }

    private func mayBeKnown(
        _ file: borrowing OpenFile, _ source: EvidenceSearch.Source, _ known: KnownFiles
    ) throws(SnapshotError) -> Bool {
        if known.sizes.isEmpty || source == .standardInput { return false }
        do throws(FileError) { return known.sizes.contains(try file.kindAndSize().size) } catch {
            throw SnapshotError(.unreadable, error.errno.description)
        }
    }

    private func read(
        _ openFile: consuming OpenFile, _ limits: SnapshotLimits, _ buffers: inout SnapshotBuffers
    ) -> Bool {
        var file = SnapshotFile(openFile, limits: limits, buffers: buffers)
        var reading = FileReading()
        // A small file is handed over when all of it is there, so that whoever writes it into the
        // database does not wait for its rest with the database locked.
        var held: [ReadingStep] = []
        var heldBytes = 0
        var isWanted = true
        do throws(SnapshotError) {
            while isWanted, let snapshot = try file.next() {
                held.append(.snapshot(snapshot))
                heldBytes += held[held.count - 1].bytes
                // From here on it is a large one, whose snapshots go one by one.
                if heldBytes < Self.capacity { continue }
                isWanted = push(held)
                held = []
            }
        } catch {
            reading.error = error
        }
        if isWanted && reading.error?.code != .unreadable {
            do throws(SnapshotError) { reading.sha256 = try file.finishDigest() } catch {
                reading.error = reading.error ?? error
            }
        }
        reading.size = file.size
        buffers = file.close()
        held.append(.fileEnd(reading))
        return isWanted && push(held)
    }

    private func open(_ source: EvidenceSearch.Source) throws(SnapshotError) -> OpenFile {
        var unreadable = "this is no regular file (for a pipe, give -)"
        do throws(FileError) {
            switch source {
            case .standardInput:
                return try OpenFile(standardStream: 0, name: "standard input")
            case .file(let path, let followingLink):
                let file = try OpenFile(reading: path, followingLink: followingLink)
                switch try file.kindAndSize().kind {
                case .regular: return file
                case .directory: throw FileError("read", path, .isDirectory)
                case .other: break
                }
            case .unreadable(_, let reason): unreadable = reason
            }
        } catch {
            throw SnapshotError(.unreadable, error.errno.description)
        }
        throw SnapshotError(.unreadable, unreadable)
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
