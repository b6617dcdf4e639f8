import ArgumentParser
import Files
import SystemPackage

/// The destination of `report`.
enum ReportDestination {
    case standardOutput
    case file(FilePath)
    /// A file for each report.
    case directory(FilePath)

    /// A directory for a file for each report.
    /// - Throws: `ValidationError` for a usage error.
    init(directory: String, _ format: ReportFormat) throws {
        if directory.isEmpty { throw ValidationError("--output-dir is empty.") }
        if directory == "-" {
            throw ValidationError("--output-dir takes a directory; use -o - for standard output.")
        }
        if format.isPage {
            throw ValidationError("--format html requires -o FILE, such as -o audit.html.")
        }
        self = .directory(FilePath(directory))
    }

    /// Several reports go to one file if the format allows it and the file name has its extension;
    /// otherwise each report is a file in a directory. A single report goes to a file.
    /// - Parameter output: the argument of `-o`.
    /// - Throws: `ValidationError` for a usage error.
    init(_ output: String?, _ format: ReportFormat, reports: Int) throws {
        // A format whose files hold one report, while several were requested.
        let lone = reports == 1 ? nil : format.rows.flatMap { $0.sequence == nil ? $0 : nil }
        switch output {
        case nil where format.format.isOfOneFile:
            throw ValidationError(
                "--format \(format.name) requires -o FILE, such as -o audit.\(format.name).")
        case nil where lone != nil, "-" where lone != nil:
            throw ValidationError(
                "\(lone?.title ?? "") to standard output takes one report: name it, or give -d DIR for "
                    + "one file per report.")
        case nil, "-": self = .standardOutput
        case "": throw ValidationError("-o is empty.")
        case let output?:
            let path = FilePath(output)
            let isDirectory = output.hasSuffix("/") || Self.isDirectory(path)
            if isDirectory && format.format.isOfOneFile {
                throw ValidationError(
                    "-o \(output) is a directory: name a file in it, such as "
                        + "-o \(path.appending("audit.\(format.name)")).")
            }
            if isDirectory {
                self = .directory(path)
            } else if format.format.isOfOneFile || reports == 1 {
                self = .file(path)
            } else {
                self = try Self.several(path, format)
            }
        }
    }

    /// Several reports, to a path that is not an existing directory.
    private static func several(_ path: FilePath, _ format: ReportFormat) throws -> Self {
        let name = path.extension?.lowercased()
        let meant = Format.all.filter { name != nil && $0.fileExtension == name }
        guard let named = meant.first else { return .directory(path) }
        if !meant.contains(where: { $0.name == format.name }) {
            throw ValidationError(
                "-o \(path.text) has the extension of another format: give --format "
                    + "\(named.name), or a directory, such as -o reports/.")
        }
        if let rows = format.rows, rows.sequence == nil {
            throw ValidationError(
                "A \(rows.title) file holds one report: name it, such as census report 3 --format "
                    + "\(rows.name) -o \(path.text), or give a directory, such as -o reports/.")
        }
        return .file(path)
    }

    private static func isDirectory(_ path: FilePath) -> Bool {
        do throws(FileError) {
            return try OpenFile.status(at: path, followingLink: true)?.type == .directory
        } catch {
            return false  // the error is reported when it is written
        }
    }
}
