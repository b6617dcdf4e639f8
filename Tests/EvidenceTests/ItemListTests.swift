import Records
import TestSupport
import Testing

@testable import Evidence

@Suite struct ItemListTests {
    private static let columns = ListedKind.tools.columns.map {
        ItemKey.Column($0.type, isNullable: $0.isNullable)
    }

    private func add(_ line: String, to list: inout ItemList) throws {
        var reader = RecordReader(ToolRecord.self)
        let bytes = Array(line.utf8)
        let limits = SnapshotLimits()
        try reader.scan(0..<bytes.count, bytes.span, limits)
        try list.append(reader, bytes.span, limits)
    }

    private func values(_ key: ArraySlice<UInt8>) -> [String?] {
        ItemKey.values(key, Self.columns).map { value in
            switch value {
            case .unknown: nil
            case .integer(let integer): String(integer)
            case .text(let text): String(decoding: text, as: UTF8.self)
            }
        }
    }

    @Test(
        arguments: [
            (
                #""name":"saw","size":-1,"maker":"a\u00e9\"","sharp":true,"price":3,"version":"1 2""#,
                ["saw", "-1", "aé\"", "1", "1 2"]
            ),
            (
                #""version":"\u0001","price":0,"sharp":false,"maker":null,"name":"\ud83e\ude9b""#,
                ["🪛", nil, nil, "0", "\u{1}"]
            ),
            (
                #""name":"x","size":9223372036854775807,"maker":"","sharp":false,"price":1,"o":{}"#,
                ["x", "9223372036854775807", nil, "0", nil]
            ),
            (
                #""name":"x","size":-9223372036854775808,"maker":"m","sharp":true,"price":1,"version":null"#,
                ["x", "-9223372036854775808", "m", "1", nil]
            ),
        ] as [(String, [String?])])
    func valuesComeBack(_ keys: String, _ expected: [String?]) throws {
        var list = ItemList()
        try add(#"{"record":"tool","name":"first","sharp":true,"price":0,"maker":"m"}"#, to: &list)
        try add(#"{"record":"tool",\#(keys)}"#, to: &list)
        #expect(list.count == 2)
        #expect(values(list[0]) == ["first", nil, "m", "1", nil])
        #expect(values(list[1]) == expected)
    }

    /// The list is then as before.
    @Test(arguments: [
        (#""sharp":true,"price":0"#, #""name" is missing"#),
        (#""name":"","sharp":true,"price":0"#, #""name" is missing"#),
        (#""name":null,"sharp":true,"price":0"#, #""name" is missing"#),
        (#""name":"a","size":7,"version":"m","price":0"#, #""sharp" is missing"#),
        (#""name":"a","sharp":1,"price":0"#, #""sharp" is not true or false"#),
        (#""name":"a\u0000","sharp":true,"price":0"#, #""name" contains a NUL"#),
        (#""name":"a","sharp":true,"price":"0""#, #""price" is not an integer"#),
    ])
    func badRecords(_ keys: String, _ reason: String) throws {
        var list = ItemList()
        try add(#"{"record":"tool","name":"a","sharp":true,"price":0,"maker":null}"#, to: &list)
        let before = list
        let error = #expect(throws: SnapshotError.self) {
            try add(#"{"record":"tool","maker":null,\#(keys)}"#, to: &list)
        }
        #expect(error?.reason == reason)
        #expect(list.count == 1 && list[0] == before[0] && list.byteCount == before.byteCount)
    }

    /// The order of keys is that of their values, column by column; unknown values come first.
    @Test func keysAreOrderedAsTheirValues() throws {
        let sorted: [[String]] = [
            [#""name":"a""#], [#""name":"a","size":-5"#], [#""name":"a","size":0"#],
            [#""name":"a","size":0,"maker":"b""#], [#""name":"a","size":0,"maker":"bc""#],
            [#""name":"a","size":256"#], [#""name":"a","size":9223372036854775807"#],
            [#""name":"a\u0001""#], [#""name":"ab""#],
        ]
        var list = ItemList()
        for line in sorted {
            let maker = line[0].contains("maker") ? "" : #","maker":null"#
            try add(#"{"record":"tool","sharp":true,"price":0,\#(line[0])\#(maker)}"#, to: &list)
        }
        for index in 1..<list.count {
            #expect(list[index - 1].lexicographicallyPrecedes(list[index]))
        }
    }
}
