import CHost
import Glibc

/// A way out of the host for whatever has no way of its own.
package struct DefaultRoute: Sendable, Equatable {
    package var interface: String
    /// The lower, the better.
    package var metric: UInt32
    /// In network order; nil where the route has none.
    package var gateway: [UInt8]?
    /// The address that packets leave with, where the route says so: `src` of ip-route(8).
    package var source: [UInt8]?

    package init(
        interface: String, metric: UInt32, gateway: [UInt8]? = nil, source: [UInt8]? = nil
    ) {
        self.interface = interface
        self.metric = metric
        self.gateway = gateway
        self.source = source
    }

    package enum Family { case ipv4, ipv6 }

    /// Those of the running system's main table, rtnetlink(7).
    /// - Returns: nil if the kernel does not tell.
    package static func all(_ family: Family) -> [DefaultRoute]? {
        let none = census_route()
        var routes = [census_route](repeating: none, count: 64)
        let count = census_default_routes(
            family == .ipv4 ? AF_INET : AF_INET6, &routes, CInt(routes.count))
        guard count >= 0 else { return nil }
        return routes.prefix(Int(count)).map { DefaultRoute($0, family == .ipv4 ? 4 : 16) }
    }

    private init(_ route: census_route, _ size: Int) {
        interface = withUnsafeBytes(of: route.interface) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        metric = route.metric
        if route.has_gateway != 0 {
            gateway = withUnsafeBytes(of: route.gateway) { Array($0.prefix(size)) }
        }
        if route.has_source != 0 {
            source = withUnsafeBytes(of: route.source) { Array($0.prefix(size)) }
        }
    }
}
