package import SystemPackage

/// The error of an output file that is not written because it would destroy data.
package struct OutputRefusal: Error, CustomStringConvertible {
    /// The path of the file.
    package let path: FilePath
    /// The reason, as a clause.
    package let reason: String
    /// The advice, as an imperative.
    package let remedy: String

    /// Creates an error from its path, reason and advice.
    package init(_ path: FilePath, _ reason: String, _ remedy: String) {
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }

    /// `cannot write audit.sqlite: it is the database in use; give another name`.
    package var description: String { "cannot write \(path.text): \(reason); \(remedy)" }
}
