/// What a network interface is good for: the first are most likely the way to other hosts.
///
/// Where a host has no default route, and behind an air gap it has none, this decides which of its
/// addresses is the one that a person would call the host's.
enum InterfaceKind: Int {
    /// A card, or what is made of cards: a bond, a team, a VLAN, a bridge with a card in it; a
    /// modem.
    case card
    case unknown
    /// A tunnel or a VPN, or an address that the host has for itself on `lo` or a dummy.
    case tunnel
    /// What leads to the host's own containers and virtual machines, and is alike on many hosts:
    /// `docker0` has 172.17.0.1 wherever it is.
    case inside

    /// By the name alone, as programs and the kernel give them.
    init(name: String) {
        let bytes = Array(name.utf8)
        /// As `eth0` is of `eth`.
        func isNumbered(_ stem: String) -> Bool {
            let stem = stem.utf8
            return bytes.starts(with: stem)
                && bytes.dropFirst(stem.count).allSatisfy { 0x30...0x39 ~= $0 }
        }
        // Docker and podman name a network's bridge by its id.
        if bytes.count == 15, bytes.starts(with: "br-".utf8),
            bytes.dropFirst(3).allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 })
        {
            self = .inside
        } else if insideStems.contains(where: { bytes.starts(with: $0.utf8) })
            || insideNames.contains(where: isNumbered)
        {
            self = .inside
        } else if tunnelStems.contains(where: { bytes.starts(with: $0.utf8) })
            || tunnelNames.contains(where: isNumbered) || bytes.contains("vpn".utf8)
            || bytes.contains("tun".utf8)
        {
            self = .tunnel
        } else {
            self = .card
        }
    }

    /// By /sys/class/net where the tree has it, which programs cannot name as they like (kernel
    /// document ABI/testing/sysfs-class-net); else by the name.
    init(_ tree: borrowing HostTree, _ name: String) { self.init(tree, name, depth: 0) }

    private init(_ tree: borrowing HostTree, _ name: String, depth: Int) {
        self.init(name: name)
        // A name may hold anything but a slash; `..` it cannot be.
        let path = "sys/class/net/\(name)"
        if name.contains("/") || name.hasPrefix(".") || name == "lo" { return }
        if let target = tree.link(path) {
            // `../../devices/virtual/net/docker0`, `../../devices/pci0000:00/…/net/eth0`.
            if !target.contains("/virtual/".utf8) {
                self = .card
                return
            }
        } else if !tree.exists(path) {
            return
        }
        if tree.link("\(path)/device") != nil || tree.exists("\(path)/device") {
            self = .card
        } else if tree.exists("\(path)/bridge") {
            let members = tree.entries("\(path)/brif") ?? []
            // Of a bridge with thousands of containers the first few say enough.
            let hasCard = members.prefix(64).contains { member in
                let member = String(decoding: member.bytes, as: UTF8.self)
                return depth < 3 && InterfaceKind(tree, member, depth: depth + 1) == .card
            }
            self = hasCard ? .card : .inside
        } else if tree.exists("\(path)/bonding") {
            self = .card
        } else if tree.exists("\(path)/tun_flags") {
            if self == .card { self = .tunnel }
        } else {
            let event = Assignments(tree.contents("\(path)/uevent") ?? [])
            let type = tree.contents("\(path)/type").flatMap {
                Int64(String(decoding: $0, as: UTF8.self).trimmingWhitespace())
            }
            switch event["DEVTYPE"] {
            case "vlan", "bond", "wlan", "wwan", "ppp", "dsa": self = .card
            case "vxlan", "geneve", "bareudp": self = .inside
            case "wireguard", "gre", "gretap", "l2tpeth", "ovpn": self = .tunnel
            default:
                // ARPHRD_…: IPIP, IP6TNL, SIT, IPGRE, IP6GRE; NONE, which tunnels of programs have.
                if [768, 769, 776, 778, 823, 65534].contains(type), self == .card {
                    self = .tunnel
                }
            }
        }
    }
}

/// Bridges, ends of pipes and overlays of Docker, libvirt, LXC, Kubernetes and their like.
private let insideStems = [
    "docker", "virbr", "lxcbr", "lxdbr", "incusbr", "podman", "nerdctl", "hassio", "mpqemubr",
    "veth", "vnet", "vmnet", "vboxnet", "flannel", "cali", "cilium", "lxc", "weave", "vxlan",
    "geneve", "genev_sys", "kube-", "nodelocaldns", "antrea", "ovn-k8s", "ovs-system", "br-int",
    "xenapi", "waydroid", "anbox", "tap", "vif", "fwbr", "fwpr", "fwln", "cni-",
]
private let insideNames = ["cni", "cbr", "ifb"]

private let tunnelStems = [
    "wg", "tailscale", "zt", "nordlynx", "proton", "mullvad", "ipip", "tunl", "sit", "gre",
    "erspan", "ip6tnl", "ip6gre", "ip_vti", "ip6_vti", "vti", "xfrm", "ipsec", "isatap", "teredo",
    "6to4", "nebula", "CloudflareWARP", "dummy", "nlmon",
]
private let tunnelNames = ["lo", "ham", "edge", "tinc", "wt", "gpd", "snx", "clat"]
