package import Records

/// What a snapshot says of the host that signed it.
package struct SignedHost: Hashable, Sendable {
    /// The hostname, and the part of it before its domain; none if it is unknown.
    let names: [String]
    let addresses: [String]

    /// Of one who knows the host by its names and addresses.
    package init(_ host: HostRecord) {
        addresses =
            [host.ip].compactMap(\.self) + (host.addresses ?? []).filter { $0 != host.ip }
        var hostname = host.hostname ?? ""
        if hostname.hasSuffix(".") { hostname.removeLast() }
        let isAddress = hostname.utf8.allSatisfy { (0x30...0x39) ~= $0 || $0 == UInt8(ascii: ".") }
        // What stands behind the letters of a name can be anything.
        let label = hostname.prefix { $0.isLetter || $0.isNumber || "-_".contains($0) }
        names =
            hostname.isEmpty
            ? []
            : isAddress || label.isEmpty || label.utf8.count == hostname.utf8.count
                ? [hostname] : [hostname, String(label)]
    }
}

/// The hosts of the snapshots in a file, in the order of the file, each once.
struct SignedHosts {
    private(set) var all: [SignedHost] = []
    private var known: Set<SignedHost> = []

    mutating func add(_ host: SignedHost) {
        if known.insert(host).inserted { all.append(host) }
    }
}
