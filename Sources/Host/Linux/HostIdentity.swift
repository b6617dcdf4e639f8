import Text

/// What identifies a host from one execution to the next.
struct HostIdentity: Equatable {
    enum Source: String {
        case machineID = "machine-id"
        case machineGUID = "machine-guid"
        case dmi, hostname, option
    }

    var id: String
    var source: Source

    /// Census's own id for sd_id128_get_machine_app_specific(3). To change it would make every
    /// host a new one.
    private static let applicationID: [UInt8] = [
        0x6f, 0x3a, 0xd8, 0xc6, 0x4a, 0x53, 0x4d, 0x0e, 0x9c, 0x3b, 0x7f, 0x1b, 0x5b, 0x0f, 0x2a,
        0x41,
    ]

    /// Derived from machine-id(5), which is confidential and itself not to leave the host, in the
    /// way of sd_id128_get_machine_app_specific(3).
    /// - Returns: nil if `text` is not 32 hexadecimal digits, or all of them are zero.
    init?(machineID text: String) {
        let bytes = hexadecimalBytes(text)
        guard let bytes, bytes.count == 16, bytes.contains(where: { $0 != 0 }) else { return nil }
        self.init(derivedFrom: bytes, .machineID)
    }

    /// - Returns: nil if `text` is not a UUID, or one that makers leave in for all their boards.
    init?(productUUID text: String) {
        let id = text.lowercasedASCII()
        let digits = id.filter { $0 != "-" }
        guard let bytes = hexadecimalBytes(digits), bytes.count == 16, id == uuidText(bytes),
            Set(digits).count > 1, !Self.placeholders.contains(id)
        else { return nil }
        self.id = id
        source = .dmi
    }

    /// UUIDs that makers leave in.
    static let placeholders = [
        "03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009",
        "12345678-1234-5678-90ab-cddeefaabbcc", "00000000-0000-0000-0000-ac1f6bffffff",
        "fefefefe-fefe-fefe-fefe-fefefefefefe", "01234567-8910-abcd-ef01-234567891011",
    ]

    init(hostname: String) { self.init(derivedFrom: Array(hostname.utf8), .hostname) }

    init(option id: String) {
        self.id = id
        source = .option
    }

    private init(derivedFrom key: [UInt8], _ source: Source) {
        var bytes = Array(hmacSHA256(key: key, message: Self.applicationID).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40  // a UUID of version 4
        bytes[8] = bytes[8] & 0x3F | 0x80
        id = uuidText(bytes)
        self.source = source
    }

    /// The best identity that the tree has, and the same for whoever reads it: root is not to see
    /// another host than others do.
    ///
    /// - Parameters:
    ///   - hostname: nil if there is none that tells this host from others.
    ///   - isContainer: whether it may be one, whose DMI is that of the machine it is on.
    /// - Returns: nil if it has none.
    init?(_ tree: borrowing HostTree, hostname: String?, isContainer: Bool) {
        func text(_ path: String) -> String? {
            tree.contents(path).map {
                String(String(decoding: $0, as: UTF8.self).trimmingWhitespace())
            }
        }
        // machine-id(5): D-Bus had it first, and has it alone where there is no systemd.
        for path in ["etc/machine-id", "var/lib/dbus/machine-id"] {
            if let identity = text(path).flatMap({ HostIdentity(machineID: $0) }) {
                self = identity
                return
            }
        }
        // The kernel shows the product UUID to root only. It comes first only where it is in a tree
        // that was copied for everyone to read; else it is for hosts that nothing else identifies,
        // of which others than root then cannot take a snapshot under another id.
        let path = Self.productUUIDPath
        func byBoard() -> HostIdentity? {
            isContainer ? nil : text(path).flatMap { HostIdentity(productUUID: $0) }
        }
        if tree.isReadableByAll(path), let identity = byBoard() {
            self = identity
        } else if let hostname {
            self.init(hostname: hostname)
        } else if let identity = byBoard() {
            self = identity
        } else {
            return nil
        }
    }

    static let productUUIDPath = "sys/class/dmi/id/product_uuid"
}

/// - Returns: nil if `text` is anything but pairs of hexadecimal digits.
private func hexadecimalBytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    if digits.count % 2 != 0 { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
        guard let byte = hexadecimalNumber(digits[start..<start + 2]) else { return nil }
        bytes.append(UInt8(byte))
    }
    return bytes
}

/// Sixteen bytes in the form 8-4-4-4-12.
private func uuidText(_ bytes: [UInt8]) -> String {
    [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimal(bytes[$0]) }.joined(separator: "-")
}
