import Files
import TestSupport
import Testing

@testable import Host

@Suite struct NetworkTests {
    // MARK: Addresses

    /// RFC 5952, sections 4 and 5's examples, and the ends of the range.
    @Test(arguments: [
        ("20010db8000000000000000000000001", "2001:db8::1"),
        ("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"),
        ("20010000000000010000000000000001", "2001:0:0:1::1"),
        ("20010db8000000000001000000000001", "2001:db8::1:0:0:1"),
        ("20010db8aaaabbbbccccddddeeee0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
        ("20010DB8AAAA000000000000000000AB", "2001:db8:aaaa::ab"),
        ("00000000000000000000000000000000", "::"), ("00000000000000000000000000000001", "::1"),
        ("20010db8000000000000000000000000", "2001:db8::"),
        ("00010002000300040005000600070000", "1:2:3:4:5:6:7:0"),
        ("00000002000300040005000600070008", "0:2:3:4:5:6:7:8"),
        ("00000000000300040005000600000000", "::3:4:5:6:0:0"),
    ])
    func ipv6Text(_ digits: String, expected: String) {
        let addresses = IPv6Address.parse("\(digits) 02 40 00 80     eth0\n")
        #expect(addresses.map(\.description) == [expected])
    }

    @Test(arguments: [
        "", "\n", "20010db8 02 40 00 80 eth0", "zz010db8000000000000000000000001 02 40 00 80 eth0",
        "20010db8000000000000000000000001 02 40 00",
    ])
    func whatIsNoIPv6AddressIsNone(line: String) {
        #expect(IPv6Address.parse(line) == [])
    }

    @Test(arguments: [
        ("192.0.2.10", 0xC000_020A), ("0.0.0.0", 0), ("255.255.255.255", 0xFFFF_FFFF),
        ("1.2.3", nil), ("1.2.3.4.5", nil), ("1.2.3.256", nil), ("1..2.3", nil), ("", nil),
    ])
    func ipv4(_ text: String, bits: UInt32?) {
        #expect(IPv4Address(text)?.bits == bits)
        if bits != nil { #expect(IPv4Address(text)?.description == text) }
    }

    @Test func onlyLocalLeavesAreAddressesAndEachIsOneOnce() {
        let trie = """
            Main:
              +-- 0.0.0.0/0 3 0 4
                 |-- 0.0.0.0
                    /0 universe UNICAST
                 |-- 127.0.0.0
                    /8 host LOCAL
                 |-- 127.0.0.1
                    /32 host LOCAL
                 |-- 192.0.2.0
                    /24 link UNICAST
                 |-- 192.0.2.10
                    /32 link UNICAST
                    /32 host LOCAL
                 |-- 192.0.2.255
                    /32 link BROADCAST
            Local:
                 |-- 192.0.2.10
                    /32 host LOCAL
            """
        #expect(
            localIPv4Addresses(inFIBTrie: trie).map(\.description) == ["127.0.0.1", "192.0.2.10"])
    }

    // MARK: The host's address

    private struct Case: CustomTestStringConvertible {
        var testDescription: String
        /// Interface, destination, prefix length, gateway, flags, metric as the kernel prints it.
        var routes: [(String, String, Int, String, Int, String)] = []
        var ipv4: [String] = []
        /// Interface and 32 digits.
        var ipv6: [(String, String)] = []
        /// Interface, metric, flags.
        var ipv6Defaults: [(String, UInt32, UInt32)] = []
        var primary: String?
        var addresses: [String]
    }

    private static let any = "0.0.0.0"
    private static let (up, gateway, host, refusing) = (0x1, 0x3, 0x5, 0x201)
    private static let lan = ("eth0", "192.0.2.0", 24, any, up, "100")

    private static let cases = [
        Case(
            testDescription: "the lowest metric counts, not the first line",
            routes: [
                ("wlan0", any, 0, "198.51.100.1", gateway, "600"),
                ("eth0", any, 0, "192.0.2.1", gateway, "100"), lan,
                ("wlan0", "198.51.100.0", 24, any, up, "600"),
            ],
            ipv4: ["127.0.0.1", "172.17.0.1", "192.0.2.10", "198.51.100.7"],
            primary: "192.0.2.10", addresses: ["172.17.0.1", "192.0.2.10", "198.51.100.7"]),
        Case(  // fib_route_seq_show prints an unsigned metric with %d
            testDescription: "a metric above 2^31 is the worst, not the best",
            routes: [
                ("wlan0", any, 0, "198.51.100.1", gateway, "-16769024"),
                ("eth0", any, 0, "192.0.2.1", gateway, "100"), lan,
                ("wlan0", "198.51.100.0", 24, any, up, "600"),
            ],
            ipv4: ["192.0.2.10", "198.51.100.7"], primary: "192.0.2.10",
            addresses: ["192.0.2.10", "198.51.100.7"]),
        Case(
            testDescription: "a point-to-point address has no neighbours",
            routes: [
                ("ppp0", any, 0, any, up, "0"), ("ppp0", "10.64.64.64", 32, any, host, "0"),
                ("eth0", "10.0.0.0", 24, any, up, "0"),
            ],
            ipv4: ["10.0.0.1", "100.65.1.2"], primary: "100.65.1.2",
            addresses: ["10.0.0.1", "100.65.1.2"]),
        Case(
            testDescription: "the narrowest route tells the interface",
            routes: [
                ("eth1", any, 0, "10.1.2.1", gateway, "0"), ("eth0", "10.0.0.0", 8, any, up, "0"),
                ("eth1", "10.1.2.0", 24, any, up, "0"),
            ],
            ipv4: ["10.0.0.5", "10.1.2.3"], primary: "10.1.2.3",
            addresses: ["10.0.0.5", "10.1.2.3"]),
        Case(
            testDescription: "a route that is down is none, and a card goes before what is nowhere",
            routes: [("eth0", any, 0, "192.0.2.1", 2, "0"), lan],
            ipv4: ["10.0.0.5", "192.0.2.10"], primary: "192.0.2.10",
            addresses: ["10.0.0.5", "192.0.2.10"]),
        Case(
            testDescription: "half of the addresses is no default",
            routes: [
                ("tun0", any, 1, "10.8.0.1", gateway, "0"), ("tun0", "10.8.0.0", 24, any, up, "0"),
                lan,
            ],
            ipv4: ["10.8.0.2", "192.0.2.10"], primary: "192.0.2.10",
            addresses: ["10.8.0.2", "192.0.2.10"]),
        Case(
            testDescription: "an unreachable default route is none",
            routes: [("*", any, 0, any, refusing, "0"), lan],
            ipv4: ["192.0.2.10", "203.0.113.9"], primary: "192.0.2.10",
            addresses: ["192.0.2.10", "203.0.113.9"]),
        Case(
            testDescription: "a blackhole is no neighbourhood",
            routes: [
                ("eth0", any, 0, "203.0.113.1", gateway, "0"),
                ("eth0", "203.0.113.1", 32, any, host, "0"),
                ("*", "192.168.0.0", 16, any, refusing, "0"),
                ("docker0", "172.17.0.0", 16, any, up, "0"),
            ],
            ipv4: ["172.17.0.1", "192.168.5.2"], primary: "192.168.5.2",
            addresses: ["172.17.0.1", "192.168.5.2"]),
        Case(
            testDescription: "no default route: the first global address",
            routes: [lan], ipv4: ["127.0.0.1", "169.254.3.4", "192.0.2.10"],
            ipv6: [("eth0", "20010db8000000000000000000000010")],
            primary: "192.0.2.10", addresses: ["192.0.2.10", "2001:db8::10"]),
        Case(
            testDescription: "IPv6 only, and not the first interface",
            ipv4: ["127.0.0.1"],
            ipv6: [
                ("eth0", "fe800000000000000000000000000001"),
                ("eth0", "20010db8000000000000000000000001"),
                ("eth1", "20010db8000100000000000000000002"),
                ("lo", "00000000000000000000000000000001"),
            ],
            ipv6Defaults: [("lo", 0, 0x0020_0200), ("eth0", 0x400, 3), ("eth1", 0x64, 3)],
            primary: "2001:db8:1::2", addresses: ["2001:db8::1", "2001:db8:1::2"]),
        Case(
            testDescription: "a link-local default route does not count",
            routes: [
                ("eth1", any, 0, any, up, "0"), ("eth1", "169.254.0.0", 16, any, up, "0"),
                ("docker0", "172.17.0.0", 16, any, up, "0"), lan,
                ("eth0", any, 0, "192.0.2.1", gateway, "100"),
            ],
            ipv4: ["10.0.0.1", "169.254.3.4", "172.17.0.1", "192.0.2.10"],
            primary: "192.0.2.10", addresses: ["10.0.0.1", "172.17.0.1", "192.0.2.10"]),
        Case(
            testDescription: "a VPN's default route comes after a card's",
            routes: [
                ("tun0", any, 0, "10.8.0.1", gateway, "50"),
                ("tun0", "10.8.0.0", 24, any, up, "50"), lan,
                ("eth0", any, 0, "192.0.2.1", gateway, "100"),
            ],
            ipv4: ["10.8.0.2", "192.0.2.10"], primary: "192.0.2.10",
            addresses: ["10.8.0.2", "192.0.2.10"]),
        Case(
            testDescription: "the address of the gateway's network, not the interface's first",
            routes: [
                ("eth0", any, 0, "192.0.2.1", gateway, "0"), ("eth0", "10.0.0.0", 8, any, up, "0"),
                lan,
            ],
            ipv4: ["10.0.0.5", "192.0.2.10"], primary: "192.0.2.10",
            addresses: ["10.0.0.5", "192.0.2.10"]),
        Case(
            testDescription: "a card's IPv6 goes before a bridge's IPv4",
            routes: [("docker0", "172.17.0.0", 16, any, up, "0")],
            ipv4: ["127.0.0.1", "172.17.0.1"],
            ipv6: [("eth0", "20010db8000000000000000000000010")],
            primary: "2001:db8::10", addresses: ["172.17.0.1", "2001:db8::10"]),
        Case(
            testDescription: "nothing but loopback", ipv4: ["127.0.0.1"],
            ipv6: [("lo", "00000000000000000000000000000001")], primary: "127.0.0.1",
            addresses: []),
        Case(
            testDescription: "nothing but IPv6's loopback",
            ipv6: [("lo", "00000000000000000000000000000001")], primary: "::1", addresses: []),
        Case(testDescription: "nothing at all", addresses: []),
    ]

    @Test(arguments: cases)
    private func primary(_ test: Case) {
        func number(_ address: String) -> String {
            // As the kernel prints it: the machine's number of the bytes in network order.
            let bits = IPv4Address(address)!.bits.bigEndian
            let digits = String(bits, radix: 16, uppercase: true)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }
        func hexadecimal(_ number: some BinaryInteger) -> String { String(number, radix: 16) }
        let header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\n"
        let routes = test.routes.map { interface, destination, length, gateway, flags, metric in
            let mask = IPv4Address(bits: length == 0 ? 0 : ~0 << (32 - UInt32(length)))
            return [
                interface, number(destination), number(gateway), hexadecimal(flags), "0", "0",
                metric, number(mask.description), "0", "0", "0",
            ].joined(separator: "\t") + "   \n"
        }
        let leaves = test.ipv4.map { "  |-- \($0)\n     /32 host LOCAL\n" }
        let ifInet6 = test.ipv6.map { interface, digits in
            let scope = digits.hasPrefix("fe80") ? "20" : interface == "lo" ? "10" : "00"
            return "\(digits) 02 40 \(scope) 80 \(interface)\n"
        }
        let zero = String(repeating: "0", count: 32)
        let ipv6Routes = test.ipv6Defaults.map { interface, metric, flags in
            "\(zero) 00 \(zero) 00 \(zero) \(hexadecimal(metric)) 00000001 00000000 "
                + "\(hexadecimal(flags))     \(interface)\n"
        }
        let network = Network(
            route: header + routes.joined(), fibTrie: "Main:\n" + leaves.joined(),
            ifInet6: ifInet6.joined(), ipv6Route: ipv6Routes.joined())
        #expect(network.primary == test.primary)
        #expect(network.addresses == test.addresses)
    }

    @Test func filesThatAreNotThereAreNotNeeded() {
        let network = Network(route: nil, fibTrie: nil, ifInet6: nil, ipv6Route: nil)
        #expect(network.primary == nil)
        #expect(network.addresses == [])
    }

    /// Address and flags of linux/if_addr.h, the worst first.
    @Test func whatLastsComesBeforeWhatDoesNot() {
        let text = [
            ("1", 0x88), ("2", 0x40), ("3", 0x20), ("4", 0x01), ("fd", 0x80), ("5", 0x80),
        ]
        func primary(_ count: Int) -> String? {
            let lines = text.prefix(count).map { digits, flags in
                let address =
                    digits == "fd"
                    ? "fd00000000000000000000000000000a"
                    : "20010db800000000000000000000000\(digits)"
                return "\(address) 02 40 00 \(String(flags, radix: 16)) eth0\n"
            }
            let zero = String(repeating: "0", count: 32)
            return Network(
                route: nil, fibTrie: nil, ifInet6: lines.joined(),
                ipv6Route: "\(zero) 00 \(zero) 00 \(zero) 00000064 1 0 00000003 eth0\n"
            ).primary
        }
        #expect(
            (1...6).map(primary) == [
                "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "fd00::a",
                "2001:db8::5",
            ])
    }

    /// The `src` of a route, which only the running kernel tells.
    @Test func theSourceOfARouteCounts() {
        func address(_ interface: String, _ last: UInt8) -> InterfaceAddress {
            InterfaceAddress(interface: interface, bytes: [192, 0, 2, last])
        }
        let network = Network(
            [address("eth0", 5), address("eth0", 9), address("lo", 77)], route: nil, ifInet6: nil,
            ipv6Route: nil,
            defaults: [
                DefaultRoute(interface: "eth0", metric: 9, source: [192, 0, 2, 9]),
                DefaultRoute(interface: "eth0", metric: 5, source: [192, 0, 2, 77]),
                DefaultRoute(interface: "eth0", metric: 1, source: [10, 0, 0, 1]),
            ], ipv6Defaults: [], kind: InterfaceKind.init(name:))
        // Of the best route the source is no address of the host: its interface's first.
        #expect(network.primary == "192.0.2.5")
    }
}
