import Records
import Text

extension ListeningPortRecord {
    /// A socket of Windows.
    /// - Parameter row: of `census_windows_ports`.
    init?(windows row: WindowsRow, isUDP: Bool) {
        let bytes = row.bytes(0)
        let address: String
        if let ipv4 = IPv4Address(bytes: bytes) {
            address = ipv4.description
        } else if let ipv6 = IPv6Address(bytes: bytes, interface: "") {
            address = ipv6.description
        } else {
            return nil
        }
        self.init(
            port: row.numbers[0], protocol: isUDP ? "udp" : "tcp",
            family: bytes.count == 4 ? "ipv4" : "ipv6", address: address)
        pid = row.numbers[1] == 0 ? nil : row.numbers[1]
    }
}

extension [ListeningPortRecord] {
    /// Adds a socket, by its port behind those of its protocol and family. Several of the same
    /// address and port are one, of the process with the lowest id.
    /// - Parameter start: where those of its protocol and family begin.
    @inline(never)
    mutating func add(_ record: ListeningPortRecord, from start: Int) {
        var at = count
        while at > start, self[at - 1].port > record.port { at -= 1 }
        var same = at
        while same > start, self[same - 1].port == record.port {
            same -= 1
            guard self[same].address == record.address else { continue }
            if let pid = record.pid, pid < self[same].pid ?? .max { self[same].pid = pid }
            return
        }
        insert(record, at: at)
    }
}
