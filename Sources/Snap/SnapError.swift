/// Why no snapshot was written.
package enum SnapError: Error, Equatable {
    /// A system call failed.
    /// - Parameters:
    ///   - operation: what was to be done, a verb such as `create`.
    ///   - path: the file or directory.
    ///   - code: the number of errno(3).
    case file(operation: String, path: String, code: Int32)
    /// Another reason, in words for the user.
    case other(String)
    /// A mistake in the options that only a file shows, as a sentence.
    case usage(String)
}
