import Age
import CZlib
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A test vector of fixtures/age/cctv: a header of keys and values, an empty line, and an age file.
struct Vector: CustomTestStringConvertible {
    let name: String
    /// What becomes of the file, such as `success`.
    let expect: String
    /// The SHA-256 of what is released, in hexadecimal; nil if nothing is.
    let payload: String?
    let identities: [String]
    let hasPassphrase: Bool
    let form: AgeForm
    let file: [UInt8]

    var testDescription: String { name }

    /// What census is to do with a vector.
    enum Scope: String {
        /// All that the vector says.
        case native
        /// For a passphrase (scrypt), which census does not read.
        case scrypt
        /// For a post-quantum key only, which census does not read.
        case hybrid
    }

    var scope: Scope {
        if hasPassphrase { return .scrypt }
        let isHybrid =
            !identities.isEmpty && identities.allSatisfy { $0.hasPrefix("AGE-SECRET-KEY-PQ-1") }
        return isHybrid ? .hybrid : .native
    }

    static let all: [Vector] = {
        let folder = fixtures.appending("age/cctv")
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
                .map { Vector(name: $0, bytes: try contents(of: folder.appending($0))) }
        } catch {
            fatalError("\(error)")
        }
    }()

    static func all(_ scope: Scope) -> [Vector] { all.filter { $0.scope == scope } }

    private init(name: String, bytes: [UInt8]) {
        var values: [(key: Substring, value: Substring)] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            let parts = line.split(separator: ":", maxSplits: 1)
            values.append((parts[0], parts[1].dropFirst()))
        }
        func all(_ key: String) -> [String] {
            values.filter { $0.key == key }.map { String($0.value) }
        }
        let known: Set = [
            "expect", "payload", "file key", "identity", "passphrase", "armored", "comment",
            "compressed",
        ]
        precondition(values.allSatisfy { known.contains(String($0.key)) }, "\(name): unknown key")
        self.name = name
        expect = all("expect")[0]
        payload = all("payload").first
        identities = all("identity")
        hasPassphrase = !all("passphrase").isEmpty
        form = all("armored") == ["yes"] ? .armored : .binary
        file = all("compressed") == ["zlib"] ? Self.inflated(Array(rest)) : Array(rest)
    }

    private static func inflated(_ bytes: [UInt8]) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: 20 << 20)
        var count = UInt(text.count)
        let result = uncompress(&text, &count, bytes, UInt(bytes.count))
        precondition(result == Z_OK)
        return Array(text[..<Int(count)])
    }
}

/// What came of reading an age file.
struct AgeReading: Equatable {
    /// What was released.
    var content: [UInt8] = []
    var error: AgeError?

    /// Reads a file in pieces.
    /// - Parameter piece: the length of each piece; nil for the whole file at once.
    init(_ file: [UInt8], _ form: AgeForm, _ identities: AgeIdentities, piece: Int? = nil) {
        var reader = AgeReader(form, identities)
        do throws(AgeError) {
            var start = 0
            while start < file.count {
                let end = min(start + (piece ?? file.count), file.count)
                try reader.read(file[start..<end], into: &content)
                start = end
            }
            try reader.finish(into: &content)
        } catch {
            self.error = error
        }
    }
}
