import Text

/// The names of user ids in a file of passwd(5), as nss_files reads it.
struct Passwd {
    private var names: [Int64: RawText] = [:]

    init(_ bytes: [UInt8]) { add(bytes) }

    /// Takes the lines of one more file. What is named already keeps its name.
    mutating func add(_ bytes: [UInt8]) {
        var lines = ColonLines(bytes)
        while lines.advance() {
            guard lines.fields.count > 3, let uid = accountID(lines[2]),
                accountID(lines[3]) != nil, names[uid] == nil
            else { continue }
            names[uid] = RawText(lines[0])
        }
    }

    func name(of uid: Int64) -> RawText? { names[uid] }
}
