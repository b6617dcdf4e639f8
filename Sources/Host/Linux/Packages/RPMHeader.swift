import Records
import Text

/// Reads a package from its header, as it is in a database of rpm: the number of entries of the
/// index, the number of bytes of the data, the index, the data (rpm's documentation, "RPM v4 header
/// format"). Only what is wanted of the data is read.
/// - Throws: if it is damaged.
func rpmPackage(_ header: Blob) throws(SourceFailure) -> PackageRecord {
    let start = try header.bytes(at: 0, limit: 8)
    let (entries, size) = (Int64(number(start, 0)), Int64(number(start, 4)))
    guard entries > 0, entries <= PackageLimits.headerTags,
        8 + 16 * entries + size == Int64(header.count)
    else { throw .damagedHeader }

    // Tag, type, offset and count of each. Of two with the same tag, which a package has that was
    // changed when it was installed, the later one counts.
    let tags: [UInt32] = [1000, 1001, 1002, 1003, 1008, 1011, 1022, 1044]
    var offsets = [Int](repeating: -1, count: tags.count)
    let data = 8 + 16 * Int(entries)
    var place = 8
    while place < data {
        let index = try header.bytes(at: place, limit: min(4096, data - place))
        for entry in stride(from: 0, to: index.count, by: 16) {
            let (tag, type) = (number(index, entry), number(index, entry + 4))
            guard let known = tags.firstIndex(of: tag) else { continue }
            // INT32, STRING, STRING_ARRAY, I18NSTRING.
            let isNumber = tag == 1003 || tag == 1008
            let offset = Int64(number(index, entry + 8))
            guard isNumber ? type == 4 : type == 6 || type == 8 || type == 9,
                offset < size, number(index, entry + 12) > 0
            else { throw .damagedHeader }
            offsets[known] = data + Int(offset)
        }
        place += index.count
    }

    func text(_ index: Int) throws(SourceFailure) -> [UInt8] {
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
    func integer(_ index: Int) throws(SourceFailure) -> Int64? {
        if offsets[index] < 0 { return nil }
        let bytes = try header.bytes(at: offsets[index], limit: 4)
        if bytes.count < 4 { throw .damagedHeader }
        return Int64(number(bytes, 0))
    }

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
    var parts = try text(7).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
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
