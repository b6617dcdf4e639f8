import Output
import Query

extension InspectionFormat {
    /// SARIF 2.1.0 (OASIS), for tools that show the findings of several programs.
    package static let sarif = InspectionFormat(
        name: "sarif", kind: .text("SARIF log", beginnings: [sarifBeginning])
    ) { inspection, context in
        inspection.sarif(version: context.version)
    }

    /// The beginning of a log of census.
    private static let sarifBeginning = """
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "census",
        """
}

extension Inspection {
    /// A SARIF 2.1.0 (OASIS) log with one result per row.
    ///
    /// A rule that could not be checked has a result of kind `open`. A host is a logical location,
    /// as there is no source file. A rule that applies to no host has a result without a location.
    /// - Parameter version: the version of census.
    package func sarif(version: String) -> [UInt8] {
        var json = JSONWriter(indentation: 2)
        json.value(.object) { json in
            json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            json.member("version", "2.1.0")
            json.member("runs", .array) { json in
                json.value(.object) { writeRun(version, to: &$0) }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func writeRun(_ version: String, to json: inout JSONWriter) {
        json.member("tool", .object) { json in
            json.member("driver", .object) { json in
                json.member("name", "census")
                json.member("version", version)
                json.member("rules", .array) { json in
                    for rule in rules { json.value(.object) { rule.write(to: &$0) } }
                }
            }
        }
        json.member("columnKind", "unicodeCodePoints")
        json.member("results", .array) { json in
            for result in results {
                write(result.rule, hosts[result.host].facts, result.finding, to: &json)
            }
            for rule in unmatchedRules { write(rule, nil, unmatchedFinding, to: &json) }
        }
    }

    private func write(
        _ index: Int, _ host: ObservedHost?, _ finding: Finding, to json: inout JSONWriter
    ) {
        let rule = rules[index]
        let isViolated = finding.verdict == .violated
        let name = host.map { $0.hostname ?? $0.ip ?? $0.hostID }
        json.value(.object) { json in
            json.member("ruleId", rule.id)
            json.member("ruleIndex", Int64(index))
            json.member("kind", isViolated ? "fail" : "open")
            json.member("level", isViolated ? rule.severity.sarifLevel : "none")
            json.member("message", .object) { json in
                json.member("text", plain(name.map { "\($0): \(finding.what)" } ?? finding.what))
            }
            json.member("locations", .array) { json in
                guard let host else { return }
                json.value(.object) { json in
                    json.member("logicalLocations", .array) { json in
                        json.value(.object) { json in
                            json.member("name", name)
                            json.member("fullyQualifiedName", host.hostID)
                            json.member("kind", "resource")
                        }
                    }
                }
            }
            json.member("properties", .object) { json in
                json.member("severity", rule.severity.rawValue)
                json.member("serverID", host?.serverID)
                json.member("hostname", host?.hostname)
                json.member("ip", host?.ip)
                json.member("execDate", host?.date)
                json.member("executionID", host?.executionID)
                json.member("what", finding.what)
            }
        }
    }
}

extension Rule {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("shortDescription", .object) { $0.member("text", plain(sentence)) }
        json.member("defaultConfiguration", .object) { $0.member("level", severity.sarifLevel) }
        json.member("properties", .object) { json in
            json.member("severity", severity.rawValue)
            if controls.isEmpty { return }
            json.member("tags", .array) { json in
                for control in controls { json.text(control.utf8) }
            }
        }
    }
}

/// A message with placeholders and links escaped (SARIF 2.1.0, 3.11.5 and 3.11.6).
private func plain(_ text: String) -> String {
    var message = ""
    let mayHaveLinks = text.contains("](")
    for scalar in text.unicodeScalars {
        switch scalar {
        case "{", "}": message.unicodeScalars.append(scalar)
        case "[" where mayHaveLinks, "]" where mayHaveLinks: message += "\\"
        default: break
        }
        message.unicodeScalars.append(scalar)
    }
    return message
}

extension Severity {
    fileprivate var sarifLevel: String {
        switch self {
        case .info, .low: "note"
        case .medium: "warning"
        case .high, .critical: "error"
        }
    }
}
