/// A format of what an inspection found, beside those of rows. Each has a file of its own; the list
/// of all formats is that of the command line, `Format.all`.
package struct InspectionFormat: Sendable {
    /// What `--format` calls it: `junit`.
    package let name: String
    /// Writes all that was found, at once.
    package let bytes: @Sendable (Inspection, InspectionContext) -> [UInt8]
}

/// What a format may say beside the findings.
package struct InspectionContext: Sendable {
    /// The least severity of a violation that counts as a failure.
    package let failingSeverity: Severity
    /// Of census.
    package let version: String

    /// - Parameters:
    ///   - failingSeverity: the least one of a violation that counts as a failure.
    ///   - version: of census.
    package init(failingSeverity: Severity, version: String) {
        self.failingSeverity = failingSeverity
        self.version = version
    }
}
