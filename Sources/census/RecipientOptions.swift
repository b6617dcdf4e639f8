import Age
import ArgumentParser
import Files

/// The options that say for whom a snapshot is encrypted.
struct RecipientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encrypt the file for this key: age1…, or a line ssh-ed25519 AAAA…. May be repeated.",
            valueName: "key"))
    var recipient: [String] = []

    @Option(
        name: [.customShort("R"), .customLong("recipients-file")],
        help: ArgumentHelp(
            "Encrypt the file for the keys in this file, one on each line; - for standard input. "
                + "May be repeated.",
            valueName: "file"),
        completion: .file())
    var files: [String] = []

    func validate() throws {
        for text in recipient {
            do throws(AgeError) {
                _ = try AgeRecipient(text)
            } catch {
                // Not the text, which may be a secret key.
                throw ValidationError("--recipient: \(error.reason).")
            }
        }
        if files.contains("") { throw ValidationError("--recipients-file is empty.") }
    }

    /// All recipients, those of the files included; none for a file in the clear.
    /// - Throws: a usage error if a file has none, or one that cannot be encrypted for.
    func read() throws -> [AgeRecipient] {
        var recipients = try recipient.map { try AgeRecipient($0) }
        for path in files {
            let file = try OpenFile(readingOrStandardInput: path)
            let bytes = try file.contents(limit: 1 << 20)
            do throws(AgeError) {
                recipients += try AgeRecipient.parse(file: bytes)
            } catch {
                throw ValidationError("--recipients-file \(path): \(error.reason).")
            }
        }
        return recipients
    }
}
