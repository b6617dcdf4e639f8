/// The hosts that an audit is to cover, as a list names them.
package struct ExpectedHosts: Sendable {
    package struct InvalidList: Error {
        /// The line, counted from 1.
        package let line: Int
        package let reason: String
    }

    /// In the order of the list, each once.
    package private(set) var names: [String] = []

    /// Reads comma-separated values (RFC 4180; semicolons or tabs will do too). The first line is a
    /// header if one of its fields is a word for a host, which then is the column that counts;
    /// otherwise the first column does. Empty lines and fields are passed over.
    package init(_ bytes: [UInt8]) throws(InvalidList) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidList(line: 1, reason: "this is not UTF-8")
        }
        let rows = try Self.rows(text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...])
        var column = 0
        var seen: Set<ExactText> = []
        for (index, row) in rows.enumerated() {
            if index == 0, let found = row.firstIndex(where: Self.isTitle) {
                column = found
                continue
            }
            guard column < row.count, !row[column].isEmpty else { continue }
            if seen.insert(ExactText(row[column])).inserted { names.append(row[column]) }
        }
        if names.isEmpty { throw InvalidList(line: 1, reason: "there is no host in it") }
    }

    private static func isTitle(_ field: String) -> Bool {
        [
            "host", "hosts", "hostname", "host name", "host_name", "host_id", "hostid", "name",
            "server", "servername", "server name", "fqdn", "ip", "address", "id",
        ].contains(field.lowercased())
    }

    private static func rows(_ text: Substring) throws(InvalidList) -> [[String]] {
        let firstLine = text.prefix { !$0.isNewline }
        let separator: Character = [",", ";", "\t"].first { firstLine.contains($0) } ?? ","
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var isQuoted = false
        var quoteLine = 1
        var line = 1
        var characters = text.makeIterator()
        var next = characters.next()
        func finishField() {
            row.append(field.split { $0 == " " }.joined(separator: " "))
            field = ""
        }
        while let character = next {
            next = characters.next()
            if character.isNewline { line += 1 }
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if next == "\"" {
                    field.append("\"")
                    next = characters.next()
                } else {
                    isQuoted = false
                }
            } else if character == "\"" && field.isEmpty {
                isQuoted = true
                quoteLine = line
            } else if character == separator {
                finishField()
            } else if character.isNewline {
                finishField()
                rows.append(row)
                row = []
            } else {
                field.append(character)
            }
        }
        if isQuoted { throw InvalidList(line: quoteLine, reason: "a quote is not closed") }
        finishField()
        rows.append(row)
        return rows.filter { $0 != [""] }
    }
}
