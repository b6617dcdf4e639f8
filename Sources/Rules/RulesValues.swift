import Query
import Records
import Text
import Yams

// The values of rules. What is in a list twice counts once.
extension RulesReader {
    /// Items: a list, or a single one.
    mutating func readItems(
        _ node: Node, _ key: String, _ list: ListedKind, mayBeEmpty: Bool = false
    ) -> [Rule.ItemPattern]? {
        guard case .sequence(let nodes) = node else {
            return readItem(node, key, list).map { [$0] }
        }
        if nodes.isEmpty && !mayBeEmpty {
            fault(node, "\"\(key)\" is empty")
            return nil
        }
        return readAll(nodes) { $0.readItem($1, key, list) }?.distinct { $0 }
    }

    /// Items, or lists of them.
    mutating func readItemAlternatives(
        _ node: Node, _ key: String, _ list: ListedKind
    ) -> [[Rule.ItemPattern]]? {
        guard case .sequence(let nodes) = node else {
            return readItems(node, key, list).map { [$0] }
        }
        if nodes.isEmpty {
            fault(node, "\"\(key)\" is empty")
            return nil
        }
        return readAll(nodes) { $0.readItems($1, key, list) }?.distinct { Set($0) }
    }

    /// A pattern of a name, or a mapping of keys of the record to patterns, and of versions where
    /// the items have them.
    private mutating func readItem(
        _ node: Node, _ key: String, _ list: ListedKind
    ) -> Rule.ItemPattern? {
        guard case .mapping = node else {
            return readGlob(node, key).map { glob in
                let field = Rule.ItemPattern.Field(key: list.columns[0].key, glob: glob)
                return Rule.ItemPattern(fields: [field], minimumVersion: nil, olderThan: nil)
            }
        }
        let keys = list.columns.map(\.key)
        let faultsBefore = faults.count
        guard
            let members = readMembers(
                of: node, "an entry of \"\(key)\"", required: [],
                optional: keys + ["exact"]
                    + (list.hasVersions ? ["minimum-version", "older-than"] : []))
        else { return nil }
        if members["exact"] != nil && members[keys[0]] != nil {
            fault(node, "\"exact\" is the \(keys[0]); remove one of them")
            return nil
        }
        var fields: [Rule.ItemPattern.Field?] = []
        if let exact = members["exact"] {
            fields.append(
                readText(exact, "exact").map { .init(key: keys[0], glob: Glob(exactly: $0)) })
        }
        for column in list.columns {
            guard let value = members[column.key] else { continue }
            fields.append(readField(value, column).map { .init(key: column.key, glob: $0) })
        }
        if fields.isEmpty && faults.count == faultsBefore {
            fault(node, "an entry of \"\(key)\" needs \(self.list(keys, "or"))")
            return nil
        }
        let minimum = members["minimum-version"].map { readText($0, "minimum-version") }
        let olderThan = members["older-than"].map { readText($0, "older-than") }
        if fields.isEmpty || fields.contains(where: { $0 == nil }) || minimum == .some(nil)
            || olderThan == .some(nil)
        {
            return nil
        }
        if case .some(.some(let minimum)) = minimum, case .some(.some(let olderThan)) = olderThan,
            !["deb", "rpm", "apk"].contains(where: {
                PackageVersion.precedes(minimum, olderThan, type: $0)
            })
        {
            fault(node, "no version is from \(minimum) on and before \(olderThan)")
            return nil
        }
        return Rule.ItemPattern(
            fields: fields.compactMap(\.self), minimumVersion: minimum ?? nil,
            olderThan: olderThan ?? nil)
    }

    /// A pattern of a value that the column can have.
    private mutating func readField(_ node: Node, _ column: ListedKind.Column) -> Glob? {
        guard case .scalar(let scalar) = node, column.type == .boolean || column.type == .integer,
            !scalar.string.contains(where: { "*?[\\".contains($0) })
        else { return readGlob(node, column.key) }
        let text = scalar.string
        if column.type == .boolean && text != "true" && text != "false" {
            fault(node, "\"\(column.key)\" is true or false")
            return nil
        }
        if column.type == .integer && Int64(text).map(String.init) != text {
            fault(node, "\"\(column.key)\" is a number or a pattern of one")
            return nil
        }
        return readGlob(node, column.key)
    }

    /// Texts: a list, or a single one.
    mutating func readTexts(_ node: Node, _ key: String) -> [String]? {
        guard case .sequence(let nodes) = node else { return readText(node, key).map { [$0] } }
        return readAll(nodes) { $0.readText($1, key) }?.distinct { ExactText($0) }
    }

    /// The values of all nodes; nil if one has a fault. All faults are found.
    private mutating func readAll<Value>(
        _ nodes: Node.Sequence, _ read: (inout RulesReader, Node) -> Value?
    ) -> [Value]? {
        var values: [Value] = []
        for node in nodes {
            if let value = read(&self, node) { values.append(value) }
        }
        return values.count == nodes.count ? values : nil
    }

    /// A number of days, 1 or more.
    mutating func readDays(_ node: Node, _ key: String) -> Int64? {
        guard let text = readText(node, key) else { return nil }
        if let days = Int64(text), (1...99_999).contains(days) { return days }
        fault(node, "\"\(key)\" is not a number of days from 1 to 99999")
        return nil
    }

    /// The values of a mapping by key; nil if the node is not a mapping.
    mutating func readMembers(
        of node: Node, _ what: String, required: [String], optional: [String]
    ) -> [String: Node]? {
        guard case .mapping(let mapping) = node else {
            let keys = (required + optional).first.map { ", such as \"\($0): …\"" } ?? ""
            fault(node, "\(what) is not a mapping of keys to values\(keys)")
            return nil
        }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                fault(key, "a key is not a string")
                continue
            }
            if (required + optional).contains(scalar.string) {
                if members.updateValue(value, forKey: scalar.string) != nil {
                    fault(key, "duplicate key \"\(scalar.string)\"")
                }
            } else {
                let meant = suggestion(for: scalar.string, among: required + optional)
                fault(
                    key,
                    "\(what) has no key \"\(scalar.string)\""
                        + (meant.map { "; did you mean \"\($0)\"?" }
                            ?? (optional.count > 20
                                ? "; see the kinds of rules in the documentation"
                                : "; the keys are \(list(required + optional, "and"))"))
                )
            }
        }
        for key in required where members[key] == nil { fault(node, "\"\(key)\" is missing") }
        return members
    }

    mutating func readSeverity(_ node: Node) -> Severity? {
        guard let text = readText(node, "severity") else { return nil }
        if let severity = Severity(rawValue: text) { return severity }
        let names = Severity.allCases.map(\.rawValue)
        let meant = suggestion(for: text, among: names)
        fault(
            node,
            "unknown severity \"\(text)\""
                + (meant.map { "; did you mean \"\($0)\"?" } ?? "; use \(list(names, "or"))")
        )
        return nil
    }

    /// An identifier for use in other programs: no spaces, and no characters that need escaping.
    mutating func readName(_ node: Node, _ key: String) -> String? {
        guard let text = readText(node, key) else { return nil }
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        if isName { return text }
        fault(node, "\"\(key)\" has characters other than letters, digits, \"-\", \"_\" and \".\"")
        return nil
    }

    /// Patterns: a list, or a single one.
    mutating func readGlobs(
        _ node: Node, _ key: String, mayBeEmpty: Bool = false
    ) -> [Glob]? {
        guard case .sequence(let nodes) = node else { return readGlob(node, key).map { [$0] } }
        if nodes.isEmpty && !mayBeEmpty {
            fault(node, "\"\(key)\" is empty")
            return nil
        }
        return readAll(nodes) { $0.readGlob($1, key) }?.distinct { $0 }
    }

    /// Patterns, or lists of them.
    mutating func readAlternatives(_ node: Node, _ key: String) -> [[Glob]]? {
        guard case .sequence(let nodes) = node else { return readGlobs(node, key).map { [$0] } }
        if nodes.isEmpty {
            fault(node, "\"\(key)\" is empty")
            return nil
        }
        return readAll(nodes) { $0.readGlobs($1, key) }?.distinct { Set($0) }
    }

    /// A pattern, or `exact: NAME`.
    mutating func readGlob(_ node: Node, _ key: String) -> Glob? {
        if case .mapping = node {
            return readMembers(
                of: node, "an entry of \"\(key)\"", required: ["exact"], optional: [])?[
                    "exact"
                ]
                .flatMap { readText($0, "exact") }.map { Glob(exactly: $0) }
        }
        guard let text = readText(node, key) else { return nil }
        do throws(Glob.InvalidPattern) {
            return try Glob(text)
        } catch {
            fault(node, error.description)
            return nil
        }
    }

    /// The text of a scalar as written: `22.10` is not a number, and `no` is not a boolean.
    mutating func readText(_ node: Node, _ key: String) -> String? {
        guard case .scalar(let scalar) = node else {
            fault(node, "\"\(key)\" is not a string")
            return nil
        }
        if scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            || scalar.string.isEmpty
        {
            fault(node, "\"\(key)\" is empty")
            return nil
        }
        return scalar.string
    }
}

extension Array {
    /// The elements whose keys differ from those of all before them.
    func distinct<Key: Hashable>(_ key: (Element) -> Key) -> [Element] {
        var seen: Set<Key> = []
        return filter { seen.insert(key($0)).inserted }
    }
}
