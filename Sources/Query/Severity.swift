/// The severity of a finding: of a violation of a rule, or of a finding about the hosts.
package enum Severity: String, Sendable, CaseIterable, Comparable {
    case info, low, medium, high, critical

    /// Orders severities from `info` to `critical`.
    package static func < (a: Severity, b: Severity) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}
