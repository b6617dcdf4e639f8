package import SystemPackage

/// What the user names with `--db`, such as a file or a server. Each engine has a type of its own.
package protocol DatabaseAddress: Sendable {
    /// Parses an address.
    /// - Returns: nil if the text is not meant for this engine.
    /// - Throws: if it is, and is malformed.
    static func parse(_ text: String) throws(InvalidAddress) -> Self?

    /// The file of the database; nil for another kind of storage.
    var databaseFile: FilePath? { get }

    /// Another file that the engine reads, and its use for messages; nil if there is none.
    var otherFile: (path: FilePath, use: String)? { get }

    /// Opens the database.
    /// - Parameter askForPassword: asks the user for a password; it returns nil if nobody can be
    ///   asked.
    /// - Throws: an error of the engine.
    func open(
        _ access: DatabaseAccess, _ askForPassword: (_ prompt: String) -> String?
    ) throws(DatabaseError) -> any Database
}

/// Why a text is not a valid address.
package struct InvalidAddress: Error, Equatable {
    /// What is wrong, in words for the user, without a password.
    package let reason: String

    /// An error with its reason.
    package init(reason: String) { self.reason = reason }
}
