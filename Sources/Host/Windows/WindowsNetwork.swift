import Text

/// An address of a network adapter, as GetAdaptersAddresses has it.
struct AdapterAddress: Equatable {
    /// `Intel(R) Ethernet Connection I219-LM`.
    var description: String
    /// IfType: 6 for Ethernet, 71 for a wireless network, 24 for loopback.
    var interfaceType = 6
    var isUp = true
    /// The metric of the best default route over the adapter for addresses of this kind, that of
    /// the adapter included; nil where there is none.
    var routeMetric: Int?
    /// NL_SUFFIX_ORIGIN: 5 for a random one, which is temporary.
    var suffixOrigin = 1
    /// NL_DAD_STATE: 1 for an address that is being checked, 2 for one that another host has, 3 for
    /// one that is not to be used any more, 4 for one in use.
    var dadState = 4
    /// In network order: 4 bytes of IPv4 or 16 of IPv6.
    var bytes: [UInt8]

    var kind: InterfaceKind { InterfaceKind(type: interfaceType, description: description) }
}

extension InterfaceKind {
    /// By the adapter's IfType (ipifcons.h) and its description, which its driver gives.
    init(type: Int, description: String) {
        // Letters of ASCII alone have a case on every platform.
        let words = description.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        func isNamed(_ names: [String]) -> Bool {
            names.contains { words.contains($0.utf8) }
        }
        switch type {
        case 24: self = .inside  // IF_TYPE_SOFTWARE_LOOPBACK
        case _ where isNamed(insideAdapters): self = .inside
        // IF_TYPE_PPP, IF_TYPE_PROP_VIRTUAL, IF_TYPE_TUNNEL.
        case 23, 53, 131: self = .tunnel
        case _ where isNamed(tunnelAdapters): self = .tunnel
        case _ where isNamed(["bluetooth", "wi-fi direct", "1394"]): self = .unknown
        // Ethernet, token ring, FDDI, ATM, a wireless network, a modem: IF_TYPE_WWANPP and …PP2.
        case 6, 9, 15, 37, 71, 243, 244: self = .card
        default: self = .unknown
        }
    }
}

/// Ends of virtual switches of Hyper-V, VMware, VirtualBox and others on the machine that has the
/// guests. (`Microsoft Hyper-V Network Adapter` and `vmxnet3` are cards: those of a guest.)
private let insideAdapters = [
    "hyper-v virtual ethernet", "hyper-v virtual switch", "vmware virtual ethernet",
    "virtualbox host-only", "parallels host-only", "docker", "npcap",
]

private let tunnelAdapters = [
    "tap-", "tap adapter", "wintun", "wireguard", "openvpn", "vpn", "tunnel", "tailscale",
    "zerotier", "hamachi", "nordlynx", "fortinet", "fortissl", "pangp", "juniper networks virtual",
    "pulse secure", "anyconnect", "sonicwall", "check point virtual", "cloudflare", "teredo",
    "isatap", "6to4", "loopback", "netskope", "zscaler", "wan miniport",
]

/// The addresses of a host with Windows.
struct WindowsNetwork: Equatable {
    /// All but loopback and link-local ones, IPv4 first.
    private(set) var addresses: [String] = []
    /// The one that a person would call the host's: that of the default route of the lowest metric,
    /// over a card before all others; else that of the adapter that is most likely a way to other
    /// hosts; else loopback; nil if there is none at all.
    private(set) var primary: String?

    /// - Parameter all: in the order of the system.
    init(_ all: [AdapterAddress]) {
        var found: [(rank: (Int, Int, Int, Int), text: String, isIPv6: Bool)] = []
        var hasIPv4Loopback = false
        var hasIPv6Loopback = false
        for (index, entry) in all.enumerated() {
            // Another host has the address, or it is none.
            guard entry.isUp, entry.dadState != 0, entry.dadState != 2 else { continue }
            let isRouted = entry.routeMetric != nil
            func rank(_ family: Int, _ transience: Int) -> (Int, Int, Int, Int) {
                (
                    isRouted ? family : 2,
                    entry.kind.rawValue * 2 + (isRouted ? 0 : family),
                    entry.routeMetric ?? 0, transience * 4096 + min(index, 4095)
                )
            }
            if let address = IPv4Address(bytes: entry.bytes) {
                if address.isLoopback {
                    hasIPv4Loopback = true
                } else if !address.isLinkLocal {
                    found.append((rank(0, entry.dadState == 4 ? 0 : 1), "\(address)", false))
                }
            } else if var address = IPv6Address(bytes: entry.bytes, interface: "") {
                if address.isLoopback { hasIPv6Loopback = true }
                if !address.isGlobal { continue }
                // The flags of Linux for the same: TEMPORARY, TENTATIVE, DEPRECATED.
                if entry.suffixOrigin == 5 { address.flags |= 0x01 }
                if entry.dadState == 1 { address.flags |= 0x40 }
                if entry.dadState == 3 { address.flags |= 0x20 }
                found.append((rank(1, address.transience), "\(address)", true))
            }
        }
        addresses =
            found.filter { !$0.isIPv6 }.map { $0.text }
            + found.filter { $0.isIPv6 }.map { $0.text }
        primary =
            found.min { $0.rank < $1.rank }?.text
            ?? (hasIPv4Loopback ? "127.0.0.1" : hasIPv6Loopback ? "::1" : nil)
    }
}

extension RawText {
    /// A card by its name and its MAC address: `Ethernet 52:54:00:12:34:56`.
    /// - Parameter row: of `census_windows_adapters`.
    /// - Returns: nil if it is none, or has no such address.
    init?(adapter row: WindowsRow) {
        let address = row.bytes(2)
        guard address.count == 6, address.contains(where: { $0 != 0 }), let name = row.text(0),
            InterfaceKind(
                type: Int(row.numbers[0]), description: row.text(1)?.repaired ?? "") == .card
        else { return nil }
        var text = name.bytes
        var separator: UInt8 = 0x20
        for byte in address {
            text.append(separator)
            text += hexadecimal(CollectionOfOne(byte)).utf8
            separator = 0x3A
        }
        self.init(text)
    }
}
