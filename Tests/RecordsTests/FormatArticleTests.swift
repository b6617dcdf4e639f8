import Foundation
import TestSupport
import Testing

@testable import Records

/// The article on the format has the fields as the records declare them.
@Suite struct FormatArticleTests {
    private struct Rows: FieldVisitor {
        typealias Failure = Never
        var rows: [String] = []

        mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
            let type =
                switch Value.fieldType {
                case .integer where field.range == .counts: "integer, from 0 on"
                case .integer where field.range == .min ... .max: "integer"
                case .integer: "integer, \(field.range.lowerBound) to \(field.range.upperBound)"
                case .boolean: "boolean"
                case .text, .bytes: field.form == .text ? "text" : "name"
                case .texts: "array of names"
                }
            let presence =
                switch field.presence {
                case .required: "always"
                case .nullable: "always, or `null`"
                case .optional: "if known"
                }
            let column = field.column.map { "`\($0.name)`" } ?? ""
            rows.append(
                "| `\(field.key)` | \(type) | \(presence) | \(field.meaning) | \(column) |")
        }
    }

    private struct ListedSections: ListedRecordVisitor {
        var sections: [String] = []

        mutating func visit<Kind: ListedRecord>(_ kind: Kind.Type) {
            sections.append(FormatArticleTests.section(kind, table: Kind.list.table))
        }
    }

    private static func section<Line: Record>(
        _: Line.Type, table: StaticString = "Executions"
    ) -> String {
        var rows = Rows()
        var line = Line()
        line.visitFields(&rows)
        return """
            ### \(Line.kind)

            | key | value | there | meaning | column of \(table) |
            |---|---|---|---|---|
            \(rows.rows.joined(separator: "\n"))

            """
    }

    @Test func hasTheFieldsAsDeclared() throws {
        let path = fixtures.removingLastComponent()
            .appending("Sources/census/Documentation.docc/SnapshotFormat.md")
        let article = String(decoding: try contents(of: path), as: UTF8.self)
        var listed = ListedSections()
        ListedRecords.visit(&listed)
        let sections =
            ([
                Self.section(SnapshotHeader.self), Self.section(HostRecord.self),
                Self.section(OSVersionRecord.self), Self.section(CPUInfoRecord.self),
                Self.section(CollectionRecord.self), Self.section(ProcessRecord.self),
            ] + listed.sections + [Self.section(EndRecord.self)]).joined(separator: "\n")
        if !article.contains(sections) { print(sections) }
        #expect(article.contains(sections), "see what was printed")
    }
}
