import TestSupport
import Testing

@testable import Host

@Suite struct InterfaceKindTests {
    @Test(arguments: [
        "eth0", "enp3s0", "eno1", "ens192", "em1", "p1p1", "wlan0", "wlp2s0", "wwan0", "ppp0",
        "ib0",
        "bond0", "bond0.5", "team0", "eth0.100", "vlan10", "br0", "br-lan", "vmbr0", "xenbr0",
        "bridge0", "br-0a1b2c3d4e5g", "lan", "usb0", "end0", "hsr0",
    ])
    func cards(name: String) {
        #expect(InterfaceKind(name: name) == .card)
    }

    @Test(arguments: [
        "docker0", "docker_gwbridge", "br-0a1b2c3d4e5f", "virbr0", "lxcbr0", "lxdbr0", "incusbr0",
        "cni0", "podman0", "veth1a2b3c", "vnet3", "tap0", "vmnet8", "vboxnet0", "flannel.1",
        "cali0123456789a", "cilium_host", "lxc_health", "weave", "vxlan.calico", "kube-ipvs0",
        "ovs-system", "fwbr100i0", "vif1.0", "cni-podman0", "cni-podman1",
    ])
    func inside(name: String) { #expect(InterfaceKind(name: name) == .inside) }

    @Test(arguments: [
        "tun0", "utun3", "wg0", "wg-home", "tailscale0", "ztabcdef12", "nordlynx", "cscotun0",
        "ipip0", "tunl0", "sit1", "gre1", "gretap0", "ip6tnl0", "vti1", "openvpn", "lo", "dummy0",
    ])
    func tunnels(name: String) { #expect(InterfaceKind(name: name) == .tunnel) }

    /// What /sys/class/net says goes before the name, which anyone can choose.
    @Test(arguments: [
        ("docker0", ["device/x": ""], InterfaceKind.card),
        ("eth9", ["bridge/x": ""], .inside),
        ("docker0", ["bridge/x": "", "brif/eno1/x": ""], .card),
        ("br0", ["bridge/x": "", "brif/veth0/x": ""], .inside),
        ("br0", ["bridge/x": "", "brif/bond7/x": ""], .card),
        ("tun-like", ["bonding/x": ""], .card),
        ("corp", ["tun_flags": "0x1\n"], .tunnel),
        ("office", ["type": "65534\n", "uevent": "DEVTYPE=wireguard\n"], .tunnel),
        ("office", ["type": "778\n"], .tunnel), ("office", ["type": "1\n"], .card),
        ("blue", ["uevent": "DEVTYPE=vxlan\nINTERFACE=blue\n"], .inside),
        ("tun7", ["uevent": "DEVTYPE=vlan\n"], .card),
        // A container's own end of a pipe is called as a card is.
        ("eth0", ["type": "1\n"], .card),
    ])
    func bySysfs(name: String, files: [String: String], expected: InterfaceKind) throws {
        let test = try TemporaryDirectory()
        for (file, text) in files { try test.write(text, to: "sys/class/net/\(name)/\(file)") }
        try test.write("", to: "sys/class/net/eno1/device/x")
        try test.write("", to: "sys/class/net/bond7/bonding/x")
        try test.write("1\n", to: "sys/class/net/veth0/type")
        #expect(try InterfaceKind(test.tree(), name) == expected)
    }

    /// In a copy of a host's files the links of sysfs lead nowhere, and still say where they led.
    @Test func byWhereSysfsLinks() throws {
        let test = try TemporaryDirectory()
        try test.link(
            "sys/class/net/docker9", to: "../../devices/pci0000:00/0000:00:03.0/net/docker9")
        try test.link("sys/class/net/veth9", to: "../../devices/virtual/net/veth9")
        #expect(try InterfaceKind(test.tree(), "docker9") == .card)
        #expect(try InterfaceKind(test.tree(), "veth9") == .inside)
    }

    /// A bridge may not be its own member, but a tree may say so.
    @Test func aBridgeOfItselfEnds() throws {
        let test = try TemporaryDirectory()
        try test.write("", to: "sys/class/net/br0/bridge/x")
        try test.write("", to: "sys/class/net/br0/brif/br0/x")
        #expect(try InterfaceKind(test.tree(), "br0") == .inside)
    }
}
