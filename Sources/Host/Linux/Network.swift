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
        kind: (String) -> InterfaceKind = { InterfaceKind(name: $0) }
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
            if let source = route.source.flatMap({ IPv4Address(bytes: $0) }),
                let entry = ipv4.first(where: { $0.address == source })
            {
                return entry.address.description
            }
            let gateway = route.gateway.flatMap({ IPv4Address(bytes: $0) })
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
        func best(_ routes: [DefaultRoute], _ source: (DefaultRoute) -> String?) -> String? {
            var best: (kind: Int, metric: UInt32, source: String)?
            for route in routes {
                guard let source = source(route) else { continue }
                let kind = kind(route.interface).rawValue
                if let best, (best.kind, best.metric) <= (kind, route.metric) { continue }
                best = (kind, route.metric, source)
            }
            return best?.source
        }
        let all: [(rank: (Int, Int), text: String)] =
            ipv4.map { entry in
                let kinds = entry.interfaces.map { kind($0).rawValue }
                return ((kinds.min() ?? InterfaceKind.unknown.rawValue, 0), "\(entry.address)")
            } + ipv6.map { ((kind($0.interface).rawValue, 1 + $0.transience), "\($0)") }

        primary =
            best(defaults, ipv4Source)
            ?? best(ipv6Defaults, ipv6Source)
            ?? all.leastBy { $0.rank.0 * 16 + $0.rank.1 }?.text
            ?? local.first { $0.address.isLoopback && $0.address.bits & 0xFF_FFFF != 0 }?
            .address.description
            ?? (localIPv6.contains { $0.isLoopback } ? "::1" : nil)
    }

    /// - Returns: nil if the tree does not tell.
    init?(_ tree: borrowing HostTree) {
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
                defaults: DefaultRoute.all(addressSize: 4),
                ipv6Defaults: DefaultRoute.all(addressSize: 16),
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
