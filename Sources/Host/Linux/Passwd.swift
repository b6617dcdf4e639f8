import Text

/// The names of user ids in a file of passwd(5), as nss_files reads it.
struct Passwd {
    private var names: [Int64: RawText] = [:]

    init(_ bytes: [UInt8]) { add(bytes) }

    /// Takes the lines of one more file. What is named already keeps its name.
    mutating func add(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.drop(while: isBlank).split(
                separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
            // `+anna` and `-anna` are words of nss_compat, of NIS' users.
            guard fields.count > 3, let first = fields[0].first,
                ![UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(first),
                let uid = Self.userID(fields[2]), names[uid] == nil
            else { continue }
            names[uid] = RawText(fields[0])
        }
    }

    /// As strtoul(3) takes it: blanks, a sign and zeros may stand in front, and nothing behind.
    private static func userID(_ field: ArraySlice<UInt8>) -> Int64? {
        UInt32(String(decoding: field.drop(while: isBlank), as: UTF8.self)).map { Int64($0) }
    }

    func name(of uid: Int64) -> RawText? { names[uid] }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
