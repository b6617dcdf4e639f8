import Linux

/// An IPv4 address, the first byte in the high bits.
struct IPv4Address: Hashable, CustomStringConvertible {
    var bits: UInt32

    var isLoopback: Bool { bits >> 24 == 127 }
    var isLinkLocal: Bool { bits >> 16 == 169 << 8 | 254 }

    init(bits: UInt32) { self.bits = bits }

    /// - Parameter bytes: in network order.
    /// - Returns: nil if they are not four.
    init?(bytes: [UInt8]) {
        guard bytes.count == 4 else { return nil }
        bits = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads `192.0.2.10`.
    init?(_ text: some StringProtocol) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
            .map { UInt8($0) }
        guard numbers.count == 4 else { return nil }
        bits = 0
        for number in numbers {
            guard let number else { return nil }
            bits = bits << 8 | UInt32(number)
        }
    }

    var description: String {
        [24, 16, 8, 0].map { String(bits >> $0 & 255) }.joined(separator: ".")
    }
}

/// A line of /proc/net/route, proc_pid_net(5).
struct IPv4Route: Equatable {
    var interface: String
    var destination: UInt32
    var gateway: UInt32
    var mask: UInt32
    var metric: UInt32
    /// Whether packets go this way: the route is up, and does not say that there is none.
    var isUsable: Bool

    var isDefault: Bool { isUsable && mask == 0 && destination == 0 }

    /// Whether the route is to neighbours on the interface that have addresses like this one.
    func isOnLink(with address: IPv4Address) -> Bool {
        isUsable && mask != 0 && gateway == 0 && address.bits & mask == destination
    }

    static func parse(_ text: String) -> [IPv4Route] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 7, let destination = address(fields[1]),
                let gateway = address(fields[2]), let flags = Int(fields[3], radix: 16),
                let metric = Int(fields[6]), let mask = address(fields[7])
            else { return nil }
            return IPv4Route(
                interface: String(fields[0]), destination: destination, gateway: gateway,
                mask: mask,
                metric: UInt32(truncatingIfNeeded: metric),  // the kernel prints it signed
                isUsable: flags & 0x201 == 1)  // RTF_UP and not RTF_REJECT
        }
    }

    /// The kernel prints an address, which it has in network order, as a number of the machine's.
    private static func address(_ text: Substring) -> UInt32? {
        UInt32(text, radix: 16).map { UInt32(bigEndian: $0) }
    }
}

/// The local addresses in /proc/net/fib_trie: each leaf `|-- 192.0.2.10` with `/32 host LOCAL`
/// below it.
func localIPv4Addresses(inFIBTrie text: String) -> [IPv4Address] {
    var addresses: [IPv4Address] = []
    var leaf: IPv4Address?
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 2 && words[0] == "|--" {
            leaf = IPv4Address(words[1])
        } else if words == ["/32", "host", "LOCAL"], let address = leaf,
            !addresses.contains(address)
        {
            addresses.append(address)
        }
    }
    return addresses
}

/// A line of /proc/net/if_inet6: address, interface index, prefix length, scope, flags, interface.
struct IPv6Address: Equatable, CustomStringConvertible {
    /// Eight groups of 16 bits.
    var groups: [UInt16]
    var interface: String

    var isLoopback: Bool { groups == [0, 0, 0, 0, 0, 0, 0, 1] }
    var isLinkLocal: Bool { groups[0] & 0xFFC0 == 0xFE80 }
    /// Neither loopback nor link-local.
    var isGlobal: Bool { !isLoopback && !isLinkLocal }

    init(groups: [UInt16], interface: String) {
        self.groups = groups
        self.interface = interface
    }

    /// - Parameter bytes: in network order.
    /// - Returns: nil if they are not sixteen.
    init?(bytes: [UInt8], interface: String) {
        guard bytes.count == 16 else { return nil }
        self.init(
            groups: stride(from: 0, to: 16, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }, interface: interface)
    }

    static func parse(_ text: String) -> [IPv6Address] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 6, let groups = groups(fields[0]) else { return nil }
            return IPv6Address(groups: groups, interface: String(fields[5]))
        }
    }

    private static func groups(_ digits: Substring) -> [UInt16]? {
        guard digits.utf8.count == 32 else { return nil }
        var rest = digits
        var groups: [UInt16] = []
        while !rest.isEmpty {
            guard let group = UInt16(rest.prefix(4), radix: 16) else { return nil }
            groups.append(group)
            rest = rest.dropFirst(4)
        }
        return groups
    }

    /// The text of RFC 5952: the longest run of two zero groups or more, the first if there are
    /// several, as `::`.
    var description: String {
        var longest = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = max(end, start + 1)
        }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if longest.isEmpty { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }
}

/// The interface of the default route with the lowest metric in /proc/net/ipv6_route: destination,
/// prefix length, source, its length, next hop, metric, two counters, flags, interface.
func defaultIPv6Interface(_ text: String) -> String? {
    text.split(separator: "\n").compactMap { line -> (metric: UInt32, interface: String)? in
        let fields = line.split(separator: " ")
        guard fields.count == 10, fields[1] == "00", fields[0].allSatisfy({ $0 == "0" }),
            let metric = UInt32(fields[5], radix: 16), let flags = UInt32(fields[8], radix: 16),
            flags & 0x200 == 0  // RTF_REJECT: the entry says that there is no way
        else { return nil }
        return (metric, String(fields[9]))
    }.min { $0.metric < $1.metric }?.interface
}

/// The addresses of a host.
struct Network: Equatable {
    /// All but loopback and link-local ones, IPv4 first.
    private(set) var addresses: [String] = []
    /// The one that a person would call the host's: of the interface with the default route, else
    /// the first of `addresses`, else loopback; nil if there is none at all.
    private(set) var primary: String?

    /// An address and the interfaces that it may be on; none if that is not known.
    private typealias Located<Address> = (address: Address, interfaces: Set<String>)

    /// - Parameters: the texts of the kernel's files of these names under /proc/net; nil if one is
    ///   not there.
    init(route: String?, fibTrie: String?, ifInet6: String?, ipv6Route: String?) {
        let routes = IPv4Route.parse(route ?? "")
        // The kernel does not say which interface an IPv4 address is on; its neighbours do, unless
        // they are on several.
        func interfaces(of address: IPv4Address) -> Set<String> {
            let neighbours = routes.filter { $0.isOnLink(with: address) }
            let nearest = neighbours.map(\.mask).max()
            return Set(neighbours.filter { $0.mask == nearest }.map(\.interface))
        }
        self.init(
            localIPv4Addresses(inFIBTrie: fibTrie ?? "").map { ($0, interfaces(of: $0)) },
            IPv6Address.parse(ifInet6 ?? ""), routes, ipv6Route)
    }

    /// - Parameters:
    ///   - interfaces: the addresses of the running system.
    ///   - route: the text of /proc/net/route.
    ///   - ipv6Route: the text of /proc/net/ipv6_route.
    init(_ interfaces: [InterfaceAddress], route: String?, ipv6Route: String?) {
        self.init(
            interfaces.compactMap { entry in
                IPv4Address(bytes: entry.bytes).map { ($0, [entry.interface]) }
            },
            interfaces.compactMap { IPv6Address(bytes: $0.bytes, interface: $0.interface) },
            IPv4Route.parse(route ?? ""), ipv6Route)
    }

    private init(
        _ local: [Located<IPv4Address>], _ localIPv6: [IPv6Address], _ routes: [IPv4Route],
        _ ipv6Route: String?
    ) {
        let ipv4 = local.filter { !$0.address.isLoopback && !$0.address.isLinkLocal }
        let ipv6 = localIPv6.filter(\.isGlobal)
        addresses = ipv4.map(\.address.description) + ipv6.map(\.description)

        let defaultInterface = routes.filter(\.isDefault).min { $0.metric < $1.metric }?.interface
        let defaultIPv6 = ipv6Route.flatMap(defaultIPv6Interface)
        /// The first address for which the interfaces that it may be on are as they should.
        func first(_ isMatch: (Set<String>, String) -> Bool) -> String? {
            guard let defaultInterface else { return nil }
            return ipv4.first { isMatch($0.interfaces, defaultInterface) }?.address.description
        }
        let candidates: [String?] = [
            first { $0 == [$1] },
            first { $0.contains($1) },
            // A point-to-point address has no neighbours to tell its interface by.
            first { interfaces, _ in interfaces.isEmpty },
            defaultIPv6.flatMap { name in ipv6.first { $0.interface == name } }?.description,
            addresses.first,
            local.first { $0.address.isLoopback && $0.address.bits & 0xFF_FFFF != 0 }?
                .address.description,
            localIPv6.contains(where: \.isLoopback) ? "::1" : nil,
        ]
        primary = candidates.lazy.compactMap(\.self).first
    }

    /// - Returns: nil if the tree does not tell.
    init?(_ tree: borrowing FileTree) {
        // /proc/net is the reader's own network namespace; the host's is that of its first process.
        let directories =
            tree.isLive ? ["proc/net", "proc/1/net"] : ["proc/1/net", "proc/net"]
        func text(_ name: String) -> String? {
            for directory in directories {
                // The default route stands first; a router may have a million behind it.
                if let bytes = tree.beginning(of: "\(directory)/\(name)", count: 16 << 20) {
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
            return nil
        }
        let (route, ipv6Route) = (text("route"), text("ipv6_route"))
        if tree.isLive, let interfaces = InterfaceAddress.all() {
            self.init(interfaces, route: route, ipv6Route: ipv6Route)
            return
        }
        let (fibTrie, ifInet6) = (text("fib_trie"), text("if_inet6"))
        if fibTrie == nil && ifInet6 == nil { return nil }
        self.init(route: route, fibTrie: fibTrie, ifInet6: ifInet6, ipv6Route: ipv6Route)
    }
}
