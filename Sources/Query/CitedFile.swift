/// A file that a statement is known from.
package struct CitedFile: Sendable {
    /// Its path, as `census ingest` was given it.
    package let path: String
    /// Its SHA-256, in hexadecimal; nil if it could not be read.
    package let sha256: String?

    /// A file by its path and digest.
    package init(path: String, sha256: String?) {
        self.path = path
        self.sha256 = sha256
    }
}
