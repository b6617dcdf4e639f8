package import SystemPackage

/// A file that is not written, since that would destroy something.
package struct OutputRefusal: Error, CustomStringConvertible {
    package let path: FilePath
    package let reason: String
    /// What to do, as an imperative.
    package let remedy: String

    package init(_ path: FilePath, _ reason: String, _ remedy: String) {
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }

    /// `cannot write audit.sqlite: it is the database in use; give another name`.
    package var description: String { "cannot write \(path.text): \(reason); \(remedy)" }
}
