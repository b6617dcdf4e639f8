/// The user's name in a JSON user record, as https://systemd.io/USER_RECORD describes it.
///
/// - Returns: nil if the text has no such member, or one that is no plain name.
func userName(inUserRecord bytes: [UInt8]) -> [UInt8]? {
    guard let value = values(of: "userName", bytes).first, value.first == UInt8(ascii: "\"")
    else { return nil }
    let name = value.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
    // Names of users need no escapes.
    guard !name.isEmpty, name.count < 256,
        name.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "/") })
    else { return nil }
    return Array(name)
}

/// The user ids in such a record: that of the record, and those in its `binding` to machines.
func userIDs(inUserRecord bytes: [UInt8]) -> [Int64] {
    values(of: "uid", bytes).compactMap { value in
        Int64(String(decoding: value.prefix { 0x30...0x39 ~= $0 }, as: UTF8.self))
    }
}

/// What stands behind each `"key":`, from its first byte on.
private func values(of key: String, _ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    let label = Array("\"\(key)\"".utf8)
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    var values: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
        rest = rest[quote...]
        if rest.starts(with: label) {
            let behind = rest.dropFirst(label.count).drop(while: isSpace)
            if behind.first == UInt8(ascii: ":") {
                values.append(behind.dropFirst().drop(while: isSpace))
            }
        }
        rest = rest.dropFirst()
    }
    return values
}
