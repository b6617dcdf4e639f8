/// The statements of a script as the `mysql` and `mariadb` clients read it: each ends where a line
/// ends in the delimiter, `;` until a line `DELIMITER` sets another one. The last one may do without.
struct SQLScript {
    private(set) var statements: [String] = []

    init(_ text: String) {
        var delimiter = ";"
        var statement = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("DELIMITER ") {
                delimiter = String(line.dropFirst("DELIMITER ".count))
            } else if !line.drop(while: { $0 == " " }).hasPrefix("--") {
                statement += line + "\n"
                guard line.hasSuffix(delimiter) else { continue }
                statements.append(String(statement.dropLast(delimiter.count + 1)))
                statement = ""
            }
        }
        if statement.contains(where: { !$0.isWhitespace }) { statements.append(statement) }
    }
}
