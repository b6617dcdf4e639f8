package import Output

extension Inspection {
    /// The findings as a section of a host's page.
    /// - Parameter rules: the path of the rules file, as the user gave it.
    package func section(of rules: String) -> HostSheet.Section {
        let violated = results.filter { $0.finding.verdict == .violated }
        let unchecked = results.count - violated.count
        let applied = Set(hosts.flatMap(\.rules)).count
        return HostSheet.Section(
            "Rules of \(rules): \(applied) for this host, \(violated.count) violated, "
                + "\(unchecked) not checked",
            ["Verdict", "Severity", "Rule", "What"],
            (violated + results.filter { $0.finding.verdict != .violated }).map { result in
                let rule = self.rules[result.rule]
                return [
                    result.finding.verdict.rawValue, rule.severity.rawValue, rule.id,
                    result.finding.what,
                ]
            })
    }
}
