import Files

/// A kind of output file, and the test that recognises an earlier output of the same kind.
package struct OutputKind: Sendable {
    /// Its name in messages: `page`, `CSV of test_3`.
    let name: String
    /// Whether a file is of this kind; nil for a kind that is never overwritten.
    let recognizes: (@Sendable (borrowing OpenFile) throws(FileError) -> Bool)?

    /// A snapshot, which is never overwritten.
    package static let unique = OutputKind(name: "snapshot", recognizes: nil)

    /// HTML whose generator is census.
    package static let page = OutputKind(name: "page") { file throws(FileError) in
        let start = try file.beginning(count: 4096)
        let generator = Array("\n<meta name=\"generator\" content=\"census ".utf8)
        return start.starts(with: "<!DOCTYPE html>\n".utf8)
            && start.indices.contains { start[$0...].starts(with: generator) }
    }

    /// Any text of census.
    /// - Parameters:
    ///   - name: its name in messages.
    ///   - beginnings: one of these begins each such text, and no other file.
    package static func text(_ name: String, beginnings: [String]) -> OutputKind {
        OutputKind(name: name) { file throws(FileError) in
            let start = try file.beginning(count: sampleBytes)
            return beginnings.contains { start.starts(with: $0.utf8) }
        }
    }

    /// The rows of one table.
    /// - Parameter name: the table's name in messages.
    package static func rows(
        _ format: RowFormat, _ columns: [String], of name: String
    ) -> OutputKind {
        OutputKind(name: "\(format.title) of \(name)") { file throws(FileError) in
            try isWritten(file, in: format, columns, behind: "", before: "")
        }
    }

    /// Several reports in one file, as on standard output.
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

    /// Whether a file is in a format, with a table of these columns after `start`.
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

    /// The number of bytes examined to recognise a file.
    private static let sampleBytes = 1 << 20
}

/// A scanner over the beginning of a formatter's output.
struct OutputScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    func isBefore(_ text: String) -> Bool { rest.starts(with: text.utf8) }

    mutating func next() -> UInt8? { rest.popFirst() }

    mutating func skip(_ text: String) -> Bool { skip(text.utf8) }

    /// - Returns: whether the bytes come next; if so, they are skipped.
    mutating func skip(_ bytes: some Collection<UInt8>) -> Bool {
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// - Returns: the number of bytes skipped.
    mutating func skip(while predicate: (UInt8) -> Bool) -> Int {
        let count = rest.prefix(while: predicate).count
        rest = rest.dropFirst(count)
        return count
    }

    /// The first lines, at most `count`; the last one extends to the end.
    func lines(_ count: Int) -> [String] {
        rest.split(
            separator: UInt8(ascii: "\n"), maxSplits: count - 1, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
    }
}
