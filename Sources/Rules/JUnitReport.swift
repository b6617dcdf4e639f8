import Output
package import Query
import Text

extension InspectionFormat {
    /// JUnit's XML, for continuous integration.
    package static let junit = InspectionFormat(
        name: "junit", kind: .text("JUnit report", beginnings: [JUnitSuite.beginning])
    ) { inspection, context in
        inspection.junit(failingOn: context.failingSeverity)
    }
}

extension Inspection {
    /// JUnit XML with one suite per rule, and one case per host that the rule applies to.
    ///
    /// A violation of `severity` or higher is a failure, as for the exit code; a lower one is in
    /// the case's output. A case that could not be checked is skipped. A rule that applies to no
    /// host has one skipped case.
    package func junit(failingOn severity: Severity) -> [UInt8] {
        var resultsByRule: [[Int: [Finding]]] = Array(repeating: [:], count: rules.count)
        for result in results {
            resultsByRule[result.rule][result.host, default: []].append(result.finding)
        }
        var hostsByRule: [[Int]] = Array(repeating: [], count: rules.count)
        for (index, host) in hosts.enumerated() {
            for rule in host.rules { hostsByRule[rule].append(index) }
        }
        let suites = rules.indices.map { index in
            var cases = hostsByRule[index].map { host in
                JUnitCase(
                    name: caseName(hosts[host].facts),
                    findings: resultsByRule[index][host] ?? [])
            }
            if cases.isEmpty {
                cases.append(JUnitCase(name: "no host", findings: [unmatchedFinding]))
            }
            return JUnitSuite(
                rule: rules[index], fails: rules[index].severity >= severity, cases: cases)
        }
        var output = Array(JUnitSuite.beginning.utf8)
        // Strict parsers reject `skipped` here.
        let tests = suites.reduce(0) { $0 + $1.cases.count }
        let failures = suites.reduce(0) { $0 + $1.failures }
        output += " tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\"".utf8
        output += ">\n".utf8
        for suite in suites { suite.write(to: &output) }
        output += "</testsuites>\n".utf8
        return output
    }

    /// `web-01 (server 3, execution 17)`: unique for each host.
    private func caseName(_ host: ObservedHost) -> String {
        let name = host.hostname ?? host.ip ?? host.hostID
        return "\(name) (server \(host.serverID), execution \(host.executionID))"
    }
}

private struct JUnitCase {
    let name: String
    let findings: [Finding]

    func texts(_ verdict: Finding.Verdict) -> [String] {
        findings.filter { $0.verdict == verdict }.map { visible($0.what) }
    }
}

private struct JUnitSuite {
    /// The beginning of a report.
    static let beginning = """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="census check"
        """

    let rule: Rule
    /// Whether a violation counts as a failure.
    let fails: Bool
    let cases: [JUnitCase]

    var failures: Int { fails ? cases.count { !$0.texts(.violated).isEmpty } : 0 }
    var skipped: Int {
        cases.count { $0.texts(.violated).isEmpty && !$0.texts(.notChecked).isEmpty }
    }

    func write(to output: inout [UInt8]) {
        output +=
            "  <testsuite name=\"\(xml(rule.id))\" tests=\"\(cases.count)\"".utf8
        output += " failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\">\n".utf8
        output += "    <properties>\n".utf8
        let properties =
            [("severity", rule.severity.rawValue), ("sentence", rule.sentence)]
            + rule.controls.map { ("control", $0) }
        for (name, value) in properties {
            output += "      <property name=\"\(name)\" value=\"\(xml(value))\"/>\n".utf8
        }
        output += "    </properties>\n".utf8
        for one in cases { write(one, to: &output) }
        output += "  </testsuite>\n".utf8
    }

    private func write(_ one: JUnitCase, to output: inout [UInt8]) {
        let start = "    <testcase classname=\"\(xml(rule.id))\" name=\"\(xml(one.name))\""
        let violated = one.texts(.violated)
        let notChecked = one.texts(.notChecked)
        if one.findings.isEmpty {
            output += "\(start)/>\n".utf8
            return
        }
        output += "\(start)>\n".utf8
        let more = notChecked.map { "not checked: \($0)" }
        if violated.isEmpty {
            let message = notChecked.joined(separator: "; ")
            output += "      <skipped message=\"\(xml(message))\"/>\n".utf8
        } else if fails {
            output += "      <failure message=\"\(xml(rule.sentence))\"".utf8
            output += " type=\"\(rule.severity.rawValue)\">".utf8
            output += "\(xml((violated + more).joined(separator: "\n")))</failure>\n".utf8
        } else {
            let text = ([rule.sentence] + violated + more).joined(separator: "\n")
            output += "      <system-out>\(xml(text))</system-out>\n".utf8
        }
        output += "    </testcase>\n".utf8
    }
}

/// Escapes the text of an element or attribute. Line feeds are kept.
private func xml(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { line in
            var escaped: [UInt8] = []
            appendEscaped(String(line).carriedBytes, apostrophes: false, to: &escaped)
            return String(decoding: escaped, as: UTF8.self)
        }.joined(separator: "\n")
}
