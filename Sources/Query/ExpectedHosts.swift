import Evidence
import Text

/// The list of hosts that an audit must cover.
package struct ExpectedHosts: Sendable {
    /// The error of a list that cannot be read.
    package struct InvalidList: Error {
        /// The line, counted from 1; nil if the error is not in one line.
        package let line: Int?
        /// The message, without the path and the line.
        package let reason: String

        init(line: Int? = nil, _ reason: String) {
            self.line = line
            self.reason = reason
        }
    }

    /// The hosts in the order of the list, without duplicates; case is ignored.
    package private(set) var names: [String] = []
    /// The lines of non-empty rows without a host, counted from 1.
    package private(set) var linesWithoutHost: [Int] = []
    /// The first line that is not UTF-8, if the list was therefore read as Windows-1252; otherwise
    /// nil.
    package let firstLineInWindows1252: Int?

    /// Reads comma-separated values (RFC 4180; also separated by semicolons or tabs, and with
    /// Excel's first line `sep=;`), in UTF-8, UTF-16 or Windows-1252. The first row is a header if
    /// one of its fields is a known word for a host; that column is used. Without a header the
    /// first column is used. If the field is empty, another column of names, ids or addresses is
    /// used. Empty lines and lines that begin with `#` are skipped.
    package init(_ bytes: [UInt8]) throws(InvalidList) {
        let text = try ListText(bytes)
        firstLineInWindows1252 = text.firstLineInWindows1252
        var table = ListTable(text.scalars)
        let rows = try table.rows()
        var columns = [0]
        var seen: Set<ExactText> = []
        for (index, row) in rows.enumerated() {
            if index == 0 {
                let found = HostColumn.indices(in: row.fields)
                if !found.isEmpty {
                    columns = found
                    continue
                }
            }
            let fields = columns.filter { $0 < row.fields.count }.map { row.fields[$0] }
            guard let name = fields.first(where: { !$0.isEmpty }) else {
                linesWithoutHost.append(row.line)
                continue
            }
            if seen.insert(ExactText(name.lowercased())).inserted { names.append(name) }
        }
        if names.isEmpty { throw InvalidList("the list contains no hosts") }
    }
}

// MARK: Encodings

/// The decoded text of a list.
private struct ListText {
    let scalars: [Unicode.Scalar]
    let firstLineInWindows1252: Int?

    init(_ bytes: [UInt8]) throws(ExpectedHosts.InvalidList) {
        var decoded: [Unicode.Scalar]
        var firstLineInWindows1252: Int?
        switch ListEncoding(bytes) {
        case .utf8:
            if let text = String(validating: bytes, as: UTF8.self) {
                decoded = Array(text.unicodeScalars)
            } else {
                firstLineInWindows1252 = Self.firstLineThatIsNotUTF8(bytes)
                decoded = bytes.map(windows1252)
            }
        case .utf16(let isBigEndian): decoded = try Self.decodeUTF16(bytes, isBigEndian)
        case .foreign(let content):
            throw ExpectedHosts.InvalidList(
                "this \(content); save the list as CSV UTF-8 and use that file")
        }
        if decoded.first == "\u{FEFF}" { decoded.removeFirst() }
        if let index = decoded.firstIndex(of: "\0") {
            throw ExpectedHosts.InvalidList(
                line: lineCount(decoded[..<index]),
                "the list contains a NUL character; save the list as CSV UTF-8 and use that file")
        }
        scalars = decoded
        self.firstLineInWindows1252 = firstLineInWindows1252
    }

    private static func decodeUTF16(
        _ bytes: [UInt8], _ isBigEndian: Bool
    ) throws(ExpectedHosts.InvalidList) -> [Unicode.Scalar] {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        let text = String(decoding: units, as: UTF16.self)
        if bytes.count % 2 == 1 || String(validating: units, as: UTF16.self) == nil {
            let good = text.unicodeScalars.prefix { $0 != "\u{FFFD}" }
            throw ExpectedHosts.InvalidList(
                line: lineCount(good), "the list is truncated UTF-16; copy it again")
        }
        return Array(text.unicodeScalars)
    }

    private static func firstLineThatIsNotUTF8(_ bytes: [UInt8]) -> Int {
        let good = String(decoding: bytes, as: UTF8.self).unicodeScalars
            .prefix { $0 != "\u{FFFD}" }
        return lineCount(good)
    }
}

private enum ListEncoding {
    case utf8
    case utf16(isBigEndian: Bool)
    /// Not a list. The message starts with the verb.
    case foreign(String)

    init(_ bytes: [UInt8]) {
        switch Array(bytes.prefix(2)) {
        case [0x1F, 0x8B]: self = .foreign("is gzip")
        case [0xFF, 0xFE] where Array(bytes.dropFirst(2).prefix(2)) != [0, 0]:
            self = .utf16(isBigEndian: false)
        case [0xFE, 0xFF]: self = .utf16(isBigEndian: true)
        default:
            guard let content = ForeignContent(bytes), Self.isNoText(bytes) else {
                self = .utf8
                return
            }
            if content == .utf16 {
                self = .utf16(isBigEndian: bytes[0] == 0)
            } else if content == .zip {
                self = .foreign("is a workbook, such as .xlsx, .ods or .numbers, or a zip archive")
            } else {
                self = .foreign(content.sentence)
            }
        }
    }

    /// Whether the bytes are a document or contain control characters. Any other text can be a host
    /// name.
    private static func isNoText(_ bytes: [UInt8]) -> Bool {
        let text = bytes.prefix(ForeignContent.beginning)
        if text.contains(where: { $0 < 0x20 && !ForeignContent.isSpace($0) }) { return true }
        let start = withoutByteOrderMark(text)
        return ["<", "%PDF", "{\\rtf"].contains { mark in
            start.drop(while: ForeignContent.isSpace).starts(with: mark.utf8)
        } || text.prefix(16).allSatisfy { $0 == 0xFF }
    }
}

/// Windows-1252 (WHATWG Encoding Standard): ISO 8859-1 except for 32 characters.
private func windows1252(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80..<0xA0).contains(byte) else { return Unicode.Scalar(byte) }
    return windows1252Letters[Int(byte) - 0x80]
}

private let windows1252Letters = Array(
    ("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ" as String).unicodeScalars)

/// The line of the end of the text, counted from 1.
private func lineCount(_ text: some Sequence<Unicode.Scalar>) -> Int {
    var line = 1
    var last: Unicode.Scalar = " "
    for scalar in text {
        if scalar == "\r" || scalar == "\n" && last != "\r" { line += 1 }
        last = scalar
    }
    return line
}

// MARK: Rows

/// A reader of comma-separated values (RFC 4180). A line ends with LF, CR LF or CR.
private struct ListTable {
    private let text: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var separator: Unicode.Scalar = ","

    init(_ text: [Unicode.Scalar]) { self.text = text }

    /// All rows that are not empty and do not begin with `#`, with the line in which each begins. The
    /// first row begins with it too if that is the title of its first column, of numbers.
    mutating func rows() throws(ExpectedHosts.InvalidList) -> [(line: Int, fields: [String])] {
        chooseSeparator()
        var rows: [(line: Int, fields: [String])] = []
        while index < text.count {
            let isTitle = rows.isEmpty && text.dropFirst(index + 1).first == separator
            if text[index] == "#" && !isTitle {
                skipLine()
                continue
            }
            let first = line
            let row = try row()
            if row.contains(where: { !$0.isEmpty }) { rows.append((first, row)) }
        }
        return rows
    }

    /// Sets the separator: that of a first line `sep=`, otherwise the most frequent one outside
    /// quotes in the first non-empty line.
    private mutating func chooseSeparator() {
        let first = String(String.UnicodeScalarView(text.prefix { !isNewline($0) }))
        let directive = first.filter { $0 != "\"" }
        if directive.lowercased().hasPrefix("sep="), let given = directive.dropFirst(4).first {
            separator = given.unicodeScalars.first!
            skipLine()
            return
        }
        let lines = text.split(whereSeparator: isNewline)
        guard let line = lines.first(where: { $0.first != "#" && !$0.allSatisfy(isBlank) }) else {
            return
        }
        var counts: [Unicode.Scalar: Int] = [:]
        var isQuoted = false
        for scalar in line {
            if scalar == "\"" { isQuoted.toggle() }
            if !isQuoted { counts[scalar, default: 0] += 1 }
        }
        let candidates: [Unicode.Scalar] = [",", ";", "\t"]
        // The last of equally frequent separators: a comma also occurs in names.
        separator = candidates.max { counts[$0, default: 0] <= counts[$1, default: 0] }!
        if counts[separator] == nil { separator = "," }
    }

    private mutating func row() throws(ExpectedHosts.InvalidList) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard index < text.count else { return fields }
            if text[index] != separator {
                takeNewline()
                return fields
            }
            index += 1
        }
    }

    /// The next field. The cursor stops at its terminator. White space is collapsed and trimmed;
    /// invisible characters are removed.
    private mutating func field() throws(ExpectedHosts.InvalidList) -> String {
        var field = String.UnicodeScalarView()
        var isQuoted = false
        var quoteLine = line
        while index < text.count {
            let scalar = text[index]
            if isQuoted {
                if scalar == "\"" {
                    index += 1
                    if index < text.count, text[index] == "\"" {
                        field.append(scalar)
                        index += 1
                    } else {
                        isQuoted = false
                    }
                } else if isNewline(scalar) {
                    field.append(" ")
                    takeNewline()
                } else {
                    field.append(scalar)
                    index += 1
                }
            } else if scalar == separator || isNewline(scalar) {
                break
            } else {
                if scalar == "\"" && field.allSatisfy(isBlank) {
                    isQuoted = true
                    quoteLine = line
                } else {
                    field.append(scalar)
                }
                index += 1
            }
        }
        if isQuoted { throw ExpectedHosts.InvalidList(line: quoteLine, "a quote is not closed") }
        return field.filter { $0.properties.generalCategory != .format }
            .split(whereSeparator: isBlank).map { String($0) }.joined(separator: " ")
    }

    private mutating func skipLine() {
        while index < text.count, !isNewline(text[index]) { index += 1 }
        takeNewline()
    }

    private mutating func takeNewline() {
        guard index < text.count else { return }
        let isPair = text[index] == "\r" && index + 1 < text.count && text[index + 1] == "\n"
        index += isPair ? 2 : 1
        line += 1
    }
}

private func isNewline(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
}

// MARK: The header

/// The header words for a column of hosts, as used in inventories, directories and spreadsheets, in
/// common languages.
private enum HostColumn {
    /// The column to use, followed by those to use if it is empty. Empty if no field is a known
    /// word.
    static func indices(in row: [String]) -> [Int] {
        let fields = row.map(folded)
        let found = ranks.enumerated().flatMap { rank, words in
            fields.indices.filter { words.contains(fields[$0]) }.map { (rank, $0) }
        }
        return found.enumerated()
            .filter { place, column in place == 0 || !ambiguousRanks.contains(column.0) }
            .map { $1.1 }
    }

    /// The ranks of ambiguous words, such as those for a server's owner or number.
    private static let ambiguousRanks = [3, 5]

    /// The field in lower case, without separators between words.
    private static func folded(_ field: String) -> String {
        let scalars = field.lowercased().unicodeScalars.filter { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Words for a name come before those for other ids, ambiguous words last.
    private static let ranks: [Set<String>] = [
        [
            "host", "hosts", "hostname", "hostnames", "fqdn", "dnsname", "dnshostname", "nodename",
            "computername", "machinename", "servername", "devicename", "systemname", "vmname",
            "rechnername", "gerätename", "hostnamen", "servernamen", "nombredehost",
            "nombredelhost", "nombredelequipo", "nombreequipo", "nombredelservidor",
            "nombreservidor", "nomdhôte", "nomdhote", "nomdelhôte", "nomdelamachine",
            "nomdelordinateur", "nomduserveur", "nomehost", "nomedohost", "nomecomputer",
            "nomedocomputador", "nomeserver", "nomedelserver", "nomedoservidor", "nazwahosta",
            "nazwakomputera", "computernaam", "hostnaam", "servernaam", "datornamn", "värdnamn",
            "værtsnavn", "vertsnavn", "имякомпьютера", "имяхоста", "ホスト名", "コンピューター名",
            "コンピュータ名", "サーバー名", "サーバ名", "主机名", "主機名稱", "计算机名", "服务器名",
            "호스트이름", "호스트명",
        ],
        [
            "server", "servers", "computer", "computers", "machine", "machines", "node", "device",
            "rechner", "gerät", "maschine", "equipo", "servidor", "anfitrión", "máquina",
            "ordenador", "hôte", "hote", "serveur", "ordinateur", "poste", "macchina", "computador",
            "anfitrião", "equipamento", "komputer", "serwer", "dator", "maskine", "maskin",
            "компьютер", "хост", "сервер", "サーバー", "サーバ", "ホスト", "主机", "主機", "服务器",
            "伺服器", "서버", "호스트",
        ],
        ["hostid", "machineid"],
        ["name", "nombre", "nom", "nome", "naam", "namn", "navn", "nazwa", "имя", "名前", "名称"],
        [
            "ip", "ips", "ipaddress", "ipv4", "ipv4address", "ipv6", "ipadresse", "direcciónip",
            "direccionip", "adresseip", "indirizzoip", "endereçoip", "enderecoip", "adresip",
            "ipadres", "ipadress", "ipアドレス", "ip地址", "ipадрес", "address", "adresse",
            "dirección", "direccion", "indirizzo", "endereço",
        ],
        ["id"],
    ]
}
