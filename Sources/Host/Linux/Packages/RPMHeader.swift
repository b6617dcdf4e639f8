import CHost
import Records
import Text

/// A package's header, as it is in a database of rpm: the number of entries of the index, the number
/// of bytes of the data, the index, the data (rpm's documentation, "RPM v4 header format"). Only what
/// is wanted of the data is read.
struct RPMHeader {
    private let header: Blob
    /// Name, version, release, epoch, time of installation, vendor, architecture, source; then of its
    /// files the index of each one's directory, the names in directories, and the directories.
    private static let tags: [UInt32] = [
        1000, 1001, 1002, 1003, 1008, 1011, 1022, 1044, 1116, 1117, 1118,
    ]
    /// By the index in `tags` where the value is in the header; -1 if there is none.
    private var offsets = [Int](repeating: -1, count: tags.count)
    /// By the index in `tags` how many elements the value has.
    private var counts = [Int](repeating: 0, count: tags.count)

    /// Reads the index.
    /// - Throws: if it is damaged.
    init(_ header: Blob) throws(SourceFailure) {
        self.header = header
        let start = try header.bytes(at: 0, limit: 8)
        let (entries, size) = (Int64(number(start, 0)), Int64(number(start, 4)))
        guard entries > 0, entries <= PackageLimits.headerTags,
            8 + 16 * entries + size == Int64(header.count)
        else { throw .damagedHeader }

        // Tag, type, offset and count of each. Of two with the same tag, which a package has that was
        // changed when it was installed, the later one counts.
        let data = 8 + 16 * Int(entries)
        var place = 8
        while place < data {
            let index = try header.bytes(at: place, limit: min(4096, data - place))
            for entry in stride(from: 0, to: index.count, by: 16) {
                let (tag, type) = (number(index, entry), number(index, entry + 4))
                guard let known = Self.tags.firstIndex(of: tag) else { continue }
                // INT32, STRING, STRING_ARRAY, I18NSTRING.
                let isNumber = tag == 1003 || tag == 1008 || tag == 1116
                let offset = Int64(number(index, entry + 8))
                let count = number(index, entry + 12)
                guard isNumber ? type == 4 : type == 6 || type == 8 || type == 9,
                    offset < size, count > 0
                else { throw .damagedHeader }
                offsets[known] = data + Int(offset)
                counts[known] = Int(truncatingIfNeeded: count)
            }
            place += index.count
        }
    }

    private func text(_ index: Int) throws(SourceFailure) -> [UInt8] {
        if offsets[index] < 0 { return [] }
        var text: [UInt8] = []
        while text.count < PackageLimits.valueBytes {
            let next = try header.bytes(at: offsets[index] + text.count, limit: 64)
            if let end = next.firstIndex(of: 0) { return text + next[..<end] }
            if next.isEmpty { throw .damagedHeader }
            text += next
        }
        return text
    }

    private func integer(_ index: Int) throws(SourceFailure) -> Int64? {
        if offsets[index] < 0 { return nil }
        let bytes = try header.bytes(at: offsets[index], limit: 4)
        if bytes.count < 4 { throw .damagedHeader }
        return Int64(number(bytes, 0))
    }

    /// The package.
    /// - Throws: if the header is damaged.
    func package() throws(SourceFailure) -> PackageRecord {
        let name = try text(0)
        let release = try text(1) + [UInt8(ascii: "-")] + text(2)
        if name.isEmpty || offsets[1] < 0 || offsets[2] < 0 {
            throw .damagedHeader
        }
        var version: [UInt8] = []
        if let epoch = try integer(3) {
            version.append(digitsOf: epoch)
            version.append(UInt8(ascii: ":"))
        }
        version += release
        var package = PackageRecord(type: "rpm", name: RawText(name))
        package.version = RawText(version)
        package.installTime = try integer(4)
        package.publisher = known(try text(5))
        package.arch = known(try text(6))
        // `bash-5.1.8-6.el9.src.rpm`.
        var parts = try text(7).split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        if parts.count > 2, let last = parts.popLast(), let middle = parts.popLast() {
            // Without `.src.rpm`, or `.nosrc.rpm`.
            var end = last.endIndex
            for _ in 0..<2 { end = last[..<end].lastIndex(of: UInt8(ascii: ".")) ?? end }
            let source = RawText(parts.joined(separator: [UInt8(ascii: "-")]))
            let sourceVersion = RawText(middle + [UInt8(ascii: "-")] + last[..<end])
            if source != package.name { package.source = source }
            if sourceVersion.bytes != release { package.sourceVersion = sourceVersion }
        }
        return package
    }

    // MARK: Files

    /// Looks for programs among the package's files. The names in directories, which are most of a
    /// header, are read where a directory is that of a program.
    func find(_ programs: Programs, of package: RawText) throws(SourceFailure) {
        if !programs.areSought { return }
        let directories = try texts(10)
        var (names, numbers): ([UInt8], [UInt8]) = ([], [])
        for index in 0..<programs.paths.count where programs.isSought(index) {
            let (path, start) = (programs.paths[index], programs.names[index])
            let directory = unsafe census_index(
                directories, Int64(directories.count), 0, path, Int64(start))
            if directory < 0 { continue }
            if names.isEmpty {
                names = try texts(9)
                numbers = try header.bytes(at: offsets[8], limit: 4 * counts[8])
            }
            let name = part(path, start, path.count)
            if unsafe census_has_file(
                names, Int64(names.count), numbers, Int64(numbers.count), directory, name,
                Int64(name.count)) != 0
            {
                programs.found(index, in: package)
            }
        }
    }

    /// The texts of an array, each with a NUL behind it, and what follows them.
    private func texts(_ index: Int) throws(SourceFailure) -> [UInt8] {
        var texts: [UInt8] = []
        var left = counts[index]
        while left > 0 {
            let next = try header.bytes(at: offsets[index] + texts.count, limit: 4096)
            if next.isEmpty || texts.count > PackageLimits.nameBytes { throw .damagedHeader }
            for byte in next where byte == 0 { left -= 1 }
            texts += next
        }
        return texts
    }
}
