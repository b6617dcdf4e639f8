import Foundation
public import SystemPackage

/// A directory of a test's own, removed with all that is in it when the value ends.
public final class TemporaryDirectory {
    public let path: FilePath

    public init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "census-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = FilePath(url.path())
    }

    deinit { try! FileManager.default.removeItem(atPath: path.string) }

    /// Writes a file below the directory, and the directories on the way to it.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> FilePath {
        let file = path.appending(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file.string))
        return file
    }

    public func read(_ name: String) throws -> [UInt8] { try contents(of: path.appending(name)) }

    /// The names in the directory, sorted.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path.string).sorted()
    }
}

public func contents(of file: FilePath) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: file.string)))
}
