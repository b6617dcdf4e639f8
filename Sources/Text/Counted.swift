/// `1 file`, `2 files`, `3 processes`.
package func counted(_ count: some BinaryInteger, _ noun: String) -> String {
    let ending = count == 1 ? "" : noun.utf8.last == UInt8(ascii: "s") ? "es" : "s"
    return "\(count) \(noun)\(ending)"
}
