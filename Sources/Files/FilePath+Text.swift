import Glibc
package import SystemPackage
import Text

extension FilePath {
    /// The path that these bytes are, up to a NUL.
    package init(bytes: [UInt8]) {
        self = (bytes + [0]).withUnsafeBytes {
            FilePath(platformString: $0.bindMemory(to: CChar.self).baseAddress!)
        }
    }

    /// The path of what has this name in the directory that this path is of.
    package func appending(name: [UInt8]) -> FilePath {
        FilePath(bytes: bytes + [UInt8(ascii: "/")] + name)
    }

    /// The path without links, realpath(3); nil where it leads to nothing.
    package var resolved: FilePath? {
        guard let text = withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(text) }
        return FilePath(platformString: text)
    }

    /// `census.sqlite-journal`.
    package func withSuffix(_ suffix: String) -> FilePath {
        FilePath(bytes: bytes + Array(suffix.utf8))
    }

    /// The path from the root on, of one that is relative in `directory`, which is absolute and has
    /// no symbolic links. `.` is left out, and `..` where no link can stand before it.
    package func absolute(in directory: FilePath) -> FilePath {
        let bytes = bytes
        let dot = UInt8(ascii: ".")
        let slash = UInt8(ascii: "/")
        // Most paths have neither.
        if bytes.first != dot
            && !zip(bytes, bytes.dropFirst()).contains(where: { $0 == (slash, dot) })
        {
            return isAbsolute ? self : directory.appending(name: bytes)
        }
        var path = isAbsolute ? "/" : directory
        var mayHaveLinks = false
        for component in components {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory where !mayHaveLinks: path.removeLastComponent()
            default:
                path.append(component)
                mayHaveLinks = true
            }
        }
        return path
    }

    init(_ component: Component) { self.init(root: nil, CollectionOfOne(component)) }

    /// The path's bytes, without the NUL at their end.
    package var bytes: [UInt8] {
        withPlatformString { text in
            UnsafeRawBufferPointer(start: text, count: strlen(text)).map(\.self)
        }
    }

    /// The path as text, another for every path.
    package var text: String { exactText(bytes) }
}

extension FilePath.Component {
    /// The bytes of the component.
    package var bytes: [UInt8] { FilePath(self).bytes }
}
