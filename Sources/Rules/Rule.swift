package import Text

/// How bad it is that a rule is broken.
package enum Severity: String, Sendable, CaseIterable, Comparable {
    case info, low, medium, high, critical

    package static func < (a: Severity, b: Severity) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}

/// Something that must or must not be on a host.
package struct Rule: Sendable, Equatable {
    /// Its name in findings, which no other rule of the file has.
    package let id: String
    /// How bad it is to break the rule.
    package let severity: Severity
    /// What the rule says, for a person.
    package let sentence: String
    /// The hosts that it is for, by hostname, host id or address; nil for all of them.
    package let hosts: [Glob]?
    /// What the rule asks for.
    package let requirement: Requirement

    /// What a rule asks of a host.
    package enum Requirement: Sendable, Equatable {
        /// No process has a name like one of these.
        case forbiddenProcesses([Glob])
        /// For each of these there is a process with a name like one of its patterns.
        case requiredProcesses([[Glob]])
        /// Processes with a name like one of these belong to nobody else.
        case processOwners(processes: [Glob], owners: [Glob])
        /// Nobody else is logged in.
        case allowedUsers([Glob])
        /// The host runs none but these. The first whose name matches decides.
        case allowedSystems([System])
    }

    /// Operating systems of a name, from a version on.
    package struct System: Sendable, Equatable {
        package let name: Glob
        /// nil for any version.
        package let minimumVersion: String?
    }
}

extension [Glob] {
    func matchAny(_ text: String) -> Bool {
        let scalars = [Unicode.Scalar](text.unicodeScalars)
        return contains { $0.matches(scalars) }
    }
}
