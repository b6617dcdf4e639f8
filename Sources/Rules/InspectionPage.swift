package import Output

extension Inspection {
    /// The findings as a page shows them. Those of rules that apply to no host come last.
    package var pageFindings: [PageFinding] {
        func finding(
            _ index: Int, _ host: ObservedHost?, _ finding: Finding
        ) -> PageFinding {
            let rule = rules[index]
            let controls =
                rule.controls.isEmpty ? "" : " (\(rule.controls.joined(separator: ", ")))"
            return PageFinding(
                finding.verdict == .violated ? rule.severity : nil, rule.id,
                meaning: rule.sentence + controls, serverID: host?.serverID,
                host: host.map { $0.hostname ?? $0.hostID }, ip: host?.ip, seen: host?.date,
                what: finding.what,
                source: host.map { PageFinding.Source.execution($0.executionID) } ?? .file(nil))
        }
        return results.map { finding($0.rule, hosts[$0.host].facts, $0.finding) }
            + unmatchedRules.map { finding($0, nil, unmatchedFinding) }
    }
}
