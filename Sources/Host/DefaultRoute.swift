import CHost

/// A way out of the host for whatever has no way of its own.
struct DefaultRoute: Sendable, Equatable {
    var interface: String
    /// The lower, the better.
    var metric: UInt32
    /// In network order; nil where the route has none.
    var gateway: [UInt8]?
    /// The address that packets leave with, where the route says so: `src` of ip-route(8).
    var source: [UInt8]?

    /// Those of the running system's main table, rtnetlink(7), whose addresses have 4 bytes or 16.
    /// - Returns: nil if the kernel does not tell.
    static func all(addressSize: Int32) -> [DefaultRoute]? {
        let size = Int(census_route_size)
        let capacity: Int32 = 64
        var records = [UInt8](repeating: 0, count: Int(capacity) * size)
        let count = unsafe census_default_routes(addressSize, &records, capacity)
        if count < 0 { return nil }
        return (0..<Int(count)).map { index in
            var record = FlatRecord(records[(index * size)..<((index + 1) * size)])
            let interface = record.text(Int(census_interface_capacity))
            let metric = record.take(4).reduce(0) { $0 << 8 | UInt32($1) }
            let gateway = record.address()
            return DefaultRoute(
                interface: interface, metric: metric, gateway: gateway, source: record.address())
        }
    }
}
