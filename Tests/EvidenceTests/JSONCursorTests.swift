import TestSupport
import Testing

@testable import Evidence
@testable import Records

/// The cursor compared with Foundation's `JSONDecoder`.
@Suite struct JSONCursorTests {
    /// Objects that both accept with the same value.
    static let wellFormed = [
        #"{}"#, " \t\r\n{ \t\r\n} \t\r\n", #"{"a":1}"# + "\r\n", #"{"":""}"#,
        #"{"a":0}"#, #"{"a":-0}"#, #"{"a":-1}"#, #"{"a":10}"#, #"{"a":0.0}"#, #"{"a":-0.5e-0}"#,
        #"{"a":1E+5,"b":1e5,"c":0e0,"d":1.25E-3}"#, #"{"a":1e308}"#,
        #"{"a":9223372036854775807,"b":-9223372036854775808}"#,
        #"{"a":9223372036854775808,"b":-9223372036854775809,"c":18446744073709551615}"#,
        #"{"a":18446744073709551616,"b":123456789012345678901234567890}"#,
        #"{"a":true,"b":false,"c":null}"#, #"{"a":[],"b":{},"c":[[],{}],"d":{"e":[null]}}"#,
        #"{"a" : [ 1 , "x" , { "b" : false } ] , "c" : { "d" : [ ] } }"#,
        #"{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00\uD83D\uDE00"}"#,
        #"{"a":"\u0000","b":"\uFFFF","c":"\ufeff","d":"\udbff\udfff","e":"\ud800\udc00"}"#,
        #"{"\u0061":1,"\n":2,"\ud83d\ude00":3}"#, #"{"a":"\\","b":"\\\"","c":"\\u0041"}"#,
        "{\"a\":\"\u{7F}é€😀\u{10FFFF}\u{2028}\u{0}\"}".replacing("\u{0}", with: ""),
        "{\"\u{E9}\":\"\u{65}\u{301}\"}", #"{"a":"//","b":"/* */","c":"[,]"}"#,
    ]

    @Test(arguments: wellFormed) func reads(_ text: String) throws {
        let bytes = Array(text.utf8)
        let expected = try #require(foundationValue(bytes))
        let value = try cursorValue(bytes)
        #expect(value.agrees(with: expected))
    }

    /// Texts that neither accepts.
    static let malformed =
        [
            "", " ", "\r\n", "1", "null", #""a""#, "[]", "[{}]", "{", "}", "{}}", "{}{}", "{} x",
            "{},", "{}]", "{}\0", "\0{}", "{\0}", #"{"a"}"#, #"{"a":}"#, #"{"a" 1}"#, #"{"a":1"#,
            #"{a:1}"#, #"{'a':1}"#, #"{1:1}"#, #"{null:1}"#, #"{,}"#, #"{,"a":1}"#,
            #"{"a":1 "b":2}"#, #"{"a":1;"b":2}"#, #"{"a":1,,"b":2}"#, #"{"a"::1}"#, #"{"a","b"}"#,
            #"{"a":[}"#, #"{"a":[}]}"#, #"{"a":{]}"#, #"{"a":[1 2]}"#, #"{"a":[,1]}"#,
            #"{"a":[1,,2]}"#, #"{"a":[,]}"#, #"{"a":[1"#, #"{"a":["b":1]}"#, #"{"a":{"b"}}"#,
            "{/**/}", "{}//", "#\n{}", #"{"a":1}/**/"#,
            "{\u{A0}}", "{\u{B}}", "{\u{C}}", "{\u{85}}", "{\u{2003}}", "{\u{2028}}", "{\u{FEFF}}",
            "{}\u{FEFF}", "{\"a\":\"\n\"}", "{\"a\":\"\t\"}", "{\"a\":\"\u{1F}\"}",
            "{\"a\":\"\0\"}", "{\"\t\":1}", #"{"a":""#, #"{"a":"\"#, #"{"a":"\""#, #"{"a":"x}"#,
            #"{"a":"\x41"}"#, #"{"a":"\U0041"}"#, #"{"a":"\a"}"#, #"{"a":"\'"}"#, #"{"a":"\0"}"#,
            #"{"a":"\u"}"#, #"{"a":"\u004"}"#, #"{"a":"\u004g"}"#, #"{"a":"\u+041"}"#,
            #"{"a":"\u 041"}"#, #"{"a":"\u{41}"}"#, #"{"a":"\u004"#, #"{"a":"\ud83d\ude0"#,
        ]
        // Unpaired surrogates: alone, in the wrong order, repeated, separated.
        + [
            #"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"\udc00\ud800"#, #"\ud800\ud800"#,
            #"\udc00\udc00"#, #"\ud800x"#, #"\ud800x\udc00"#, #"\ud800\n"#, #"\ud800\u0041"#,
            #"\ud800\\udc00"#, #"\ud800\"#, #"\ud800\ud800\udc00"#, #"\ud83d\ude00\ude00"#,
            #"\ud800\ue000"#, #"\ud800\u"#,
        ].flatMap { [#"{"a":"\#($0)"}"#, #"{"\#($0)":1}"#] }
        + [
            "01", "-01", "00", "-00", "1.", "-1.", ".5", "-.5", "+1", "-", "--1", "- 1", "1e",
            "1e+",
            "1E-", "1.e5", "1.5.5", "1e5e5", "1e5.5", "1-1", "0x10", "1_000", "1,000", "1f", "NaN",
            "Infinity", "-Infinity", "nan", "t", "tru", "truee", "True", "TRUE", "fals", "falsey",
            "n", "nul", "nulll", "nil", "undefined", "truefalse", "null null", "0 0", "'a'",
            "\u{661}",
        ].flatMap { [#"{"a":\#($0)}"#, #"{"a":[\#($0)"#] }

    @Test(arguments: malformed) func rejects(_ text: String) {
        #expect(foundationValue(Array(text.utf8)) == nil)
        #expect(throws: SnapshotError.self) { try cursorValue(Array(text.utf8)) }
    }

    /// RFC 3629, 3 and 4: boundary cases of UTF-8.
    static let strings: [(bytes: [UInt8], isUTF8: Bool)] = [
        ([0xC2, 0x80], true), ([0xDF, 0xBF], true), ([0xE0, 0xA0, 0x80], true),
        ([0xED, 0x9F, 0xBF], true), ([0xEE, 0x80, 0x80], true), ([0xEF, 0xBF, 0xBF], true),
        ([0xF0, 0x90, 0x80, 0x80], true), ([0xF4, 0x8F, 0xBF, 0xBF], true),
        ([0x80], false), ([0xBF], false), ([0xFF], false), ([0xFE], false), ([0xC3], false),
        ([0xC0, 0x80], false), ([0xC1, 0xBF], false), ([0xE0, 0x9F, 0xBF], false),
        ([0xF0, 0x8F, 0xBF, 0xBF], false), ([0xED, 0xA0, 0x80], false),
        ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], false), ([0xF4, 0x90, 0x80, 0x80], false),
        ([0xF5, 0x80, 0x80, 0x80], false), ([0xE2, 0x82], false), ([0xE2, 0x82, 0x41], false),
        ([0xF0, 0x9F, 0x98], false), ([0xC3, 0x5C, 0x6E, 0xA9], false),
        ([0xF8, 0x88, 0x80, 0x80, 0x80], false), ([0xC3, 0xA9, 0xA9], false),
    ]

    @Test(arguments: strings) func checksUTF8(_ string: (bytes: [UInt8], isUTF8: Bool)) throws {
        for text in [
            Array(#"{"a":""#.utf8) + string.bytes + Array(#""}"#.utf8),
            Array(#"{"a":"\t"#.utf8) + string.bytes + Array(#"\n"}"#.utf8),
            Array(#"{""#.utf8) + string.bytes + Array(#"":1}"#.utf8),
        ] {
            let expected = foundationValue(text)
            let value = try? cursorValue(text)
            #expect((expected != nil) == string.isUTF8)
            #expect((value != nil) == string.isUTF8)
            if let value, let expected { #expect(value.agrees(with: expected)) }
        }
    }

    /// The cursor follows RFC 8259 where `JSONDecoder` does not: it accepts a trailing comma, a
    /// byte order mark and UTF-16.
    @Test func isStricterThanFoundation() {
        let texts = [
            Array(#"{"a":1,}"#.utf8), Array(#"{"a":[1,]}"#.utf8), Array(#"{"a":[1 , ]}"#.utf8),
            Array("\u{FEFF}{}".utf8), [0x7B, 0, 0x7D, 0], [0, 0x7B, 0, 0x7D],
            [0xFE, 0xFF, 0, 0x7B, 0, 0x7D],
        ]
        for text in texts {
            #expect(foundationValue(text) != nil)
            #expect(throws: SnapshotError.self) { try cursorValue(text) }
        }
    }

    /// JSON numbers have any size; `JSONDecoder` accepts only those of a `Double`.
    @Test(arguments: ["1e999", "-1e999", "1E+400", "9e99999999999999999999"])
    func takesNumbersOfAnySize(_ number: String) throws {
        let text = Array(#"{"a":\#(number)}"#.utf8)
        #expect(foundationValue(text) == nil)
        let value = try cursorValue(text)
        #expect(value.agrees(with: .object([Array("a".utf8): .double])))
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func limitsNesting(_ open: String, _ close: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            let inner = String(repeating: open, count: depth) + "1"
            return Array((#"{"a":"# + inner + String(repeating: close, count: depth) + "}").utf8)
        }
        var limits = SnapshotLimits()
        let deepest = nested(limits.depth)
        let expected = try #require(foundationValue(deepest))
        let value = try cursorValue(deepest)
        #expect(value.agrees(with: expected))
        for depth in [limits.depth + 1, 100_000] {
            let error = #expect(throws: SnapshotError.self) { try cursorValue(nested(depth)) }
            #expect(error?.code == .tooLarge(.depth))
        }
        // The stack does not limit the depth.
        limits.depth = 1_000_000
        #expect(throws: Never.self) { try skip(nested(1_000_000), limits) }
        #expect(throws: SnapshotError.self) { try skip(nested(1_000_000).dropLast(), limits) }
    }

    /// Parses an object with one key.
    private func skip(
        _ bytes: [UInt8], _ limits: SnapshotLimits
    ) throws(SnapshotError) {
        let span = bytes.span
        var cursor = JSONCursor(bytes.indices, limits)
        try cursor.beginObject(span)
        _ = try cursor.nextKey(span, isFirst: true)
        _ = try cursor.value(span)
        _ = try cursor.nextKey(span, isFirst: false)
        try cursor.endLine(span)
    }

    /// The bytes around the range belong to other lines.
    @Test(arguments: ["{}", #"{"a":1}"#, #"{"a":tru}"#, #"{"a":"x"}"#, #"{"a":"\u0041"}"#])
    func staysInItsRange(_ text: String) {
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            let around = Array("{\"".utf8) + bytes + Array("true\"}]}".utf8)
            #expect(throws: SnapshotError.self) { try cursorValue(around, 2..<2 + count) }
        }
    }

    static let seeds = [
        #"{"record":"process","pid":1,"name":"systemd","parent":0,"uid":0,"user":"root"}"#,
        #"{"record":"host","host_id":"4f2a","ip":null,"addresses":["192.0.2.1","2001:db8::1"]}"#,
        #"{ "a" : [ -1 , 2.5e-3 , [ ] , { } ] , "b" : { "c" : true , "d" : [ false ] } }"#,
        #"{"e":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","é€😀":"é€😀","n":9223372036854775807}"#,
        #"{"a":0,"b":-0,"c":10E+12,"d":"","e":[[[1]],["x","y"]]}"#,
    ].map { Array($0.utf8) }

    /// Both accept the same texts with the same values, apart from the differences tested above.
    @Test func agreesWithFoundationOnMutatedLines() {
        var generator = SplitMix64(state: 20_261_123)
        let letters = #"{}[]:,"\/-+.eEu0123456789aftn \#t\#r\#n"#
        let alphabet = Array(letters.utf8) + [0, 0x80, 0xC3, 0xFF]
        var (taken, refused) = (0, 0)
        var disagreements: [String] = []
        for _ in 0..<40_000 {
            var line = Self.seeds.randomElement(using: &generator)!
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = line.indices.randomElement(using: &generator)!
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: line[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: line.insert(alphabet.randomElement(using: &generator)!, at: index)
                case 2: line.remove(at: index)
                case 3: line[index] = alphabet.randomElement(using: &generator)!
                default:  // repeat a part of the line
                    let end = min(index + Int.random(in: 1...12, using: &generator), line.count)
                    line.insert(contentsOf: line[index..<end], at: index)
                }
            }
            let value = try? cursorValue(line)
            if value == nil { refused += 1 } else { taken += 1 }
            switch (value, foundationValue(line)) {
            case (let value?, let expected?) where value.agrees(with: expected): break
            case (nil, nil): break
            case (let value, _) where mayDiffer(fromFoundation: line, isTaken: value != nil): break
            default: disagreements.append(String(decoding: line, as: UTF8.self))
            }
        }
        #expect(disagreements == [])
        #expect(taken > 4000 && refused > 4000)
    }
}

/// The object that the cursor reads in the range; the first value of a repeated key.
private func cursorValue(
    _ bytes: [UInt8], _ range: Range<Int>? = nil, limits: SnapshotLimits = SnapshotLimits()
) throws(SnapshotError) -> JSONValue {
    let span = bytes.span
    var cursor = JSONCursor(range ?? bytes.indices, limits)
    try cursor.beginObject(span)
    let object = try members(&cursor, span)
    try cursor.endLine(span)
    return object
}

private func members(
    _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
) throws(SnapshotError) -> JSONValue {
    var members: [[UInt8]: JSONValue] = [:]
    var isFirst = true
    while let key = try cursor.nextKey(bytes, isFirst: isFirst) {
        isFirst = false
        let value = try element(&cursor, bytes)
        let name = Array(key.string(bytes).utf8)
        if members[name] == nil { members[name] = value }
    }
    return .object(members)
}

private func element(
    _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
) throws(SnapshotError) -> JSONValue {
    switch try cursor.value(bytes) {
    case .string(let text): return .string(Array(text.string(bytes).utf8))
    case .integer(let integer): return .integer(Int(integer))
    case .otherNumber: return .double
    case .boolean(let boolean): return .boolean(boolean)
    case .null: return .null
    case .array(let start):
        var inner = JSONCursor(start..<cursor.index, SnapshotLimits())
        var elements: [JSONValue] = []
        while try inner.nextElement(bytes, isFirst: elements.isEmpty) {
            elements.append(try element(&inner, bytes))
        }
        return .array(elements)
    case .object(let start):
        var inner = JSONCursor(start..<cursor.index, SnapshotLimits())
        return try members(&inner, bytes)
    }
}
