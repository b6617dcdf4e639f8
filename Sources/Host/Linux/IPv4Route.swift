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
            let fields = line.split(whereSeparator: { $0.isWhitespace })
            guard fields.count > 7, let destination = address(fields[1]),
                let gateway = address(fields[2]), let flags = Int64(fields[3], radix: 16),
                let metric = Int64(fields[6]), let mask = address(fields[7])
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
