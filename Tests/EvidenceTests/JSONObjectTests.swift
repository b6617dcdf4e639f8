import Testing

@testable import Evidence

@Suite struct JSONObjectTests {
    private func object(_ text: String) throws(SnapshotError) -> JSONObject {
        let bytes = Array(text.utf8)
        return try JSONObject(bytes.indices, in: bytes.span)
    }

    @Test func givesValuesByKey() throws {
        let object = try object(
            #"{"s":"a\u00e9","i":-5,"t":true,"f":false,"n":null,"a":["x","\n"],"e":[],"\u007a":1}"#)
        #expect(try object.string("s") == "aé")
        #expect(try object.integer("i") == -5)
        #expect(try object.boolean("t") == true)
        #expect(try object.boolean("f") == false)
        #expect(try object.strings("a") == ["x", "\n"])
        #expect(try object.strings("e") == [])
        #expect(try object.integer("z") == 1)
        for key in ["n", "absent"] {
            #expect(try object.string(key) == nil)
            #expect(try object.integer(key) == nil)
            #expect(try object.boolean(key) == nil)
            #expect(try object.strings(key) == nil)
        }
    }

    @Test(arguments: ["1.0", "1e0", "9223372036854775808", "-9223372036854775809", "\"1\"", "true"])
    func refusesAsInteger(_ value: String) throws {
        let object = try object(#"{"a":\#(value)}"#)
        #expect(throws: SnapshotError.corrupt(#""a" is not an integer"#)) {
            try object.integer("a")
        }
    }

    @Test func limitsIntegers() throws {
        let object = try object(#"{"a":-9223372036854775808,"b":9223372036854775807,"c":-0}"#)
        #expect(try object.integer("a") == .min)
        #expect(try object.integer("b") == .max)
        #expect(try object.integer("c", in: 0...0) == 0)
        #expect(throws: SnapshotError.self) { try object.integer("a", in: (.min + 1) ... .max) }
        #expect(throws: SnapshotError.self) { try object.integer("b", in: .min...(.max - 1)) }
    }

    @Test(arguments: [#"[1]"#, #"["a",1]"#, #"[["a"]]"#, #"[null]"#, #"{"a":"b"}"#, #""a""#])
    func refusesAsStrings(_ value: String) throws {
        let object = try object(#"{"a":\#(value)}"#)
        #expect(throws: SnapshotError.self) { try object.strings("a") }
    }

    /// What a database's text column could not hold.
    @Test func refusesNUL() throws {
        let object = try object(#"{"a":"x\u0000y","b":["\u0000"]}"#)
        #expect(throws: SnapshotError.self) { try object.string("a") }
        #expect(throws: SnapshotError.self) { try object.strings("b") }
    }

    /// RFC 8259 leaves open which of two members of one name counts; here neither does.
    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"a":null,"a":null}"#, #"{"":1,"":2}"#,
    ])
    func refusesRepeatedKeys(_ text: String) {
        #expect(throws: SnapshotError.self) { try object(text) }
    }

    /// RFC 8259, 8.3: names are compared code unit by code unit. These are two.
    @Test func tellsCanonicallyEquivalentKeysApart() throws {
        let object = try object("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(try object.integer("\u{E9}") == 1)
        #expect(try object.integer("e\u{301}") == 2)
    }

    @Test(arguments: [#"{"a":1} {}"#, #"{"a":1}x"#, #"{"a":1}}"#, #"{"a":1"#, #"{"a":1,}"#])
    func refusesWhatIsNotOneObject(_ text: String) {
        #expect(throws: SnapshotError.self) { try object(text) }
    }
}
