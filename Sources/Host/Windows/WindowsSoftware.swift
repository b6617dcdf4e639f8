import Records
import Text

extension PackageRecord {
    /// A program, by its key under `Uninstall` (article "Uninstall Registry Key").
    /// - Parameters:
    ///   - row: the key, then DisplayName, DisplayVersion, Publisher, InstallDate.
    ///   - arch: `x64` or `x86`, by the view of the registry that the key is in.
    /// - Returns: nil for a key without a DisplayName: it has no entry of its own in Programs and
    ///   Features, as that of an update has not, or is left over.
    init?(program row: WindowsRow, arch: RawText?) {
        guard let name = row.text(1) else { return nil }
        self.init(type: "windows", name: name)
        version = row.text(2)
        publisher = row.text(3)
        self.arch = arch
        // As Windows Installer writes a day: `20240131`. Other programs write dates in the form of a
        // country, which cannot be told from one another.
        installTime = row.text(4).flatMap { Timestamp(midnightOf: $0.bytes)?.unixSeconds }
    }
}

/// A package of Component Based Servicing, by its key: `Package_for_KB5034441~31bf3856ad364e35~…`.
/// An update has one or several.
struct ServicingPackage {
    /// `KB5034441`; nil where the name has none: that of a cumulative update is
    /// `Package_for_RollupFix~…`.
    private(set) var hotfixID: String?
    /// Whether it may have the id in its manifest, with what it is.
    let isWhole: Bool
    /// When it was installed, in Unix seconds.
    let installTime: Int64?

    private static let installed: Int64 = 0x70

    /// - Parameter row: the key, then CurrentState, InstallTimeHigh, InstallTimeLow.
    /// - Returns: nil if it is no update's, or is not installed: only staged, or superseded.
    init?(_ row: WindowsRow) {
        guard row.numbers[0] == Self.installed, let name = row.text(0)?.bytes,
            name.index(of: "Package_") == 0, let start = name.index(of: "for_")
        else { return nil }
        hotfixID = Self.hotfixID(in: name, from: start + 4)
        isWhole = name.index(of: "Package_for_") == 0
        let (high, low) = (row.numbers[1], row.numbers[2])
        installTime = high < 0 || low < 0 ? nil : unixSeconds(fileTime: high << 32 | low)
    }

    /// `KB` and digits, which begin at `start`.
    static func hotfixID(in bytes: [UInt8], from start: Int) -> String? {
        guard bytes.count > start + 2, bytes[start] | 0x20 == 0x6B, bytes[start + 1] | 0x20 == 0x62
        else { return nil }
        var end = start + 2
        while end < bytes.count, 0x30...0x39 ~= bytes[end] { end += 1 }
        if end == start + 2 { return nil }
        return "KB" + String(decoding: bytes[(start + 2)..<end], as: UTF8.self)
    }

    /// Takes what its manifest has, `servicing\Packages\<key>.mum`: in the element `package` the
    /// attributes `identifier="KB5034441"` and `releaseType="Security Update"`, of which
    /// Win32_QuickFixEngineering makes HotFixID and Description.
    /// - Returns: what it is; nil if the manifest does not tell.
    mutating func readManifest(_ bytes: [UInt8]) -> RawText? {
        guard let element = bytes.index(of: "<package ") else { return nil }
        if hotfixID == nil, let start = bytes.index(of: " identifier=\"", from: element) {
            hotfixID = Self.hotfixID(in: bytes, from: start + 13)
        }
        guard let start = bytes.index(of: " releaseType=\"", from: element) else { return nil }
        let type = bytes[(start + 14)...].prefix { $0 != 0x22 && $0 != 0x3E }
        return type.isEmpty ? nil : RawText(Array(type))
    }
}

extension [PatchRecord] {
    /// Adds an update once, with the newest of its times.
    @inline(never)
    mutating func add(_ package: ServicingPackage, description: RawText?) {
        guard let id = package.hotfixID else { return }
        var at = 0
        while at < count, self[at].hotfixID != id { at += 1 }
        if at == count { append(PatchRecord(hotfixID: id)) }
        if self[at].description == nil { self[at].description = description }
        if let time = package.installTime, time > self[at].installedOn ?? .min {
            self[at].installedOn = time
        }
    }
}
