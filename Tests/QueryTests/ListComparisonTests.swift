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
            case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
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

    /// In the order of the system that the package is of: of `1:1` and `2` dpkg, rpm and pacman have the
    /// first as the newer one.
    @Test(arguments: [
        ("deb", "1.0~rc1", "1.0", "upgraded"), ("deb", "1:1.0", "2.0", "downgraded"),
        ("deb", "2.0-9", "2.0-10", "upgraded"), ("deb", "1.0", "1.0-0", "changed"),
        ("rpm", "1.0~rc1-1", "1.0-1", "upgraded"), ("rpm", "1.0^git1-1", "1.0-1", "downgraded"),
        ("apk", "1.0_alpha1-r0", "1.0-r0", "upgraded"), ("apk", "1.10-r0", "1.9-r0", "downgraded"),
        ("apk", "1.0_p1-r0", "1.0-r0", "downgraded"), ("pacman", "2-1", "1:1-1", "upgraded"),
        ("windows", "10.0", "9.9", "downgraded"),
    ])
    func versionsOfPackages(_ type: String, _ old: String, _ new: String, _ change: String) {
        func contents(_ version: String) -> ExecutionContents {
            var contents = ExecutionContents()
            contents.lists = ListedKind.all.map { _ in .notCollected }
            contents.lists[ListedKind.packages.index] = .items([
                ListedItem(["a", type, version, "x", nil, version, nil])
            ])
            contents.processes = []
            return contents
        }
        let changes = Comparison(from: contents(old), to: contents(new)).changes
        #expect(
            changes.map { "\($0.kind.rawValue) \($0.what)" } == [
                "\(change) package version", "changed package source version",
            ])
    }
}
