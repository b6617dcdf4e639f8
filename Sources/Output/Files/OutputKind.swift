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
        OutputKind(name: "\(format.phrase) of \(name)") { file throws(FileError) in
            var scanner = OutputScanner(try file.beginning(count: sampleBytes))
            switch format {
            case .csv: return scanner.skipHeader(columns)
            case .json:
                return try file.ending(count: 2) == Array("]\n".utf8) && scanner.skipArray(columns)
            case .table: return scanner.skipTable(columns)
            }
        }
    }

    /// Reports as they are on standard output, one after the other.
    package static func reports(_ format: RowFormat, _ reports: [Report]) -> OutputKind {
        let first = reports[0]
        let names = reports.map(\.name).joined(separator: ", ")
        return OutputKind(name: "\(format.phrase) of \(names)") { file throws(FileError) in
            var scanner = OutputScanner(try file.beginning(count: sampleBytes))
            switch format {
            case .csv: return scanner.skipHeader(first.columns)
            case .json:
                return try file.ending(count: 4) == Array("]\n}\n".utf8)
                    && scanner.skip("{\n\"\(first.name)\": ") && scanner.skipArray(first.columns)
            case .table:
                return scanner.skip(first.heading) && scanner.skipTable(first.columns)
            }
        }
    }

    /// Of a file, to see of which kind it is.
    private static let sampleBytes = 1 << 20
}

extension RowFormat {
    fileprivate var phrase: String {
        switch self {
        case .table: "table"
        case .csv: "CSV"
        case .json: "JSON"
        }
    }
}

/// Looks over the beginning of what a formatter may have written.
private struct OutputScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    mutating func skipHeader(_ columns: [String]) -> Bool {
        var formatter = CSVFormatter(columns)
        var header: [UInt8] = []
        formatter.begin(&header)
        return rest.starts(with: header)
    }

    /// An array, empty or up to the end of its first object.
    mutating func skipArray(_ columns: [String]) -> Bool {
        if skip("[]\n") {
            return rest.isEmpty || [",\n\"", "}\n"].contains { rest.starts(with: $0.utf8) }
        }
        guard skip("[\n{") else { return false }
        for (index, column) in columns.enumerated() {
            var key: [UInt8] = []
            appendKey(column, to: &key)
            guard index == 0 || skip(", "), rest.starts(with: key) else { return false }
            rest = rest.dropFirst(key.count)
            guard skipValue() else { return false }
        }
        return skip("}")
    }

    /// A string, a number or `null`.
    private mutating func skipValue() -> Bool {
        if !skip("\"") {
            let length = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }.count
            rest = rest.dropFirst(length)
            return length > 0
        }
        var isEscaped = false
        while let byte = rest.popFirst() {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return true
            }
        }
        return false
    }

    /// A table up to its first row, or what is written in the place of one without any.
    mutating func skipTable(_ columns: [String]) -> Bool {
        let lines = rest.split(
            separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        if lines[0] == "Empty set"
            || lines[0].wholeMatch(of: #/\d+ rows? in set, the first 0 shown .*/#) != nil
        {
            // Nothing more, or another report.
            return lines.count > 1 && lines[1].isEmpty
                && (lines.count == 2 || lines[2].hasPrefix("Test "))
        }
        guard lines.count > 3, lines[0].wholeMatch(of: #/(\+-+)+\+/#) != nil, lines[0] == lines[2]
        else { return false }
        let titles = lines[1].split(separator: "|").map { $0.drop { $0 == " " } }
        return titles.count == columns.count
            && zip(titles, columns).allSatisfy { title, column in
                title.hasPrefix(column) && title.dropFirst(column.count).allSatisfy { $0 == " " }
            }
    }
}
