import Age
import ArgumentParser
import Files
import SystemPackage
import Text

/// The option that names what encrypted snapshot files are decrypted with.
struct IdentityOption: ParsableArguments {
    @Option(
        name: [.customShort("i"), .customLong("identity")],
        help: ArgumentHelp(
            "Decrypt age files with the keys in this file: AGE-SECRET-KEY-1…, or an Ed25519 key of "
                + "OpenSSH without a passphrase; - for standard input. May be repeated.",
            valueName: "file"),
        completion: .file())
    var identity: [String] = []

    func validate() throws {
        if identity.contains("") { throw ValidationError("--identity is empty.") }
        if identity.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("--identity - is given twice.")
        }
    }

    /// What no output overwrites.
    var lists: [(path: String, use: String)] {
        identity.map { (path: $0, use: "the file of --identity") }
    }

    /// The identities of all files. A file that others may read is reported.
    /// - Parameter paths: those of the snapshot files.
    /// - Throws: a usage error if a file has none, or one that census does not read.
    func read(beside paths: [String]) throws -> AgeIdentities {
        if identity.contains("-") && paths.contains("-") {
            throw ValidationError("standard input cannot be both a snapshot file and --identity.")
        }
        var identities = AgeIdentities()
        for path in identity {
            let file = try OpenFile(readingOrStandardInput: path)
            if try file.isReadableByOthers() {
                Console.note("\(path): this secret key is readable by others: chmod 600 it")
            }
            let bytes = try file.contents(limit: 1 << 20)
            do throws(AgeError) {
                identities.add(try AgeIdentities(file: bytes))
            } catch {
                throw ValidationError("--identity \(path): \(error.reason).")
            }
        }
        return identities
    }
}
