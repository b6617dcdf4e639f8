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
    /// several, as `::`. An IPv4 address that is one of IPv6 is written as such.
    var description: String {
        if groups.starts(with: [0, 0, 0, 0, 0, 0xFFFF]) {
            return "::ffff:\(IPv4Address(bits: UInt32(groups[6]) << 16 | UInt32(groups[7])))"
        }
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
