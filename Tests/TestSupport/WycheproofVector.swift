import Foundation
import SystemPackage

/// A test vector of fixtures/wycheproof.
public struct WycheproofVector: Sendable {
    private let values: [String: String]

    /// Its number among those of its algorithm.
    public var number: String { values["tcId"] ?? "" }
    /// Whether the library is to accept it; `acceptable` ones are accepted as well.
    public var isValid: Bool { values["result"] != "invalid" }

    /// The bytes of a value.
    public subscript(_ name: String) -> [UInt8] {
        let digits = Array(values[name]!.utf8)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)!
        }
    }

    /// The vectors of an algorithm.
    public static func all(_ algorithm: String) throws -> [WycheproofVector] {
        let file = try contents(of: fixtures.appending("wycheproof/\(algorithm).jsonl"))
        return try file.split(separator: UInt8(ascii: "\n")).map {
            WycheproofVector(
                values: try JSONDecoder().decode([String: String].self, from: Data($0)))
        }
    }
}
