import ArgumentParser
import Files
import SystemPackage

/// Where `report` writes to.
enum ReportDestination {
    case standardOutput
    case file(FilePath)
    /// A file for each report.
    case directory(FilePath)

    /// One report goes to a file, and so do several whose format holds several and whose name says
    /// so; else there is a file for each in a directory.
    /// - Parameter output: what stands behind `-o`.
    /// - Throws: wrong usage.
    init(_ output: String?, _ format: ReportFormat, reports: Int) throws {
        // Of which a file holds one report, and there are more.
        let lone = reports == 1 ? nil : format.rows.flatMap { $0.sequence == nil ? $0 : nil }
        switch output {
        case nil where format.isPage:
            throw ValidationError("--format html is a file: give -o FILE, such as -o audit.html.")
        case nil where lone != nil, "-" where lone != nil:
            throw ValidationError(
                "\(lone?.title ?? "") to standard output is one report: name it, or give -o DIR for a "
                    + "file each.")
        case nil, "-": self = .standardOutput
        case "": throw ValidationError("-o is empty.")
        case let output?:
            let path = FilePath(output)
            let isDirectory = output.hasSuffix("/") || Self.isDirectory(path)
            if isDirectory && format.isPage {
                throw ValidationError(
                    "-o \(output) is a directory; --format html is a file in it, such as "
                        + "-o \(path.appending("audit.html")).")
            }
            if isDirectory {
                self = .directory(path)
            } else if format.isPage || reports == 1 {
                self = .file(path)
            } else {
                self = try Self.several(path, format)
            }
        }
    }

    /// Several reports, to what is no directory yet.
    private static func several(_ path: FilePath, _ format: ReportFormat) throws -> Self {
        guard let name = path.extension?.lowercased(),
            let named = Format.all.first(where: { $0.fileExtension == name })
        else { return .directory(path) }
        if named.name != format.name {
            throw ValidationError(
                "-o \(path.text) is the name of a file of another format: give --format "
                    + "\(named.name), or a directory, such as -o reports/.")
        }
        if let rows = format.rows, rows.sequence == nil {
            throw ValidationError(
                "A \(rows.title) file is one report: name it, such as census report 3 --format "
                    + "\(rows.name) -o \(path.text), or give a directory, such as -o reports/.")
        }
        return .file(path)
    }

    private static func isDirectory(_ path: FilePath) -> Bool {
        do throws(FileError) {
            return try OpenFile.status(at: path, followingLink: true)?.type == .directory
        } catch {
            return false  // what is wrong with it is told when it is written
        }
    }
}
