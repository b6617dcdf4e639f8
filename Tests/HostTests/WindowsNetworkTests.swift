import Testing

@testable import Host

@Suite struct WindowsNetworkTests {
    private static func address(
        _ description: String, _ text: String, metric: Int? = nil, type: Int = 6, isUp: Bool = true,
        dadState: Int = 4, suffixOrigin: Int = 1
    ) -> AdapterAddress {
        let bytes: [UInt8]
        if text.contains(":") {
            // As `2001:db8::1`: groups before and after the zeros.
            let halves = text.split(separator: "::", omittingEmptySubsequences: false).map {
                $0.split(separator: ":").map { UInt16($0, radix: 16)! }
            }
            let zeros = 8 - halves[0].count - halves[1].count
            let groups = halves[0] + [UInt16](repeating: 0, count: zeros) + halves[1]
            bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        } else {
            bytes = text.split(separator: ".").map { UInt8($0)! }
        }
        return AdapterAddress(
            description: description, interfaceType: type, isUp: isUp, routeMetric: metric,
            suffixOrigin: suffixOrigin, dadState: dadState, bytes: bytes)
    }

    private static let loopback = [
        address("Software Loopback Interface 1", "::1", type: 24),
        address("Software Loopback Interface 1", "127.0.0.1", type: 24),
    ]

    @Test func theLowestMetricCounts() {
        let network = WindowsNetwork(
            [
                Self.address("Intel(R) Wi-Fi 6 AX201 160MHz", "192.168.1.20", metric: 55, type: 71),
                Self.address("Intel(R) Wi-Fi 6 AX201 160MHz", "fe80::1", type: 71),
                Self.address("Realtek PCIe GbE Family Controller", "10.0.0.7", metric: 25),
                Self.address("Realtek PCIe GbE Family Controller", "2001:db8::7", metric: 25),
            ] + Self.loopback)
        #expect(network.primary == "10.0.0.7")
        #expect(network.addresses == ["192.168.1.20", "10.0.0.7", "2001:db8::7"])
    }

    @Test func aCardComesBeforeWhatIsVirtual() {
        let card = Self.address(
            "Intel(R) 82574L Gigabit Network Connection", "10.0.0.7", metric: 281)
        for other in [
            Self.address("TAP-Windows Adapter V9", "10.8.0.2", metric: 3),
            Self.address("WireGuard Tunnel", "10.9.0.2", metric: 0, type: 53),
            Self.address("Cisco AnyConnect Virtual Miniport Adapter", "172.20.0.2", metric: 2),
            Self.address("Hyper-V Virtual Ethernet Adapter", "172.17.0.1", metric: 15),
            Self.address("VMware Virtual Ethernet Adapter for VMnet8", "192.168.80.1", metric: 15),
            Self.address("VPN to the office", "10.1.1.1", metric: 1, type: 23),
        ] {
            #expect(WindowsNetwork([other, card] + Self.loopback).primary == "10.0.0.7")
        }
        // Even without a default route, as behind an air gap.
        let still = Self.address("Intel(R) 82574L Gigabit Network Connection", "10.0.0.7")
        let hostOnly = Self.address("VirtualBox Host-Only Ethernet Adapter", "192.168.56.1")
        #expect(WindowsNetwork([hostOnly, still] + Self.loopback).primary == "10.0.0.7")
        #expect(WindowsNetwork([hostOnly] + Self.loopback).primary == "192.168.56.1")
        // An external switch of Hyper-V has the card's address, and its default route.
        let outside = Self.address("Hyper-V Virtual Ethernet Adapter", "10.0.0.8", metric: 25)
        #expect(WindowsNetwork([still, outside] + Self.loopback).primary == "10.0.0.8")
    }

    @Test func anAddressOfAnotherHostDoesNotCount() {
        let card = "Intel(R) Ethernet Connection I219-LM"
        let network = WindowsNetwork([
            Self.address(card, "10.0.0.1", metric: 1, isUp: false),
            Self.address(card, "10.0.0.2", metric: 1, dadState: 2),
            Self.address(card, "10.0.0.3", metric: 1, dadState: 0),
            Self.address(card, "169.254.9.9", metric: 1), Self.address(card, "10.0.0.5", metric: 9),
        ])
        #expect(network.addresses == ["10.0.0.5"])
        #expect(network.primary == "10.0.0.5")
    }

    @Test func aLastingIPv6AddressComesBeforeATemporaryOne() {
        let card = "Intel(R) Ethernet Connection I219-LM"
        let network = WindowsNetwork([
            Self.address(card, "fe80::9"),
            Self.address(card, "2001:db8::dead", metric: 1, dadState: 3),
            Self.address(card, "2001:db8::beef", metric: 1, suffixOrigin: 5),
            Self.address(card, "fd00::1", metric: 1), Self.address(card, "2001:db8::1", metric: 1),
        ])
        #expect(network.primary == "2001:db8::1")
        // IPv4 has precedence, as of other hosts.
        #expect(
            WindowsNetwork([
                Self.address(card, "2001:db8::1", metric: 1),
                Self.address(card, "10.0.0.1", metric: 9),
            ]).primary == "10.0.0.1")
    }

    @Test func loopbackComesLast() {
        #expect(WindowsNetwork(Self.loopback).primary == "127.0.0.1")
        #expect(WindowsNetwork([Self.loopback[0]]).primary == "::1")
        #expect(WindowsNetwork([]).primary == nil)
        #expect(WindowsNetwork(Self.loopback).addresses == [])
    }

    @Test(arguments: [
        ("Microsoft Hyper-V Network Adapter", 6, InterfaceKind.card),
        ("vmxnet3 Ethernet Adapter", 6, .card), ("Red Hat VirtIO Ethernet Adapter", 6, .card),
        ("Intel(R) PRO/1000 MT Desktop Adapter", 6, .card),
        ("Microsoft Network Adapter Multiplexor Driver", 6, .card),
        ("Generic Mobile Broadband Adapter", 243, .card),
        ("Microsoft Wi-Fi Direct Virtual Adapter", 71, .unknown),
        ("Bluetooth Device (Personal Area Network)", 6, .unknown),
        ("Microsoft KM-TEST Loopback Adapter", 6, .tunnel),
        ("Teredo Tunneling Pseudo-Interface", 131, .tunnel),
        ("Wintun Userspace Tunnel", 53, .tunnel),
        ("Hyper-V Virtual Ethernet Adapter #2", 6, .inside),
        ("HYPER-V VIRTUAL ETHERNET ADAPTER", 6, .inside),
        ("Software Loopback Interface 1", 24, .inside), ("", 1, .unknown), ("", 6, .card),
    ])
    func kind(description: String, type: Int, expected: InterfaceKind) {
        #expect(InterfaceKind(type: type, description: description) == expected)
    }
}
