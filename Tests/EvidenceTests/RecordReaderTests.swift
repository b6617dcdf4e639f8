import Records
import Testing

@testable import Evidence

/// A record with a field of each type.
private struct Sample: Record {
    static let kind: StaticString = "sample"

    var text: String?
    var integer: Int64?
    var small: Int64?
    var boolean: Bool?
    var texts: [String]?
    var acute: Int64?

    mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&text, .optional("s", "A text"))
        try visitor.visit(&integer, .optional("i", "An integer"))
        try visitor.visit(&small, .optional("z", "A small integer").range(-1...1))
        try visitor.visit(&boolean, .optional("t", "Yes or no"))
        try visitor.visit(&texts, .optional("a", "Texts"))
        try visitor.visit(&acute, .optional("\u{E9}", "A key that is not ASCII"))
    }
}

@Suite struct RecordReaderTests {
    private func read(_ text: String) throws(SnapshotError) -> Sample {
        let bytes = Array(text.utf8)
        var reader = RecordReader(Sample.self)
        try reader.scan(bytes.indices, bytes.span, SnapshotLimits())
        return try reader.record(bytes.span, SnapshotLimits())
    }

    @Test func givesValuesByKey() throws {
        let sample = try read(
            #"{"s":"a\u00e9","i":-5,"t":true,"a":["x","","\n"],"\u007a":1,"n":null,"x":[{}]}"#)
        #expect(sample.text == "aé")
        #expect(sample.integer == -5)
        #expect(sample.small == 1)
        #expect(sample.boolean == true)
        #expect(sample.texts == ["x", "\n"])
        #expect(try read(#"{"a":[],"t":false}"#).texts == [])
        for text in [#"{"s":null,"i":null,"t":null,"a":null}"#, "{}"] {
            let sample = try read(text)
            #expect(sample.text == nil && sample.integer == nil && sample.small == nil)
            #expect(sample.boolean == nil && sample.texts == nil && sample.acute == nil)
        }
    }

    /// No value of one line is kept for the next.
    @Test func forgetsTheLastLine() throws {
        let first = Array(#"{"s":"x","i":1}"#.utf8)
        let last = Array("{}".utf8)
        var reader = RecordReader(Sample.self)
        try reader.scan(first.indices, first.span, SnapshotLimits())
        try reader.scan(last.indices, last.span, SnapshotLimits())
        let sample: Sample = try reader.record(last.span, SnapshotLimits())
        #expect(sample.text == nil && sample.integer == nil)
    }

    @Test(arguments: ["1.0", "1e0", "9223372036854775808", "-9223372036854775809", "\"1\"", "true"])
    func refusesAsInteger(_ value: String) throws {
        #expect(throws: SnapshotError.corrupt(#""i" is not an integer"#)) {
            try read(#"{"i":\#(value)}"#)
        }
    }

    @Test func limitsIntegers() throws {
        #expect(try read(#"{"i":-9223372036854775808}"#).integer == .min)
        #expect(try read(#"{"i":9223372036854775807}"#).integer == .max)
        #expect(try read(#"{"z":-0}"#).small == 0)
        for value in [-2, 2, .max] {
            #expect(throws: SnapshotError.corrupt(#""z" is out of range"#)) {
                try read(#"{"z":\#(value)}"#)
            }
        }
    }

    @Test(arguments: [#"[1]"#, #"["a",1]"#, #"[["a"]]"#, #"[null]"#, #"{"a":"b"}"#, #""a""#])
    func refusesAsTexts(_ value: String) throws {
        #expect(throws: SnapshotError.corrupt(#""a" is not an array of strings"#)) {
            try read(#"{"a":\#(value)}"#)
        }
    }

    /// Values that a text column of a database cannot hold.
    @Test(arguments: [#"{"s":"x\u0000y"}"#, #"{"a":["\u0000"]}"#])
    func refusesNUL(_ text: String) {
        #expect(throws: SnapshotError.self) { try read(text) }
    }

    /// RFC 8259 leaves open which of two members with the same name counts; here it is an error.
    @Test(arguments: [
        #"{"i":1,"i":1}"#, #"{"i":1,"b":2,"\u0069":3}"#, #"{"s":null,"s":null}"#,
        #"{"":1,"":2}"#, #"{"x":1,"\u0078":2}"#, #"{"record":"sample","record":"sample"}"#,
    ])
    func refusesRepeatedKeys(_ text: String) {
        #expect(throws: SnapshotError.self) { try read(text) }
    }

    /// RFC 8259, 8.3: names are compared by code unit. These are distinct.
    @Test func distinguishesCanonicallyEquivalentKeys() throws {
        #expect(try read("{\"\u{E9}\":1,\"e\u{301}\":2}").acute == 1)
        #expect(try read("{\"e\u{301}\":2}").acute == nil)
    }

    @Test(arguments: [#"{"i":1} {}"#, #"{"i":1}x"#, #"{"i":1}}"#, #"{"i":1"#, #"{"i":1,}"#])
    func refusesWhatIsNotOneObject(_ text: String) {
        #expect(throws: SnapshotError.self) { try read(text) }
    }
}
