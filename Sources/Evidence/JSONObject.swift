import Records

/// One line of a snapshot as a flat object, for the records of which there are few.
struct JSONObject {
    private enum Value {
        case string(String)
        case integer(Int)
        case boolean(Bool)
        case null
        case strings([String])
        case other
    }

    private var members: [Key: Value] = [:]
    private let limits: SnapshotLimits

    /// A key's UTF-8: two `String`s may be equal that differ in their bytes, and arrays are hashed
    /// byte by byte.
    private struct Key: Hashable {
        let utf8: [UInt8]
        init(_ text: String) { utf8 = Array(text.utf8) }
        func hash(into hasher: inout Hasher) {
            unsafe utf8.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
    }

    init(
        _ range: Range<Int>, in bytes: Span<UInt8>, _ limits: SnapshotLimits = SnapshotLimits()
    ) throws(SnapshotError) {
        self.limits = limits
        var cursor = JSONCursor(range, limits)
        try cursor.beginObject(bytes)
        while let key = try cursor.nextKey(bytes, isFirst: members.isEmpty) {
            let name = key.string(bytes)
            let value: Value =
                switch try cursor.value(bytes) {
                case .string(let text): .string(text.string(bytes))
                case .integer(let integer): .integer(integer)
                case .boolean(let boolean): .boolean(boolean)
                case .null: .null
                case .array(let start):
                    Self.strings(start..<cursor.index, bytes, limits).map { .strings($0) } ?? .other
                case .object, .otherNumber: .other
                }
            if members.updateValue(value, forKey: Key(name)) != nil {
                throw .corrupt("\(quoted(name)) stands there twice")
            }
        }
        try cursor.endLine(bytes)
    }

    /// The strings of an array that the cursor has been over, nil if it holds anything else.
    private static func strings(
        _ range: Range<Int>, _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) -> [String]? {
        var cursor = JSONCursor(range, limits)
        var strings: [String] = []
        do throws(SnapshotError) {
            while try cursor.nextElement(bytes, isFirst: strings.isEmpty) {
                guard case .string(let text) = try cursor.value(bytes) else { return nil }
                strings.append(text.string(bytes))
            }
            return strings
        } catch {
            return nil  // cannot be: the same bytes have been read before
        }
    }

    /// A name: a text that the database keeps.
    func string(_ key: String) throws(SnapshotError) -> String? {
        let name = try text(key)
        if let name { try checkName(key, name) }
        return name
    }

    func text(_ key: String) throws(SnapshotError) -> String? {
        switch members[Key(key)] {
        case nil, .null: return nil
        case .string(let string):
            try check(key, string)
            // An empty text says no more than none, and must not pass for a fact.
            return string.isEmpty ? nil : string
        default: throw .wrongType(key, "a string")
        }
    }

    private func check(_ key: String, _ string: String) throws(SnapshotError) {
        if string.utf8.contains(0) { throw .corrupt("\(quoted(key)) holds a NUL") }
        if string.utf8.count > limits.textBytes { throw .tooLong(key, limits) }
    }

    private func checkName(_ key: String, _ name: String) throws(SnapshotError) {
        if name.unicodeScalars.count > limits.nameScalars { throw .nameTooLong(key, limits) }
    }

    func integer(
        _ key: String, in range: ClosedRange<Int> = .min ... .max
    ) throws(SnapshotError) -> Int? {
        switch members[Key(key)] {
        case nil, .null: return nil
        case .integer(let integer):
            guard range.contains(integer) else {
                throw .corrupt("\(quoted(key)) is out of range")
            }
            return integer
        default: throw .wrongType(key, "an integer")
        }
    }

    func boolean(_ key: String) throws(SnapshotError) -> Bool? {
        switch members[Key(key)] {
        case nil, .null: return nil
        case .boolean(let boolean): return boolean
        default: throw .wrongType(key, "true or false")
        }
    }

    func strings(_ key: String) throws(SnapshotError) -> [String]? {
        switch members[Key(key)] {
        case nil, .null: return nil
        case .strings(let strings):
            for string in strings {
                try check(key, string)
                try checkName(key, string)
            }
            return strings.filter { !$0.isEmpty }
        default: throw .wrongType(key, "an array of strings")
        }
    }

    func required<Value>(_ key: String, _ value: Value?) throws(SnapshotError) -> Value {
        guard let value else { throw .corrupt("\(quoted(key)) is missing") }
        return value
    }

    func requiredString(_ key: String) throws(SnapshotError) -> String {
        try required(key, try string(key))
    }

    func requiredInteger(_ key: String) throws(SnapshotError) -> Int {
        try required(key, try integer(key))
    }

    /// A key that must be there, but may be null: the collector says that it does not know.
    func stringOrUnknown(_ key: String) throws(SnapshotError) -> String? {
        _ = try required(key, members[Key(key)])
        return try string(key)
    }
}

func quoted(_ key: String) -> String { "\"\(key)\"" }
