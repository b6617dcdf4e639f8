package import SystemPackage

extension FilePath {
    /// The path that these bytes are, up to a NUL.
    init(bytes: [UInt8]) {
        let text = bytes.map { CChar(bitPattern: $0) } + [0]
        self = text.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
    }

    init(_ component: Component) { self.init(root: nil, CollectionOfOne(component)) }

    /// The path's bytes, without the NUL at their end.
    package var bytes: [UInt8] {
        withPlatformString { text in
            var bytes: [UInt8] = []
            while text[bytes.count] != 0 { bytes.append(UInt8(bitPattern: text[bytes.count])) }
            return bytes
        }
    }

    /// The path as text; each byte that is not part of well-formed UTF-8 as `\xE9`.
    package var text: String {
        let bytes = bytes
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { byte in
            byte < 0x80
                ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension FilePath.Component {
    package var bytes: [UInt8] { FilePath(self).bytes }
}
