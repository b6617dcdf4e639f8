import ArgumentParser
import Files
import Text

/// The option that names a list of paths.
struct PathListOption: ParsableArguments {
    @Option(
        name: .customLong("files0-from"),
        help: ArgumentHelp(
            "Also check the paths in this file, each ended by a NUL as find -print0 writes them; - for "
                + "standard input.", valueName: "file"), completion: .file())
    var path: String?

    /// - Parameters:
    ///   - paths: the arguments.
    ///   - inputs: the other files that are read.
    func validate(beside paths: [String], otherInputs inputs: [String]) throws {
        if path?.isEmpty == true { throw ValidationError("--files0-from is empty.") }
        if path == nil && paths.isEmpty {
            throw ValidationError("Missing expected argument '<path> ...'")
        }
        if path == "-" && (paths + inputs).contains("-") {
            throw ValidationError("standard input cannot be --files0-from and something else.")
        }
    }

    /// What no output overwrites.
    var lists: [(path: String, use: String)] {
        path.map { [(path: $0, use: "the list of --files0-from")] } ?? []
    }

    /// The paths in the list; none without one.
    func read() throws -> [String] {
        guard let path else { return [] }
        let file = try OpenFile(readingOrStandardInput: path)
        let name = file.path.text
        return try file.contents(limit: 1 << 30).split(separator: 0).map { bytes in
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Failure(message: "\(name): not UTF-8: \(exactText(Array(bytes)))")
            }
            if text == "-" { throw Failure(message: "\(name): - is not a path in a list") }
            return text
        }
    }
}
