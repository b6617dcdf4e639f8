import Text

extension Inspection {
    /// A log of SARIF 2.1.0 (OASIS) with a result for each row.
    ///
    /// What could not be checked is of the kind `open`. A host is a logical location: there is no
    /// file that a line could be shown of. A rule that is for no host has a result without one.
    /// - Parameter version: of census.
    package func sarif(version: String) -> [UInt8] {
        let log = JSON.object([
            ("$schema", "https://json.schemastore.org/sarif-2.1.0.json"),
            ("version", "2.1.0"),
            (
                "runs",
                .array([
                    .object([
                        (
                            "tool",
                            .object([
                                (
                                    "driver",
                                    .object([
                                        ("name", "census"), ("version", .text(version)),
                                        ("rules", .array(rules.map(\.sarif))),
                                    ])
                                )
                            ])
                        ),
                        ("columnKind", "unicodeCodePoints"),
                        (
                            "results",
                            .array(
                                results.map { sarif($0.rule, hosts[$0.host].facts, $0.finding) }
                                    + unused.map { sarif($0, nil, unusedFinding) })
                        ),
                    ])
                ])
            ),
        ])
        var output: [UInt8] = []
        log.write(to: &output, indentation: 0)
        output.append(UInt8(ascii: "\n"))
        return output
    }

    private func sarif(_ index: Int, _ host: Observation.Host?, _ finding: Finding) -> JSON {
        let rule = rules[index]
        let isViolated = finding.verdict == .violated
        let name = host.map { $0.hostname ?? $0.ip ?? $0.hostID }
        let message = plain(name.map { "\($0): \(finding.what)" } ?? finding.what)
        let location = host.map { host in
            JSON.object([
                ("name", .text(name!)), ("fullyQualifiedName", .text(host.hostID)),
                ("kind", "resource"),
            ])
        }
        return .object([
            ("ruleId", .text(rule.id)), ("ruleIndex", .integer(Int64(index))),
            ("kind", .text(isViolated ? "fail" : "open")),
            ("level", .text(isViolated ? rule.severity.sarifLevel : "none")),
            ("message", .object([("text", .text(message))])),
            (
                "locations",
                .array(
                    location.map { [.object([("logicalLocations", .array([$0]))])] } ?? [])
            ),
            (
                "properties",
                .object([
                    ("severity", .text(rule.severity.rawValue)),
                    ("serverID", host.map { .integer($0.serverID) } ?? .null),
                    ("hostname", host?.hostname.map { .text($0) } ?? .null),
                    ("ip", host?.ip.map { .text($0) } ?? .null),
                    ("execDate", host.map { .text($0.date) } ?? .null),
                    ("executionID", host.map { .integer($0.executionID) } ?? .null),
                    ("what", .text(finding.what)),
                ])
            ),
        ])
    }
}

extension Rule {
    fileprivate var sarif: JSON {
        .object([
            ("id", .text(id)), ("shortDescription", .object([("text", .text(plain(sentence)))])),
            (
                "defaultConfiguration", .object([("level", .text(severity.sarifLevel))])
            ),
            ("properties", .object([("severity", .text(severity.rawValue))])),
        ])
    }
}

/// A message in which nothing is a placeholder or a link (3.11.5 and 3.11.6 of the standard).
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

/// A JSON value whose members keep their order.
private indirect enum JSON: ExpressibleByStringLiteral {
    case null
    case integer(Int64)
    case text(String)
    case array([JSON])
    case object([(key: String, value: JSON)])

    init(stringLiteral text: String) { self = .text(text) }

    func write(to output: inout [UInt8], indentation: Int) {
        switch self {
        case .null: output += "null".utf8
        case .integer(let integer): output += String(integer).utf8
        case .text(let text): appendJSON(text.utf8, to: &output)
        case .array(let elements):
            write("[", elements.map { (nil, $0) }, "]", to: &output, indentation)
        case .object(let members):
            write("{", members.map { ($0.key, $0.value) }, "}", to: &output, indentation)
        }
    }

    private func write(
        _ opening: String, _ members: [(key: String?, value: JSON)], _ closing: String,
        to output: inout [UInt8], _ indentation: Int
    ) {
        func newLine(_ indentation: Int) {
            output += "\n".utf8
            output += repeatElement(UInt8(ascii: " "), count: indentation)
        }
        output += opening.utf8
        for (index, member) in members.enumerated() {
            if index > 0 { output += ",".utf8 }
            newLine(indentation + 2)
            if let key = member.key {
                appendJSON(key.utf8, to: &output)
                output += ": ".utf8
            }
            member.value.write(to: &output, indentation: indentation + 2)
        }
        if !members.isEmpty { newLine(indentation) }
        output += closing.utf8
    }
}
