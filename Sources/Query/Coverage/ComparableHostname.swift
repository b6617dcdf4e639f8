import Text

/// A hostname for comparison: case is ignored, and so is a domain that only one of two names has.
struct ComparableHostname: Hashable, Sendable {
    /// In lower case, without the trailing dot of a fully qualified name.
    let name: String
    /// The part before the first dot.
    let label: String

    init(_ hostname: String) {
        var name = hostname.lowercased()
        if name.hasSuffix(".") && name != "." { name.removeLast() }
        self.name = name
        // An address has no domain.
        let isAddress = name.utf8.allSatisfy { (0x30...0x39) ~= $0 || $0 == UInt8(ascii: ".") }
        label = isAddress ? name : String(name.prefix { $0 != "." })
    }

    var hasDomain: Bool { name.utf8.count > label.utf8.count }

    /// Whether the name does not identify a host.
    var isGeneric: Bool {
        ["", "(none)", "localhost", "localhost4", "localhost6", "unknown"].contains(label)
    }

    func isNameOf(sameHostAs other: ComparableHostname) -> Bool {
        if hasDomain && other.hasDomain { return ExactText(name) == ExactText(other.name) }
        return ExactText(label) == ExactText(other.label)
    }
}
