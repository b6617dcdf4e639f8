import Foundation

/// A JSON value, strings as UTF-8 so that nothing is compared by canonical equivalence.
public indirect enum JSONValue: Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A number that the cursor does not keep, or that only fits a `Double`.
    case double
    case string([UInt8])
    case array([JSONValue])
    case object([[UInt8]: JSONValue])

    /// Equal, but that `JSONDecoder` makes integers of `1.0` and `1e2` too.
    public func agrees(with foundation: JSONValue) -> Bool {
        switch (self, foundation) {
        case (.double, .integer): true
        case (.array(let ours), .array(let theirs)):
            ours.count == theirs.count && zip(ours, theirs).allSatisfy { $0.agrees(with: $1) }
        case (.object(let ours), .object(let theirs)):
            ours.count == theirs.count
                && ours.allSatisfy { key, value in
                    theirs[key].map { value.agrees(with: $0) } ?? false
                }
        default: self == foundation
        }
    }
}

/// The object that `JSONDecoder` finds, nil where it finds the text wanting or no object.
public func foundationValue(_ bytes: [UInt8]) -> JSONValue? {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)),
        case .object = value
    else { return nil }
    return value
}

extension JSONValue: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let boolean = try container.ifOfType(Bool.self) {
            self = .boolean(boolean)
        } else if let string = try container.ifOfType(String.self) {
            self = .string(Array(string.utf8))
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if try container.ifOfType(Double.self) != nil {
            self = .double
        } else if let elements = try container.ifOfType([JSONValue].self) {
            self = .array(elements)
        } else {
            let object = try decoder.container(keyedBy: Key.self)
            self = .object(
                try .init(
                    uniqueKeysWithValues: object.allKeys.map {
                        (Array($0.stringValue.utf8), try object.decode(JSONValue.self, forKey: $0))
                    }))
        }
    }
}

extension SingleValueDecodingContainer {
    /// The value, nil where there is one of another type.
    fileprivate func ifOfType<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        do {
            return try decode(type)
        } catch DecodingError.typeMismatch(_, let context)
            where context.codingPath.count == codingPath.count
        {
            return nil
        }
    }
}

/// Whether a strict reader's verdict on a line may be another than `JSONDecoder`'s: that one wants
/// each number to fit into a `Double`, passes over a comma before a closing bracket, takes UTF-16 and
/// byte order marks, and does not look into the value of a key that stands there again.
/// - Parameter isTaken: what the strict reader says.
public func mayDiffer(fromFoundation line: [UInt8], isTaken: Bool) -> Bool {
    if isTaken { return foundationValue(withSmallExponents(line)) != nil }
    return hasTrailingComma(line) || hasRepeatedKey(line) || line.prefix(4).contains(0)
        || line.starts(with: "\u{FEFF}".utf8) || line.starts(with: [0xFE, 0xFF])
        || line.starts(with: [0xFF, 0xFE])
}

/// The line with every exponent of three digits and more replaced by 1.
private func withSmallExponents(_ line: [UInt8]) -> [UInt8] {
    Array(
        String(decoding: line, as: UTF8.self)
            .replacing(#/([0-9])[eE][+\-]?[0-9]{3,}/#) { "\($0.output.1)e1" }.utf8)
}

private func hasRepeatedKey(_ line: [UInt8]) -> Bool {
    let keys = String(decoding: line, as: UTF8.self)
        .matches(of: #/("(?:[^"\\]|\\.)*")[ \t\r\n]*:/#)
        .map { try? JSONDecoder().decode(String.self, from: Data($0.output.1.utf8)) }
    return Set(keys).count < keys.count
}

/// Whether a comma stands before a closing bracket, strings left out.
private func hasTrailingComma(_ line: [UInt8]) -> Bool {
    String(decoding: line, as: UTF8.self).replacing(#/"([^"\\]|\\.)*"/#, with: "0")
        .contains(#/,[ \t\r\n]*[}\]]/#)
}
