import Files

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

    /// The route as one for all else, if it is usable and one.
    var defaultRoute: DefaultRoute? {
        guard isUsable && mask == 0 && destination == 0 else { return nil }
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: gateway >> $0) }
        return DefaultRoute(
            interface: interface, metric: metric, gateway: gateway == 0 ? nil : bytes)
    }

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
    /// `IFA_F_…` of linux/if_addr.h; 0 where they are not known.
    var flags: UInt32

    var isLoopback: Bool { groups == [0, 0, 0, 0, 0, 0, 0, 1] }
    var isLinkLocal: Bool { groups[0] & 0xFFC0 == 0xFE80 }
    /// Neither loopback nor link-local.
    var isGlobal: Bool { !isLoopback && !isLinkLocal }

    /// RFC 4193.
    var isUniqueLocal: Bool { groups[0] & 0xFE00 == 0xFC00 }

    /// How little the address is one that others know the host by: 0 for one that lasts and is seen
    /// from everywhere; then unique local ones, then those of privacy extensions (RFC 8981), which
    /// change every day, then those that are not to be used any more, or not yet.
    var transience: Int {
        if flags & 0x08 != 0 { return 5 }  // IFA_F_DADFAILED: another host has it
        if flags & 0x40 != 0 && flags & 0x04 == 0 { return 4 }  // TENTATIVE, not OPTIMISTIC
        if flags & 0x20 != 0 { return 3 }  // DEPRECATED
        if flags & 0x01 != 0 { return 2 }  // TEMPORARY
        return isUniqueLocal ? 1 : 0
    }

    init(groups: [UInt16], interface: String, flags: UInt32 = 0) {
        self.groups = groups
        self.interface = interface
        self.flags = flags
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
            return IPv6Address(
                groups: groups, interface: String(fields[5]),
                flags: UInt32(fields[4], radix: 16) ?? 0)
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

/// The usable default routes in /proc/net/ipv6_route: destination, prefix length, source, its
/// length, next hop, metric, two counters, flags, interface.
func defaultIPv6Routes(_ text: String) -> [DefaultRoute] {
    text.split(separator: "\n").compactMap { line in
        let fields = line.split(separator: " ")
        guard fields.count == 10, fields[1] == "00", fields[0].allSatisfy({ $0 == "0" }),
            let metric = UInt32(fields[5], radix: 16), let flags = UInt32(fields[8], radix: 16),
            flags & 0x200 == 0  // RTF_REJECT: the entry says that there is no way
        else { return nil }
        return DefaultRoute(interface: String(fields[9]), metric: metric)
    }
}

/// The addresses of a host.
struct Network: Equatable {
    /// All but loopback and link-local ones, IPv4 first.
    private(set) var addresses: [String] = []
    /// The one that a person would call the host's: that of the best default route; else that of the
    /// interface that is most likely a way to other hosts; else loopback; nil if there is none at
    /// all.
    private(set) var primary: String?

    /// An address and the interfaces that it may be on; none if that is not known.
    private typealias Located<Address> = (address: Address, interfaces: Set<String>)

    /// - Parameters:
    ///   - route: the text of the kernel's file of this name under /proc/net, as the others; nil if
    ///     it is not there.
    ///   - kind: what an interface is.
    init(
        route: String?, fibTrie: String?, ifInet6: String?, ipv6Route: String?,
        kind: (String) -> InterfaceKind = InterfaceKind.init(name:)
    ) {
        let routes = IPv4Route.parse(route ?? "")
        // The kernel does not say which interface an IPv4 address is on; its neighbours do, unless
        // they are on several.
        func interfaces(of address: IPv4Address) -> Set<String> {
            let neighbours = routes.filter { $0.isOnLink(with: address) }
            let nearest = neighbours.map { $0.mask }.max()
            return Set(neighbours.filter { $0.mask == nearest }.map { $0.interface })
        }
        self.init(
            localIPv4Addresses(inFIBTrie: fibTrie ?? "").map { ($0, interfaces(of: $0)) },
            IPv6Address.parse(ifInet6 ?? ""), routes, routes.compactMap { $0.defaultRoute },
            defaultIPv6Routes(ipv6Route ?? ""), kind)
    }

    /// - Parameters:
    ///   - interfaces: the addresses of the running system.
    ///   - route, ifInet6, ipv6Route: the texts of the kernel's files of these names.
    ///   - defaults, ipv6Defaults: the default routes; nil where they are to be read in the texts.
    init(
        _ interfaces: [InterfaceAddress], route: String?, ifInet6: String?, ipv6Route: String?,
        defaults: [DefaultRoute]?, ipv6Defaults: [DefaultRoute]?, kind: (String) -> InterfaceKind
    ) {
        let routes = IPv4Route.parse(route ?? "")
        let flagged = IPv6Address.parse(ifInet6 ?? "")
        self.init(
            interfaces.compactMap { entry in
                IPv4Address(bytes: entry.bytes).map { ($0, [entry.interface]) }
            },
            interfaces.compactMap { entry in
                guard let address = IPv6Address(bytes: entry.bytes, interface: entry.interface)
                else { return nil }
                return flagged.first {
                    $0.groups == address.groups && $0.interface == address.interface
                } ?? address
            }, routes, defaults ?? routes.compactMap { $0.defaultRoute },
            ipv6Defaults ?? defaultIPv6Routes(ipv6Route ?? ""), kind)
    }

    private init(
        _ local: [Located<IPv4Address>], _ localIPv6: [IPv6Address], _ routes: [IPv4Route],
        _ defaults: [DefaultRoute], _ ipv6Defaults: [DefaultRoute],
        _ kind: (String) -> InterfaceKind
    ) {
        let ipv4 = local.filter { !$0.address.isLoopback && !$0.address.isLinkLocal }
        let ipv6 = localIPv6.filter { $0.isGlobal }
        addresses = ipv4.map { $0.address.description } + ipv6.map { $0.description }

        /// The address that packets of the route leave with, as far as there is telling.
        func ipv4Source(_ route: DefaultRoute) -> String? {
            if let source = route.source.flatMap(IPv4Address.init(bytes:)),
                let entry = ipv4.first(where: { $0.address == source })
            {
                return entry.address.description
            }
            let gateway = route.gateway.flatMap(IPv4Address.init(bytes:))
            let towards = routes.filter { neighbours in
                neighbours.interface == route.interface
                    && gateway.map { neighbours.isOnLink(with: $0) } == true
            }
            /// The kernel takes an address of the gateway's own network, else the first.
            func best(_ entries: [Located<IPv4Address>]) -> String? {
                let entry =
                    entries.first { entry in towards.contains { $0.isOnLink(with: entry.address) } }
                    ?? entries.first
                return entry?.address.description
            }
            if let address = best(ipv4.filter { $0.interfaces == [route.interface] })
                ?? best(ipv4.filter { $0.interfaces.contains(route.interface) })
            {
                return address
            }
            // A point-to-point address has no neighbours to tell its interface by. Where the
            // interface has none but a link-local one, the route leads no further than the link.
            if local.contains(where: { $0.interfaces.contains(route.interface) }) { return nil }
            return best(ipv4.filter { $0.interfaces.isEmpty })
        }
        func ipv6Source(_ route: DefaultRoute) -> String? {
            if let source = route.source.flatMap({ IPv6Address(bytes: $0, interface: "") }),
                let address = ipv6.first(where: { $0.groups == source.groups })
            {
                return address.description
            }
            return ipv6.filter { $0.interface == route.interface }.leastBy { $0.transience }?
                .description
        }
        func sorted(_ routes: [DefaultRoute]) -> [DefaultRoute] {
            routes.enumerated().map { index, route in
                (rank: (kind(route.interface).rawValue, route.metric, index), route: route)
            }.sorted { $0.rank < $1.rank }.map { $0.route }
        }
        let all: [(rank: (Int, Int), text: String)] =
            ipv4.map { entry in
                let kinds = entry.interfaces.map { kind($0).rawValue }
                return ((kinds.min() ?? InterfaceKind.unknown.rawValue, 0), "\(entry.address)")
            } + ipv6.map { ((kind($0.interface).rawValue, 1 + $0.transience), "\($0)") }

        primary =
            sorted(defaults).lazy.compactMap(ipv4Source).first
            ?? sorted(ipv6Defaults).lazy.compactMap(ipv6Source).first
            ?? all.leastBy { $0.rank.0 * 16 + $0.rank.1 }?.text
            ?? local.first { $0.address.isLoopback && $0.address.bits & 0xFF_FFFF != 0 }?
            .address.description
            ?? (localIPv6.contains { $0.isLoopback } ? "::1" : nil)
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
        func kind(_ name: String) -> InterfaceKind { InterfaceKind(tree, name) }
        let (route, ipv6Route, ifInet6) = (text("route"), text("ipv6_route"), text("if_inet6"))
        if tree.isLive, let interfaces = InterfaceAddress.all() {
            self.init(
                interfaces, route: route, ifInet6: ifInet6, ipv6Route: ipv6Route,
                defaults: DefaultRoute.all(.ipv4), ipv6Defaults: DefaultRoute.all(.ipv6),
                kind: kind)
            return
        }
        let fibTrie = text("fib_trie")
        if fibTrie == nil && ifInet6 == nil { return nil }
        self.init(
            route: route, fibTrie: fibTrie, ifInet6: ifInet6, ipv6Route: ipv6Route, kind: kind)
    }
}

extension Array {
    /// The first of those for which `rank` is least.
    fileprivate func leastBy(_ rank: (Element) -> Int) -> Element? {
        var least: (element: Element, rank: Int)?
        for element in self {
            let rank = rank(element)
            if least.map({ rank < $0.rank }) ?? true { least = (element, rank) }
        }
        return least?.element
    }
}
