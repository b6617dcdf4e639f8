import Files

/// What is in a file that census writes, and how an earlier one of the same kind is recognised.
package struct OutputKind: Sendable {
    /// `page`, `CSV of test_3`, for messages.
    let name: String
    /// Whether a file is one of this kind; nil for a kind of which none is ever overwritten.
    let recognizes: (@Sendable (borrowing OpenFile) throws(FileError) -> Bool)?

    /// Of which no two are the same: a snapshot.
    package static let unique = OutputKind(name: "snapshot", recognizes: nil)

    /// HTML whose head names census as what made it.
    package static let page = OutputKind(name: "page") { file throws(FileError) in
        let start = try file.beginning(count: 4096)
        let generator = Array("\n<meta name=\"generator\" content=\"census ".utf8)
        return start.starts(with: "<!DOCTYPE html>\n".utf8)
            && start.indices.contains { start[$0...].starts(with: generator) }
    }

    /// The rows of one table.
    /// - Parameter name: of the table, for messages.
    package static func rows(
        _ format: RowFormat, _ columns: [String], of name: String
    ) -> OutputKind {
        OutputKind(name: "\(format.title) of \(name)") { file throws(FileError) in
            try isWritten(file, in: format, columns, behind: "", before: "")
        }
    }

    /// Reports as they are on standard output, one after the other.
    package static func reports(_ format: RowFormat, _ reports: [Report]) -> OutputKind {
        let first = reports[0]
        let names = reports.map(\.name).joined(separator: ", ")
        let sequence = format.sequence
        let start = sequence.map { $0.beginning + $0.heading(first, 0) } ?? ""
        return OutputKind(name: "\(format.title) of \(names)") { file throws(FileError) in
            try isWritten(
                file, in: format, first.columns, behind: start, before: sequence?.ending ?? "")
        }
    }

    /// Whether a file is of a format, with a table of these columns behind the `start`.
    private static func isWritten(
        _ file: borrowing OpenFile, in format: RowFormat, _ columns: [String],
        behind start: String, before end: String
    ) throws(FileError) -> Bool {
        let ending = Array((format.ending + end).utf8)
        if !ending.isEmpty {
            let last = try file.ending(count: ending.count)
            if last != ending { return false }
        }
        var scanner = OutputScanner(try file.beginning(count: sampleBytes))
        return scanner.skip(start) && format.skip(columns, &scanner)
    }

    /// Of a file, to see of which kind it is.
    private static let sampleBytes = 1 << 20
}

/// Looks over the beginning of what a formatter may have written.
struct OutputScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    func isBefore(_ text: String) -> Bool { rest.starts(with: text.utf8) }

    mutating func next() -> UInt8? { rest.popFirst() }

    mutating func skip(_ text: String) -> Bool { skip(text.utf8) }

    /// - Returns: whether the bytes come next; they are passed over if so.
    mutating func skip(_ bytes: some Collection<UInt8>) -> Bool {
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// - Returns: how many bytes were passed over.
    mutating func skip(while predicate: (UInt8) -> Bool) -> Int {
        let count = rest.prefix(while: predicate).count
        rest = rest.dropFirst(count)
        return count
    }

    /// The first lines, at most `count`; the last one of them goes to the end.
    func lines(_ count: Int) -> [String] {
        rest.split(
            separator: UInt8(ascii: "\n"), maxSplits: count - 1, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
    }
}
