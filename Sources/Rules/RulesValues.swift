import Records
import Text
import Yams

// The values of rules.
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
        let items = nodes.compactMap { readItem($0, key, list) }
        return items.count == nodes.count ? items : nil
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
        let alternatives = nodes.compactMap { readItems($0, key, list) }
        return alternatives.count == nodes.count ? alternatives : nil
    }

    /// A pattern of a name, or, of items that have versions, a mapping with a name and versions.
    private mutating func readItem(
        _ node: Node, _ key: String, _ list: ListedKind
    ) -> Rule.ItemPattern? {
        guard case .mapping(let mapping) = node, list.hasVersions,
            !mapping.contains(where: { $0.key.string == "exact" })
        else {
            return readGlob(node, key).map {
                Rule.ItemPattern(name: $0, minimumVersion: nil, olderThan: nil)
            }
        }
        guard
            let members = readMembers(
                of: node, "an entry of \"\(key)\"", required: ["name"],
                optional: ["minimum-version", "older-than"])
        else { return nil }
        let name = members["name"].flatMap { readGlob($0, "name") }
        let minimum = members["minimum-version"].map { readText($0, "minimum-version") }
        let olderThan = members["older-than"].map { readText($0, "older-than") }
        guard let name, minimum != .some(nil), olderThan != .some(nil) else { return nil }
        if case .some(.some(let minimum)) = minimum, case .some(.some(let olderThan)) = olderThan,
            !["deb", "rpm", "apk"].contains(where: {
                PackageVersion.precedes(minimum, olderThan, type: $0)
            })
        {
            fault(node, "no version is from \(minimum) on and before \(olderThan)")
            return nil
        }
        return Rule.ItemPattern(
            name: name, minimumVersion: minimum ?? nil, olderThan: olderThan ?? nil)
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
                            ?? "; the keys are \(list(required + optional, "and"))"))
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
        let globs = nodes.compactMap { readGlob($0, key) }
        return globs.count == nodes.count ? globs : nil
    }

    /// Patterns, or lists of them.
    mutating func readAlternatives(_ node: Node, _ key: String) -> [[Glob]]? {
        guard case .sequence(let nodes) = node else { return readGlobs(node, key).map { [$0] } }
        if nodes.isEmpty {
            fault(node, "\"\(key)\" is empty")
            return nil
        }
        let alternatives = nodes.compactMap { readGlobs($0, key) }
        return alternatives.count == nodes.count ? alternatives : nil
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
