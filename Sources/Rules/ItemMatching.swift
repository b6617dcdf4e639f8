import Query
import Records

/// Whether an item is one of those of a pattern.
enum ItemMatch: Equatable {
    case matches, differs
    /// It depends on the value of this key, which is unknown.
    case isUnknown(String)
}

extension Rule.ItemRequirement {
    /// The keys that the patterns name.
    var keys: Set<String> {
        switch self {
        case .forbidden(let patterns), .allowed(let patterns):
            Set(patterns.flatMap { $0.fields.map(\.key) })
        case .required(let alternatives):
            Set(alternatives.flatMap { $0.flatMap { $0.fields.map(\.key) } })
        }
    }
}

extension [Rule.ItemPattern] {
    /// Whether an item matches any of the patterns.
    func match(_ item: ListedItem, _ kind: ListedKind) -> ItemMatch {
        var match = ItemMatch.differs
        for pattern in self {
            switch pattern.match(item, kind) {
            case .matches: return .matches
            case .differs: continue
            case .isUnknown(let key): match = .isUnknown(key)
            }
        }
        return match
    }
}

extension Rule.ItemPattern {
    /// A value that differs decides, whatever is unknown.
    fileprivate func match(_ item: ListedItem, _ kind: ListedKind) -> ItemMatch {
        var unknown: String?
        for field in fields {
            switch field.matches(item, kind) {
            case true?: continue
            case false?: return .differs
            case nil: unknown = unknown ?? field.key
            }
        }
        switch matchesVersion(of: item, kind) {
        case true?: break
        case false?: return .differs
        case nil: unknown = unknown ?? "version"
        }
        return unknown.map { .isUnknown($0) } ?? .matches
    }

    /// Whether the version is one of those; nil if it is unknown.
    private func matchesVersion(of item: ListedItem, _ kind: ListedKind) -> Bool? {
        if minimumVersion == nil && olderThan == nil { return true }
        guard let version = kind.value("version", of: item) else { return nil }
        let type = kind.value("type", of: item) ?? ""
        func precedes(_ a: String, _ b: String) -> Bool {
            PackageVersion.precedes(a, b, type: type)
        }
        if let minimumVersion, precedes(version, minimumVersion) { return false }
        if let olderThan, !precedes(version, olderThan) { return false }
        return true
    }

    /// The pattern of the name; nil if any name matches.
    func name(in kind: ListedKind) -> Field? {
        fields.first.flatMap { $0.key == kind.columns[0].key ? $0 : nil }
    }

    /// `openssl from 3.0.15 on`, `22 with process sshd`, `one with uid 0`.
    func description(in kind: ListedKind) -> String {
        let name = name(in: kind)
        var text = name?.glob.pattern ?? "one"
        for field in name == nil ? fields[...] : fields.dropFirst() {
            text += " with \(field.key) \(field.glob.pattern)"
        }
        if let minimumVersion { text += " from \(minimumVersion) on" }
        if let olderThan { text += " before \(olderThan)" }
        return text
    }
}

extension Rule.ItemPattern.Field {
    /// Whether the item's value matches; nil if it is unknown. Of a list any element may match.
    func matches(_ item: ListedItem, _ kind: ListedKind) -> Bool? {
        guard let index = kind.columns.firstIndex(where: { $0.key == key }) else { return nil }
        let column = kind.columns[index]
        guard let value = item.values[index]?.text else {
            return column.isNoneIfAbsent ? glob.matches("") : nil
        }
        switch column.type {
        case .boolean: return glob.matches(value == "0" ? "false" : "true")
        case .texts:
            return value.split(separator: ", ").contains { glob.matches(String($0)) }
        default: return glob.matches(value)
        }
    }
}

extension ListedKind {
    /// Whether its items have versions.
    var hasVersions: Bool { columns.contains { $0.key == "version" } }

    /// The value of a key; nil if it is unknown.
    func value(_ key: String, of item: ListedItem) -> String? {
        columns.firstIndex { $0.key == key }.flatMap { item.values[$0]?.text }
    }

    /// The values that identify an item, its name first, and its version: `bash deb 5.2.15 amd64`,
    /// with the values of other keys behind them: `guest (is_enabled true)`.
    func description(of item: ListedItem, with keys: Set<String> = []) -> String {
        let isShown = { (column: Column) in column.isIdentity || column.key == "version" }
        let text = columns.indices.filter { isShown(columns[$0]) }
            .compactMap { item.values[$0]?.text }.joined(separator: " ")
        let details = columns.indices.compactMap { index -> String? in
            let column = columns[index]
            guard keys.contains(column.key), !isShown(column), let value = item.values[index]?.text
            else { return nil }
            let isBoolean = column.type == .boolean
            return "\(column.key) \(isBoolean ? value == "0" ? "false" : "true" : value)"
        }
        return details.isEmpty ? text : "\(text) (\(details.joined(separator: ", ")))"
    }
}
