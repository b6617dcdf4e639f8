import CHost

/// An address of a network interface of the running system.
struct InterfaceAddress: Sendable, Equatable {
    var interface: String
    /// In network order: 4 bytes of IPv4 or 16 of IPv6.
    var bytes: [UInt8]

    /// All of them, by interface, each interface's primary address first; getifaddrs(3).
    /// - Returns: nil if the kernel does not tell.
    static func all() -> [InterfaceAddress]? {
        let size = Int(census_address_size)
        var capacity: Int32 = 64
        while true {
            var records = [UInt8](repeating: 0, count: Int(capacity) * size)
            let count = unsafe census_addresses(&records, capacity)
            if count < 0 { return nil }
            // Some may have come meanwhile.
            if count > capacity {
                capacity = count + 64
                continue
            }
            return (0..<Int(count)).map { index in
                var record = FlatRecord(records[(index * size)..<((index + 1) * size)])
                let interface = record.text(Int(census_interface_capacity))
                return InterfaceAddress(interface: interface, bytes: record.address() ?? [])
            }
        }
    }
}
