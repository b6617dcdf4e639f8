package import Text

/// The name that `census snap` gives to a file: `web-01_20261123T051311Z_1f0c2d3e.jsonl.gz`. It is
/// valid on FAT and sorts by host and time.
package struct SnapshotName: Sendable, Hashable {
    /// The hostname as converted by `host(_:)`.
    package let host: String
    /// When the snapshot was taken, in UTC.
    package let takenAt: Timestamp
    /// The first 8 digits of the snapshot's id, in lower case.
    package let idPrefix: String

    /// The name for the snapshot with this header.
    package init(_ header: SnapshotHeader, hostname: String?) {
        host = Self.host(hostname)
        takenAt = header.takenAt
        idPrefix = String(decoding: header.id.utf8.prefix(8), as: UTF8.self)
    }

    /// The name of the file.
    package var text: String { "\(host)_\(takenAt.basicFormat)_\(idPrefix).jsonl.gz" }

    /// Parses the name of a file. Any text may follow the id: another extension, or what a desktop
    /// adds to the name of a copy. Nil for any other name.
    ///
    /// It is written by hand: a regular expression takes ten times as long for each of many
    /// thousands of files.
    package init?(of fileName: String) {
        let bytes = Array(fileName.utf8)
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39) ~= byte }
        func isLetter(_ byte: UInt8, upTo last: Character) -> Bool {
            (0x61...last.asciiValue!) ~= byte | 0x20
        }
        // Searches for the last `_20261123T051311Z_1f0c2d3e`, because a hostname may contain the
        // same.
        let length = 26
        var start = bytes.count - length
        while start > 0 {
            let part = bytes[start..<start + length]
            let digits = part[(start + 1)..<(start + 9)] + part[(start + 10)..<(start + 16)]
            let isName =
                part[start] == UInt8(ascii: "_") && digits.allSatisfy(isDigit)
                && part[start + 9] | 0x20 == UInt8(ascii: "t")
                && part[start + 16] | 0x20 == UInt8(ascii: "z")
                && part[start + 17] == UInt8(ascii: "_")
                && part.suffix(8).allSatisfy { isDigit($0) || isLetter($0, upTo: "f") }
            let next = start + length < bytes.count ? bytes[start + length] : UInt8(ascii: ".")
            if isName && !isDigit(next) && !isLetter(next, upTo: "z") { break }
            start -= 1
        }
        if start <= 0 { return nil }
        func text(_ range: Range<Int>) -> String {
            String(decoding: bytes[range], as: UTF8.self)
        }
        guard
            let takenAt = Timestamp(
                basicDate: text(start + 1..<start + 9), time: text(start + 10..<start + 16))
        else { return nil }
        let host = text(0..<start)
        let copy = "copy of "
        self.host =
            host.lowercased().hasPrefix(copy) ? String(host.dropFirst(copy.count)) : host
        if self.host.isEmpty { return nil }
        self.takenAt = takenAt
        idPrefix = text(start + 18..<start + length).lowercased()
    }

    /// The name of a host without a hostname.
    package static let unknownHost = "unknown"

    /// Converts a hostname for file names: at most 64 characters, with `_` in place of anything but
    /// ASCII letters, digits, `-` and `.`.
    package static func host(_ hostname: String?) -> String {
        var name: [UInt8] = []
        for scalar in (hostname ?? unknownHost).unicodeScalars where name.count < 64 {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            name.append(scalar.isASCII && isSafe(byte) ? byte : UInt8(ascii: "_"))
        }
        // A hidden file, an option, or a DOS device, with any extension.
        let isSpecial =
            name.first == UInt8(ascii: ".") || name.first == UInt8(ascii: "-") || isDevice(name)
        return (isSpecial ? "_" : "") + String(decoding: name, as: UTF8.self)
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Whether DOS takes the name for that of a device.
    private static func isDevice(_ name: [UInt8]) -> Bool {
        let beginning = name.prefix { $0 != UInt8(ascii: ".") }.map { $0 | 0x20 }
        let digit: ClosedRange<UInt8> = 0x30...0x39
        for device: StaticString in ["con", "prn", "aux", "nul", "com", "lpt"] {
            let letters = device.withUTF8Buffer { unsafe Array($0) }
            guard beginning.starts(with: letters) else { continue }
            let rest = beginning.dropFirst(3)
            let isNumbered = letters == [0x63, 0x6F, 0x6D] || letters == [0x6C, 0x70, 0x74]
            if isNumbered ? rest.count == 1 && digit.contains(rest.first!) : rest.isEmpty {
                return true
            }
        }
        return false
    }
}

extension Timestamp {
    /// The time of a date `20261123` and a time `051311` in UTC.
    fileprivate init?(basicDate date: String, time: String) {
        func part(_ text: String, _ start: Int, _ count: Int) -> Substring {
            text.dropFirst(start).prefix(count)
        }
        self.init(
            "\(part(date, 0, 4))-\(part(date, 4, 2))-\(part(date, 6, 2))"
                + "T\(part(time, 0, 2)):\(part(time, 2, 2)):\(part(time, 4, 2))Z")
    }
}
