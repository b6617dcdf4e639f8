import Glibc

/// An address of a network interface of the running system.
package struct InterfaceAddress: Sendable, Equatable {
    package let interface: String
    /// In network order: 4 bytes of IPv4 or 16 of IPv6.
    package let bytes: [UInt8]

    package init(interface: String, bytes: [UInt8]) {
        self.interface = interface
        self.bytes = bytes
    }

    /// All of them, by interface, each interface's primary address first; getifaddrs(3).
    /// - Returns: nil if the kernel does not tell.
    package static func all() -> [InterfaceAddress]? {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        return sequence(first: first) { $0?.pointee.ifa_next }.compactMap { entry in
            guard let entry, let address = entry.pointee.ifa_addr else { return nil }
            let bytes: [UInt8]
            switch CInt(address.pointee.sa_family) {
            case AF_INET:
                bytes = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).bytes
            case AF_INET6:
                bytes = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).bytes
            default: return nil
            }
            // An IPv4 address may have a label, `eth0:1`. No interface has a colon in its name.
            let name = String(cString: entry.pointee.ifa_name).prefix { $0 != ":" }
            return InterfaceAddress(interface: String(name), bytes: bytes)
        }
    }
}

extension sockaddr_in {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: sin_addr) { Array($0) } }
}

extension sockaddr_in6 {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: sin6_addr) { Array($0) } }
}
