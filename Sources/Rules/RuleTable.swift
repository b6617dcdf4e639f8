import Database
package import Output

extension [Rule] {
    /// One row per rule, in the order of the file. NULL: all hosts; no controls.
    package var table: RowTable {
        RowTable(
            ["Rule", "Severity", "Requirement", "Hosts", "Sentence", "Controls"],
            map { rule in
                let controls = rule.controls.joined(separator: ", ")
                return [
                    .text(rule.id), .text(rule.severity.rawValue), .text(rule.key),
                    Value(rule.hosts?.map(\.pattern).joined(separator: ", ")),
                    .text(rule.sentence), Value(controls.isEmpty ? nil : controls),
                ]
            })
    }
}
