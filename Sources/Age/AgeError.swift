/// Why an age file cannot be written or read.
package struct AgeError: Error, Hashable, Sendable {
    /// What is wrong, for a person.
    package let reason: String

    /// An error with a reason.
    package init(_ reason: String) { self.reason = reason }
}
