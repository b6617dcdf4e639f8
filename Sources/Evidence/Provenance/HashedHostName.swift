import Crypto
import Text

/// A name of a host as `ssh-keygen -H` hides it, `|1|SALT|HASH`: the HMAC-SHA-1 of the name in small
/// letters, with the salt as the key. A name with another port than 22 is hashed as `[web-01]:2222`.
struct HashedHostName: Sendable {
    private let salt: SymmetricKey
    private let hash: [UInt8]

    /// - Returns: nil if the text is none.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
            .map(Array.init)
        guard parts.count == 4, parts[0].isEmpty, parts[1] == [UInt8(ascii: "1")],
            let salt = bytesOfBase64(parts[2], from: 0, to: parts[2].count), !salt.isEmpty,
            let hash = bytesOfBase64(parts[3], from: 0, to: parts[3].count),
            hash.count == Insecure.SHA1.Digest.byteCount
        else { return nil }
        self.salt = SymmetricKey(data: salt)
        self.hash = hash
    }

    /// The name as it was hashed: without a port, or with one of these; nil if it is another name.
    func text(of name: String, ports: some Sequence<UInt16>) -> String? {
        if matches(HMAC(key: salt), Array(name.utf8)) { return name }
        return port(of: name, among: ports).map { "[\(name)]:\($0)" }
    }

    /// The port with which it is a name.
    func port(of name: String, among ports: some Sequence<UInt16>) -> UInt16? {
        var beginning = HMAC<Insecure.SHA1>(key: salt)
        beginning.update(data: Array("[\(name)]:".utf8))
        return ports.first { matches(beginning, Array(String($0).utf8)) }
    }

    private func matches(_ beginning: HMAC<Insecure.SHA1>, _ rest: [UInt8]) -> Bool {
        var code = beginning
        code.update(data: rest)
        return code.finalize().elementsEqual(hash)
    }
}
