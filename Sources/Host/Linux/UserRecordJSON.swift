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
    values(of: "uid", bytes).compactMap { number(beginning: $0) }
}

@inline(never)
private func number(beginning value: ArraySlice<UInt8>) -> Int64? {
    var digits: [UInt8] = []
    for byte in value {
        guard 0x30...0x39 ~= byte, digits.count < 19 else { break }
        digits.append(byte)
    }
    return decimalNumber(digits[...])
}

/// What stands behind the first `"key":`, from its first byte on.
@inline(never)
func jsonValue(_ key: StaticString, _ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    values(of: key.withUTF8Buffer { unsafe String(decoding: $0, as: UTF8.self) }, bytes).first
}

/// A text of such a record; nil if it has none, or one with escapes.
@inline(never)
func jsonText(_ key: StaticString, _ bytes: [UInt8]) -> [UInt8]? {
    guard let value = jsonValue(key, bytes), value.first == UInt8(ascii: "\"") else { return nil }
    let text = value.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
    return text.contains(UInt8(ascii: "\\")) ? nil : Array(text)
}

/// A number of such a record that is not less than 0.
@inline(never)
func jsonNumber(_ key: StaticString, _ bytes: [UInt8]) -> Int64? {
    jsonValue(key, bytes).flatMap { number(beginning: $0) }
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
