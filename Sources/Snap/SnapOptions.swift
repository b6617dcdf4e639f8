import Age
package import Records

/// The options of a collector and of `census snap`, with their help.
package struct SnapOptions: Sendable, Equatable {
    /// The directory to write the file to; nil for the working directory, unless `output` is given.
    package var directory: String?
    /// The output file; `-` for standard output.
    package var output: String?
    /// The root of the host's file system.
    package var root = "/"
    /// Identifies the host instead of what it has itself.
    package var hostID: String?
    /// The kinds of records to take, separated by commas; nil for all.
    package var only: String?
    /// The kinds of records to leave out, separated by commas; nil for none.
    package var without: String?
    /// Whether the file is signed with the host's key of SSH, where that can be.
    package var signs = true
    /// Keys that the file is encrypted for, as `AgeRecipient` takes them.
    package var recipients: [String] = []
    /// Files of such keys; `-` for standard input.
    package var recipientsFiles: [String] = []

    /// The defaults.
    package init() {}

    /// Why the options cannot be used, as a sentence; nil if they can.
    package var fault: String? {
        if directory != nil && output != nil { return "-d and -o cannot be used together." }
        if directory == "" { return "-d is empty." }
        if output == "" { return "-o is empty." }
        if root == "" { return "--root is empty." }
        if directory == "-" {
            return "-d takes a directory; use -o - for standard output."
        }
        if let output, output.utf8.last == UInt8(ascii: "/") {
            return "-o takes a file; use -d for a directory."
        }
        if let hostID, hostID.isEmpty || hostID.utf8.count > 255 {
            return "--host-id takes 1 to 255 bytes."
        }
        if only != nil && without != nil { return "--only and --without cannot be used together." }
        if choice == nil {
            return
                "--\(only == nil ? "without" : "only") takes kinds of records, separated by commas: "
                + "\(RecordChoice.names)."
        }
        return AgePrimitives.canEncrypt ? recipientFault : nil
    }

    /// The kinds of records to take; nil if the options name others.
    package var choice: RecordChoice? {
        guard let list = only ?? without else { return .all }
        guard let named = RecordChoice.named(in: list) else { return nil }
        return only == nil ? RecordChoice.all.subtracting(named) : named
    }

    /// One option in words.
    package struct Help: Sendable {
        /// The option as it is given: `--output-dir`.
        package let name: StaticString
        /// Its short name, `-d`; empty if it has none.
        package var shortName: StaticString = ""
        /// Its value: `dir`. Empty for an option that takes none.
        package let value: StaticString
        /// Its meaning.
        package let meaning: StaticString
        /// Whether it may be given several times, each time with a value.
        package var isRepeated = false
    }

    /// What the command does.
    package static let abstract: StaticString =
        "Write the facts of this host to a snapshot file."
    /// What its user should know.
    package static var discussion: String {
        "\(discussionOfPlatform) The kinds of records are \(RecordChoice.names)."
    }
    #if WINDOWS
        private static let discussionOfPlatform: StaticString = """
            Prints the path of the new file. Never overwrites an existing file. Works without \
            an administrator's rights, but then the data may be incomplete; the snapshot records \
            whether it had them. This collector does not sign. Without -o, a line is added to the \
            custody log, custody.jsonl, beside the file.
            """
    #else
        private static let discussionOfPlatform: StaticString = """
            Prints the path of the new file. Never overwrites an existing file. Works without \
            root, but then the data may be incomplete; the snapshot records the user id. If the \
            host's SSH key can be read, the file is signed with it: the signature is FILE.sig. \
            Without -o, a line is added to the custody log, custody.jsonl, beside the file.
            """
    #endif
    /// `directory`.
    package static let directoryHelp = Help(
        name: "--output-dir", shortName: "-d", value: "dir",
        meaning: "The directory to write the file to. (default: .)")
    /// `output`.
    package static let outputHelp = Help(
        name: "--output", shortName: "-o", value: "file",
        meaning: "The output file; - for standard output.")
    /// `root`.
    package static let rootHelp = Help(
        name: "--root", value: "dir", meaning: "The root of the host's file system. (default: /)")
    #if WINDOWS
        /// `hostID`.
        package static let hostIDHelp = Help(
            name: "--host-id", value: "id",
            meaning: "Host identifier to use instead of the MachineGuid.")
    #else
        /// `hostID`.
        package static let hostIDHelp = Help(
            name: "--host-id", value: "id",
            meaning: "Host identifier to use instead of the machine-id.")
    #endif
    /// `only`.
    package static let onlyHelp = Help(
        name: "--only", value: "kinds",
        meaning: "Take only these kinds of records, separated by commas.")
    /// `without`.
    package static let withoutHelp = Help(
        name: "--without", value: "kinds", meaning: "Take all but these kinds.")
    /// `signs`.
    package static let noSignHelp = Help(
        name: "--no-sign", value: "", meaning: "Do not sign the file with the host's SSH key.")
    /// `recipients`.
    package static let recipientHelp = Help(
        name: "--recipient", value: "key",
        meaning: """
            Encrypt the file for this key: age1…, or a line ssh-ed25519 AAAA…. May be repeated.
            """, isRepeated: true)
    /// `recipientsFiles`.
    package static let recipientsFileHelp = Help(
        name: "--recipients-file", shortName: "-R", value: "file",
        meaning: """
            Encrypt the file for the keys in this file, one on each line; - for standard input. \
            May be repeated.
            """, isRepeated: true)
}
