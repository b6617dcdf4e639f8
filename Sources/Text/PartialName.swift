/// The temporary name of a file that is being written: `NAME.XXXXXXXX.partial`.
package enum PartialName {
    /// A name for the file `name`.
    /// - Parameter random: makes it differ from the temporary names of other writers.
    package static func of(_ name: String, random: UInt32) -> String {
        // Names are limited to 255 bytes. The first of eight digits is not zero.
        let start = String(decoding: Array(name.utf8.prefix(200)), as: UTF8.self)
        let digits = String(random | 0x1000_0000, radix: 16)
        return "\(start).\(digits).partial"
    }

    /// Whether a file has such a name: its process has died, or is writing it.
    package static func isPartial(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: UInt8(ascii: "."))
        return parts.count > 2 && parts[parts.count - 1].elementsEqual("partial".utf8)
            && UInt32(String(decoding: parts[parts.count - 2], as: UTF8.self), radix: 16)
                .map { $0 >= 0x1000_0000 } == true
    }
}
