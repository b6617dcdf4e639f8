package import Output
package import Query

/// An output format of the findings of an inspection, in addition to the row formats. Each has a
/// file of its own; all formats are listed in `Format.all` of the command line.
package struct InspectionFormat: Sendable {
    /// Its name in `--format`: `junit`.
    package let name: String
    /// What its files are, to recognise an earlier one.
    package let kind: OutputKind
    /// Returns all findings in this format.
    package let bytes: @Sendable (Inspection, InspectionContext) -> [UInt8]
}

/// Values that a format can include besides the findings.
package struct InspectionContext: Sendable {
    /// The lowest severity of a violation that counts as a failure.
    package let failingSeverity: Severity
    /// The version of census.
    package let version: String

    /// - Parameters:
    ///   - failingSeverity: the lowest severity of a violation that counts as a failure.
    ///   - version: the version of census.
    package init(failingSeverity: Severity, version: String) {
        self.failingSeverity = failingSeverity
        self.version = version
    }
}
