import ArgumentParser
import Inventory
import Linux
import SystemPackage

/// What `--format html` takes beside.
struct PageOptions: ParsableArguments {
    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("With --format html: the case, for its title.", valueName: "text"))
    var name: String?

    @Option(
        help: ArgumentHelp("With --format html: who examines the evidence.", valueName: "text"))
    var examiner: String?

    @Option(help: ArgumentHelp("With --format html: anything more.", valueName: "text"))
    var note: String?

    /// How many rows of each table are in a page, where nothing else is said.
    static let rows = 500

    var details: Page.Details { Page.Details(name: name, examiner: examiner, note: note) }

    func validate(_ format: ReportFormat, _ output: String?) throws {
        if format != .html {
            for (option, value) in [("case", name), ("examiner", examiner), ("note", note)]
            where value != nil {
                throw ValidationError("--\(option) is of --format html only.")
            }
            return
        }
        guard let output, !output.isEmpty else {
            throw ValidationError("--format html is a file: give -o FILE, such as -o audit.html.")
        }
        if output.hasSuffix("/") || isDirectory(FilePath(output)) {
            throw ValidationError(
                "-o \(output) is a directory; --format html is a file in it, such as "
                    + "-o \(FilePath(output).appending("audit.html")).")
        }
    }

    private func isDirectory(_ path: FilePath) -> Bool {
        do throws(FileError) {
            _ = try Directory(path: path)
            return true
        } catch {
            return false  // what is wrong with it is told when it is written
        }
    }
}
