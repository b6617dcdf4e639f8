import Database
import Query
import Records
import TestSupport
import Testing

/// The comparison of lists whose items have values that identify them, and others.
@Suite struct ListComparisonTests {
    private func changes(
        from old: [[String?]]?, to new: [[String?]]?
    ) -> (lines: [String], unknown: [String]) {
        func contents(_ items: [[String?]]?) -> ExecutionContents {
            var contents = ExecutionContents()
            contents.lists = [items.map { .items($0.map(ListedItem.init)) } ?? .unknown]
            contents.processes = []
            return contents
        }
        let comparison = Comparison(
            from: contents(old), to: contents(new), lists: [.tools])
        func text(_ value: Value) -> String {
            switch value {
            case .null: "-"
            case .integer(let integer): String(integer)
            case .text(let text): text
            }
        }
        return (
            comparison.changes.map {
                "\($0.kind) \($0.what): \($0.name ?? "-"): \(text($0.from)) > \(text($0.to))"
            }, comparison.unknown
        )
    }

    @Test(
        arguments: [
            ([], [], []),
            ([["saw", "1", nil, "1", "2"]], [["saw", "1", nil, "1", "2"]], []),
            // A changed value of the same item.
            (
                [["saw", "1", nil, "1", "2"]], [["saw", "1", nil, "1", "2.1"]],
                ["changed tool version: saw 1: 2 > 2.1"]
            ),
            (
                [["saw", "1", nil, "1", nil]], [["saw", "1", nil, "0", "2"]],
                // What one of them could not see is not compared.
                ["changed tool edge: saw 1: 1 > 0"]
            ),
            // Another item, by its identity.
            (
                [["saw", "1", nil, "1", "2"]], [["saw", "2", nil, "1", "2"]],
                ["gone tool: saw 1: 1 2 > -", "appeared tool: saw 2: - > 1 2"]
            ),
            (
                [["saw", nil, "é", "1", nil]], [["saw", nil, "e\u{301}", "1", nil]],
                ["appeared tool: saw e\u{301}: - > 1", "gone tool: saw é: 1 > -"]
            ),
            // Several items of one identity.
            (
                [["k", nil, nil, "1", "1"], ["k", nil, nil, "1", "2"]],
                [["k", nil, nil, "1", "2"], ["k", nil, nil, "1", "3"]],
                ["changed tool version: k: 1 > 3"]
            ),
            (
                [["k", nil, nil, "1", "1"]],
                [["k", nil, nil, "1", "1"], ["k", nil, nil, "1", "2"]],
                ["appeared tool: k: - > 1 2"]
            ),
            (
                [["k", nil, nil, "1", "1"], ["k", nil, nil, "1", "2"]],
                [["k", nil, nil, "1", "3"]],
                [
                    "gone tool: k: 1 1 > -", "gone tool: k: 1 2 > -", "appeared tool: k: - > 1 3",
                ]
            ),
            // Repeated records are one item.
            (
                [["a", nil, nil, "1", nil], ["a", nil, nil, "1", nil]],
                [["a", nil, nil, "1", nil]], []
            ),
        ] as [([[String?]], [[String?]], [String])])
    func items(_ old: [[String?]], _ new: [[String?]], _ expected: [String]) {
        let (lines, unknown) = changes(from: old, to: new)
        #expect(lines == expected)
        #expect(unknown == [])
    }

    @Test func listsOfOneCollectorOnlyAreUnknown() {
        func unknown(
            _ old: ExecutionContents.List, _ new: ExecutionContents.List
        ) -> (unknown: [String], notCollected: [String]) {
            let contents = [old, new].map { list in
                var contents = ExecutionContents()
                contents.lists = [list]
                contents.processes = []
                return contents
            }
            let comparison = Comparison(from: contents[0], to: contents[1], lists: [.tools])
            return (comparison.unknown, comparison.notCollected)
        }
        #expect(unknown(.notCollected, .notCollected) == ([], ["hand tools"]))
        #expect(unknown(.notCollected, .items([])) == (["hand tools"], []))
        #expect(unknown(.items([]), .notCollected) == (["hand tools"], []))
        #expect(unknown(.notCollected, .unknown) == (["hand tools"], []))
    }

    @Test func unknownListsAreNotCompared() {
        #expect(changes(from: nil, to: []).unknown == ["hand tools"])
        #expect(changes(from: [], to: nil).unknown == ["hand tools"])
        #expect(changes(from: nil, to: [["a", nil, nil, "1", nil]]).lines == [])
    }
}
