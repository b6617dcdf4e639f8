import Records
import Text

/// A paragraph of dpkg's status file, deb-control(5).
private struct Paragraph {
    var package = PackageRecord(type: "deb", name: "")
    /// The state, the third word of `Status`; nil if there is no such field.
    var state: [UInt8]?
    /// Whether several architectures of the package may be installed beside each other.
    var isMultiArch = false
    var isEmpty = true

    /// Takes a line.
    /// - Returns: what is wrong with it.
    mutating func take(_ lines: borrowing LineReader) -> SourceFailure? {
        isEmpty = false
        // A line that goes on with the field before.
        if lines.byte(0) == UInt8(ascii: " ") || lines.byte(0) == UInt8(ascii: "\t") { return nil }
        if !lines.isField { return .noField }
        // Of the fields of a paragraph most are of no interest.
        switch (lines.byte(0) ?? 0) | 0x20 {
        case UInt8(ascii: "p"), UInt8(ascii: "v"), UInt8(ascii: "r"):
            if let name = lines.field("package") {
                package.name = RawText(lowered(name))
            } else if let version = lines.field("version") {
                package.version = known(version)
            } else if let revision = lines.field("revision") ?? lines.field("package-revision")
                ?? lines.field("package_revision")
            {
                // Of old it was not a part of the version.
                if let version = package.version, !revision.isEmpty {
                    package.version = RawText(version.bytes + [UInt8(ascii: "-")] + revision)
                }
            }
        case UInt8(ascii: "a"), UInt8(ascii: "m"):
            if let arch = lines.field("architecture") {
                package.arch = known(arch)
            } else if let publisher = lines.field("maintainer") {
                package.publisher = known(publisher)
            } else if let value = lines.field("multi-arch") {
                isMultiArch = lowered(value).equals("same")
            }
        case UInt8(ascii: "s"):
            if let source = lines.field("source") {
                package.source = known(source)
                if !source.contains(UInt8(ascii: " ")) { return nil }
                // `glibc (2.36-9)`: with a version where it is another.
                let words = source.split(separator: UInt8(ascii: " "))
                package.source = words.first.map { RawText($0) }
                if words.count > 1, words[1].count > 2 {
                    package.sourceVersion = RawText(words[1].dropFirst().dropLast())
                }
            } else if let status = lines.field("status") {
                if status.equals("install ok installed") {
                    state = part(status, 11, status.count)
                    return nil
                }
                let words = lowered(status).split { isSpace($0) }
                if words.count != 3 { return .badStatus }
                state = Array(words[2])
            }
        default: break
        }
        return nil
    }
}

/// The directory of what dpkg keeps for each package.
private final class Information {
    let directory: HostDirectory

    init(_ directory: consuming HostDirectory) { self.directory = directory }

    /// When the list of the package's files was written, which is when it was unpacked.
    func installTime(_ name: [UInt8], _ arch: [UInt8]?) -> Int64? {
        let suffix = Array(".list".utf8)
        if let arch, let time = directory.modified(name + [UInt8(ascii: ":")] + arch + suffix) {
            return time
        }
        return directory.modified(name + suffix)
    }
}

extension PackageList {
    /// Reads what dpkg(1) keeps in mind: the status file, the changes that it has not taken yet, and
    /// the files of images without dpkg (distroless).
    ///
    /// A package is there in each state but `not-installed` and `config-files`, as apt has it: one
    /// that is `unpacked`, `half-configured`, `half-installed`, `triggers-awaited` or
    /// `triggers-pending` has its files in place, or some of them.
    mutating func readDpkg(_ tree: borrowing HostTree) {
        let directory = "var/lib/dpkg"
        var information: Information?
        do throws(HostError) {
            information = Information(try tree.directory(directory + "/info"))
        } catch {}
        read(directory + "/status", .status, tree, information)
        // A journal, whose files are named with digits and each have one package.
        readEach(directory + "/updates", .update, tree, information)
        readEach(directory + "/status.d", .image, tree, information)
        if let information, programs.areSought {
            readDiversions(directory + "/diversions", tree)
            findPrograms(tree, information.directory, isPacman: false)
        }
    }

    /// Reads where packages have put the files of others: three lines for each, the path, where the
    /// file is instead, and the package.
    private func readDiversions(_ path: String, _ tree: borrowing HostTree) {
        var lines = Lines(tree.contents(path) ?? [])
        while lines.advance() {
            let from = lines.line
            if !lines.advance() { return }
            let to = lines.line
            if !lines.advance() { return }
            programs.divert(from, to: to, by: lines.line)
        }
    }

    private enum Part { case status, update, image }

    /// Reads the files of a directory, in the order of their names. It is named as a whole, and each
    /// file that failed.
    private mutating func readEach(
        _ directory: String, _ part: Part, _ tree: borrowing HostTree, _ information: Information?
    ) {
        let before = failureCount
        var isEmpty = true
        for name in names("dpkg", directory, tree) ?? [] {
            let isOne =
                part == .update
                ? name.allSatisfy { 0x30...0x39 ~= $0 } : !name.hasSuffix(".md5sums")
            if !isOne { continue }
            isEmpty = false
            read(path(directory, name), part, tree, information)
        }
        if !isEmpty { finish("dpkg", directory, ifStill: before) }
    }

    /// Reads one file.
    private mutating func read(
        _ path: String, _ part: Part, _ tree: borrowing HostTree, _ information: Information?
    ) {
        guard let file = open("dpkg", path, tree) else { return }
        var lines = LineReader(file)
        var failure: SourceFailure?
        var paragraph = Paragraph()
        do throws(SourceFailure) {
            while try lines.advance() {
                if !lines.isEmpty {
                    failure = paragraph.take(lines) ?? failure
                    continue
                }
                failure = try add(paragraph, part, information) ?? failure
                paragraph = Paragraph()
            }
            if lines.isCut && part == .status { throw .cut }
            failure = try add(paragraph, part, information) ?? failure
        } catch {
            failure = error
        }
        if failure != nil || part == .status { finish("dpkg", path, failure) }
    }

    /// - Returns: what is wrong with the paragraph.
    private mutating func add(
        _ paragraph: Paragraph, _ part: Part, _ information: Information?
    ) throws(SourceFailure) -> SourceFailure? {
        if paragraph.isEmpty { return nil }
        var package = paragraph.package
        if package.name.bytes.isEmpty { return .noName }
        if part == .update { remove(package.name, package.arch) }
        // An image has the control files, which say no status.
        if let state = paragraph.state {
            if state.equals("not-installed") || state.equals("config-files") { return nil }
            let isKnown =
                state.equals("installed") || state.equals("unpacked")
                || state.equals("half-configured") || state.equals("half-installed")
                || state.equals("triggers-awaited") || state.equals("triggers-pending")
            if !isKnown { return .unknownState }
        } else if part != .image {
            return nil
        }
        if package.source == package.name { package.source = nil }
        if package.sourceVersion == package.version { package.sourceVersion = nil }
        package.installTime = information?.installTime(
            package.name.bytes, paragraph.isMultiArch ? package.arch?.bytes : nil)
        try add(package)
        return nil
    }
}
