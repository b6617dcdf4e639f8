package import Records
package import Text

/// The severity of a violation.
package enum Severity: String, Sendable, CaseIterable, Comparable {
    case info, low, medium, high, critical

    /// Orders severities from `info` to `critical`.
    package static func < (a: Severity, b: Severity) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}

/// A rule about the state of a host.
package struct Rule: Sendable, Equatable {
    /// Its name in findings, unique in the file.
    package let id: String
    /// The severity of a violation.
    package let severity: Severity
    /// The rule in words.
    package let sentence: String
    /// The hosts that it applies to, by hostname, host id or address; nil for all hosts.
    package let hosts: [Glob]?
    /// The requirement of the rule.
    package let requirement: Requirement

    /// A requirement on a host.
    package enum Requirement: Sendable, Equatable {
        /// No process name matches any of these patterns.
        case forbiddenProcesses([Glob])
        /// For each element, some process name matches one of its patterns.
        case requiredProcesses([[Glob]])
        /// Processes whose names match are owned only by these users.
        case processOwners(processes: [Glob], owners: [Glob])
        /// The items of a list, such as the logged-in users, are as required.
        case items(ListedKind, ItemRequirement)
        /// The operating system is one of these. The first whose name matches decides.
        case allowedSystems([System])
    }

    /// A requirement on the items of a list.
    package enum ItemRequirement: Sendable, Equatable {
        /// No item matches any of these patterns.
        case forbidden([ItemPattern])
        /// For each element, some item matches one of its patterns.
        case required([[ItemPattern]])
        /// All items match one of these patterns.
        case allowed([ItemPattern])
    }

    /// Items with a name, of some versions.
    package struct ItemPattern: Sendable, Equatable {
        /// The pattern of the name.
        package let name: Glob
        /// The oldest version that matches; nil for any.
        package let minimumVersion: String?
        /// The version from which on none matches; nil for any.
        package let olderThan: String?
    }

    /// Operating systems with a name, of a minimum version.
    package struct System: Sendable, Equatable {
        /// The pattern of its name.
        package let name: Glob
        /// The minimum version; nil for any version.
        package let minimumVersion: String?
    }
}

extension [Glob] {
    func matchAny(_ text: String) -> Bool {
        let scalars = [Unicode.Scalar](text.unicodeScalars)
        return contains { $0.matches(scalars) }
    }
}
