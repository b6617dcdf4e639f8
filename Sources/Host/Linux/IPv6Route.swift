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
