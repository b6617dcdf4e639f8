import Text

extension HostIdentity {
    /// Derived from MachineGuid, which the setup of Windows makes at random
    /// (`HKLM\SOFTWARE\Microsoft\Cryptography`), in the way that machine-id(5) is: the value itself
    /// does not leave the host.
    /// - Returns: nil if `text` is not 32 hexadecimal digits, with hyphens or braces or without, or
    ///   all of them are zero.
    init?(machineGUID text: String) {
        var digits: [UInt8] = []
        for byte in trimmed(Array(text.utf8)) {
            let isBetween =
                byte == UInt8(ascii: "-") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
            if !isBetween { digits.append(byte) }
        }
        let identity = HostIdentity(machineID: String(decoding: digits, as: UTF8.self))
        guard let identity else { return nil }
        self = identity
        source = .machineGUID
    }

    /// - Parameters:
    ///   - option: what is given instead.
    ///   - hostname: identifies the host where there is no MachineGuid.
    init?(option: String?, machineGUID: String?, hostname: String?) {
        if let option {
            self.init(option: option)
        } else if let identity = machineGUID.flatMap({ HostIdentity(machineGUID: $0) }) {
            self = identity
        } else if let hostname {
            self.init(hostname: hostname)
        } else {
            return nil
        }
    }
}
