package import Query
package import Records
package import Text

/// A rule about the state of a host.
package struct Rule: Sendable, Equatable {
    /// Its name in findings, unique in the file.
    package let id: String
    /// The severity of a violation.
    package let severity: Severity
    /// The rule in words.
    package let sentence: String
    /// What the rule implements in catalogues of controls: `CIS 5.2.10`, `NIST 800-53 AC-6`.
    package var controls: [String] = []
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
        /// The password of each account that one can log in to is at most so many days old, and
        /// must be changed by then.
        case passwordMaxAge(days: Int64)
        /// The operating system is one of these. The first whose name matches decides.
        case allowedSystems([System])
    }

    /// The key of the requirement in a rules file: `forbidden-processes`.
    package var key: String {
        switch requirement {
        case .forbiddenProcesses: "forbidden-processes"
        case .requiredProcesses: "required-processes"
        case .processOwners: "process-owners"
        case .items(let kind, let requirement): "\(requirement.word)-\(kind.nameInRules)"
        case .passwordMaxAge: "password-max-age"
        case .allowedSystems: "allowed-systems"
        }
    }

    /// A requirement on the items of a list.
    package enum ItemRequirement: Sendable, Equatable {
        /// No item matches any of these patterns.
        case forbidden([ItemPattern])
        /// For each element, some item matches one of its patterns.
        case required([[ItemPattern]])
        /// All items match one of these patterns.
        case allowed([ItemPattern])

        fileprivate var word: String {
            switch self {
            case .forbidden: "forbidden"
            case .required: "required"
            case .allowed: "allowed"
            }
        }
    }

    /// Items whose values match.
    package struct ItemPattern: Sendable, Hashable {
        /// A pattern of a value, with the key that the value has in a snapshot.
        package struct Field: Sendable, Hashable {
            /// The key: `name`, `uid`.
            package let key: String
            /// The pattern; of a boolean it matches `true` or `false`.
            package let glob: Glob
        }

        /// The patterns, all of which must match; that of the name, if there is one, is the first.
        package let fields: [Field]
        /// The oldest version that matches; nil for any.
        package let minimumVersion: String?
        /// The version from which on none matches; nil for any.
        package let olderThan: String?
    }

    /// Operating systems with a name, of a minimum version.
    package struct System: Sendable, Hashable {
        /// The pattern of its name.
        package let name: Glob
        /// The minimum version; nil for any version.
        package let minimumVersion: String?
    }
}

extension [Glob] {
    func matchAny(_ text: String) -> Bool {
        let scalars = text.patternScalars
        return contains { $0.matches(scalars) }
    }
}
