package import Files
import Records
import Text
import Yams

/// A rules file.
package struct RulesFile: Sendable, Equatable {
    /// The rules in the order of the file; their ids are unique.
    package let rules: [Rule]

    /// The maximum size of a file in bytes.
    static let maxBytes = 1 << 20

    /// An error in a rules file.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        /// The path as given by the user.
        package let path: String
        /// The position; nil if the error has none.
        package let position: Position?
        /// The message, without the place.
        package let reason: String

        /// A position in a file.
        package struct Position: Hashable, Comparable, Sendable {
            /// The line, counted from 1.
            package let line: Int
            /// The column, counted from 1 in Unicode scalars.
            package let column: Int

            /// Orders positions by line, then column.
            package static func < (a: Position, b: Position) -> Bool {
                (a.line, a.column) < (b.line, b.column)
            }
        }

        /// `rules.yaml:3:5: "id" is missing`.
        package var description: String {
            let place = position.map { ":\($0.line):\($0.column)" } ?? ""
            return "\(path)\(place): \(reason)"
        }
    }

    /// The errors in a file.
    package struct Refusal: Error, Equatable {
        /// All errors, in the order of the file.
        package let faults: [Fault]
    }

    /// Reads a file.
    /// - Throws: `FileError` if the file cannot be read, `Refusal` if it has errors.
    package init(_ file: borrowing OpenFile) throws {
        try self.init(file.beginning(count: Self.maxBytes + 1), path: file.path.text)
    }

    /// - Parameter path: for messages.
    package init(_ bytes: [UInt8], path: String) throws(Refusal) {
        func refused(_ reason: String) -> Refusal {
            Refusal(faults: [Fault(path: path, position: nil, reason: reason)])
        }
        if bytes.count > Self.maxBytes { throw refused("the file exceeds 1 MiB") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refused("the file is not UTF-8")
        }
        var reader = RulesReader(path: path)
        let rules = reader.rules(in: text)
        if !reader.faults.isEmpty {
            throw Refusal(
                faults: reader.faults.sorted {
                    ($0.position ?? .init(line: 0, column: 0), $0.reason)
                        < ($1.position ?? .init(line: 0, column: 0), $1.reason)
                })
        }
        self.rules = rules
    }
}

/// Reads the nodes of a file and collects the errors.
struct RulesReader {
    let path: String
    private(set) var faults: [RulesFile.Fault] = []

    init(path: String) { self.path = path }

    mutating func rules(in text: String) -> [Rule] {
        if let anchor = YAMLAnchor.first(in: text) {
            fault(
                at: anchor,
                #"anchors and aliases are not supported; write "\x26" for "&" before a letter"#)
            return []
        }
        guard let root = readRoot(of: text) else { return [] }
        guard let top = readMembers(of: root, "the file", required: ["rules"], optional: []),
            let list = top["rules"]
        else { return [] }
        guard case .sequence(let nodes) = list else {
            fault(list, "\"rules\" is not a list")
            return []
        }
        if nodes.isEmpty { fault(list, "there are no rules") }
        var rules: [Rule] = []
        var lines: [String: Int] = [:]
        for node in nodes {
            guard let (rule, id) = readRule(node) else { continue }
            if let line = lines[rule.id] {
                fault(id, "duplicate rule id \"\(rule.id)\"; it is already used in line \(line)")
            }
            lines[rule.id] = id.mark?.line
            rules.append(rule)
        }
        return rules
    }

    private mutating func readRoot(of text: String) -> Node? {
        do {
            if let root = try Yams.compose(yaml: text, .basic, .default, .utf8) { return root }
            fault(at: nil, "the file is empty")
        } catch let error as YamlError {
            fault(error, text)
        } catch {
            fault(at: nil, "\(error)")
        }
        return nil
    }

    // MARK: Rules

    private static let requirements =
        ["forbidden-processes", "required-processes", "process-owners"]
        + ListedKind.all.flatMap { kind in
            ["forbidden", "required", "allowed"].map { "\($0)-\(kind.nameInRules)" }
        } + [privilegedAccounts, "password-max-age", "allowed-systems"]

    /// The usual words for `allowed-privileges`.
    private static let privilegedAccounts = "privileged-accounts"

    private mutating func readRule(_ node: Node) -> (Rule, id: Node)? {
        let faultsBefore = faults.count
        guard
            let members = readMembers(
                of: node, "a rule", required: ["id", "severity", "sentence"],
                optional: ["hosts", "controls"] + Self.requirements)
        else { return nil }
        let id = members["id"].flatMap { readName($0, "id") }
        let severity = members["severity"].flatMap { readSeverity($0) }
        let sentence = members["sentence"].flatMap { readText($0, "sentence") }
        let hosts = members["hosts"].map { readGlobs($0, "hosts") }
        let controls = members["controls"].map { readTexts($0, "controls") }
        let kinds = Self.requirements.filter { members[$0] != nil }
        guard let kind = kinds.first, let value = members[kind] else {
            if faults.count > faultsBefore { return nil }  // the key for it may be mistyped
            fault(
                node,
                "the rule has no requirement, such as \"forbidden-processes\" or \"allowed-users\"")
            return nil
        }
        if kinds.count > 1 {
            fault(
                node,
                "the rule has \(list(kinds, "and")); split it into one rule for each")
            return nil
        }
        let requirement = readRequirement(kind, value)
        guard let id, let severity, let sentence, let requirement else { return nil }
        if hosts == .some(nil) || controls == .some(nil) { return nil }
        return (
            Rule(
                id: id, severity: severity, sentence: sentence,
                controls: (controls ?? nil) ?? [], hosts: hosts ?? nil,
                requirement: requirement), members["id"]!
        )
    }

    private mutating func readRequirement(_ kind: String, _ node: Node) -> Rule.Requirement? {
        switch kind {
        case "forbidden-processes": return readGlobs(node, kind).map { .forbiddenProcesses($0) }
        case "required-processes":
            return readAlternatives(node, kind).map { .requiredProcesses($0) }
        case "process-owners":
            guard
                let members = readMembers(
                    of: node, "\"\(kind)\"", required: ["processes", "owners"], optional: [])
            else { return nil }
            let processes = members["processes"].flatMap { readGlobs($0, "processes") }
            let owners = members["owners"].flatMap { readGlobs($0, "owners") }
            guard let processes, let owners else { return nil }
            return .processOwners(processes: processes, owners: owners)
        case Self.privilegedAccounts:
            return readItems(node, kind, .privileges, mayBeEmpty: true)
                .map { .items(.privileges, .allowed($0)) }
        case "password-max-age": return readDays(node, kind).map { .passwordMaxAge(days: $0) }
        case "allowed-systems": return readSystems(node, kind).map { .allowedSystems($0) }
        default: return readListRequirement(kind, node)
        }
    }

    private mutating func readListRequirement(_ key: String, _ node: Node) -> Rule.Requirement? {
        for list in ListedKind.all {
            switch key {
            case "forbidden-\(list.nameInRules)":
                return readItems(node, key, list).map { .items(list, .forbidden($0)) }
            case "required-\(list.nameInRules)":
                return readItemAlternatives(node, key, list).map { .items(list, .required($0)) }
            case "allowed-\(list.nameInRules)":
                return readItems(node, key, list, mayBeEmpty: true)
                    .map { .items(list, .allowed($0)) }
            default: continue
            }
        }
        return nil
    }

    private mutating func readSystems(_ node: Node, _ key: String) -> [Rule.System]? {
        guard case .sequence(let nodes) = node else {
            fault(node, "\"\(key)\" is not a list")
            return nil
        }
        if nodes.isEmpty { fault(node, "\"\(key)\" is empty") }
        let systems = nodes.compactMap { node -> Rule.System? in
            if case .scalar = node {
                return readGlob(node, key).map { Rule.System(name: $0, minimumVersion: nil) }
            }
            guard
                let members = readMembers(
                    of: node, "a system", required: ["name"], optional: ["minimum-version"])
            else { return nil }
            let version = members["minimum-version"].flatMap { readText($0, "minimum-version") }
            return members["name"].flatMap { readGlob($0, "name") }
                .map { Rule.System(name: $0, minimumVersion: version) }
        }
        return systems.distinct { $0 }
    }

    // MARK: Faults

    mutating func fault(_ node: Node, _ reason: String) {
        fault(at: node.mark.map { .init(line: $0.line, column: $0.column) }, reason)
    }

    mutating func fault(at position: RulesFile.Fault.Position?, _ reason: String) {
        faults.append(RulesFile.Fault(path: path, position: position, reason: reason))
    }

    mutating func fault(_ error: YamlError, _ text: String) {
        func position(_ mark: Mark) -> RulesFile.Fault.Position {
            .init(line: mark.line, column: mark.column)
        }
        switch error {
        case .composer(.some, _, let mark, _):
            fault(at: position(mark), "the file contains more than one YAML document")
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let during = context.map { " (\($0.text))" } ?? ""
            fault(at: position(mark), "invalid YAML: \(problem)\(during)")
        case .duplicatedKeysInMapping(let keys, let context):
            fault(
                at: position(context.mark),
                "duplicate key\(keys.count == 1 ? "" : "s") \(list(keys, "and"))")
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            let line = before.split(separator: "\n", omittingEmptySubsequences: false)
            fault(
                at: .init(line: line.count, column: line.last!.unicodeScalars.count + 1),
                "invalid YAML: \(problem)")
        default: fault(at: nil, "invalid YAML")
        }
    }

    func list(_ words: [String], _ conjunction: String) -> String {
        let quoted = words.map { "\"\($0)\"" }
        if quoted.count < 2 { return quoted.joined() }
        return "\(quoted.dropLast().joined(separator: ", ")) \(conjunction) \(quoted.last!)"
    }
}
