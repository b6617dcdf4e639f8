import Records
import Text

/// How long passwords may be kept at most and must be kept at least, in days, by the rules for all
/// accounts. Nil for no limit, or unknown.
struct PasswordAges {
    var maxDays: Int64?
    var minDays: Int64?
}

extension AccountRecord {
    // UF_… of lmaccess.h.
    private static let disabled: Int64 = 0x2
    private static let lockedOut: Int64 = 0x10
    private static let needsNoPassword: Int64 = 0x20
    private static let passwordNeverExpires: Int64 = 0x10000

    /// An account of Windows.
    /// - Parameters:
    ///   - row: of `census_windows_account_facts`.
    ///   - now: Unix seconds.
    init?(windows row: WindowsRow, now: Int64, ages: PasswordAges) {
        guard let name = row.text(0) else { return nil }
        self.init(username: name)
        let numbers = row.numbers
        let known = numbers[0]
        func has(_ flag: Int64) -> Bool { numbers[1] & flag != 0 }
        if let sid = row.text(1)?.repaired {
            self.sid = sid
            uid = relativeID(of: sid)
        }
        description = row.text(2) ?? row.text(3)
        home = row.text(4)
        if let groups = row.list(5) { self.groups = sortedByBytes(groups) }
        isEnabled = !has(Self.disabled)
        passwordStatus =
            has(Self.lockedOut) ? "locked" : has(Self.needsNoPassword) ? "empty" : "set"
        neverExpires = has(Self.passwordNeverExpires)
        if neverExpires == false { maxDays = ages.maxDays }
        minDays = ages.minDays
        if known != 2 {
            // In whole days, as shadow(5) has it. An age, which is what Windows tells, gives now one
            // second, now the next.
            let day: Int64 = 86_400
            lastChange = (now - numbers[2]) / day * day
        }
        if known == 3 {
            gid = numbers[5]
            if numbers[6] != 0, numbers[2] == 0 { lastChange = 0 }
            lastLogin = numbers[3] == 0 ? nil : numbers[3]
            expires = numbers[4] <= 0 ? nil : numbers[4]
        }
    }
}

/// The last part of a security identifier: 500 of `S-1-5-21-1-2-3-500`.
func relativeID(of sid: String) -> Int64? {
    let bytes = Array(sid.utf8)
    guard let hyphen = bytes.lastIndex(of: 0x2D) else { return nil }
    return decimal(bytes[(hyphen + 1)...])
}

/// The bytes of a security identifier, `S-1-5-…` (article "SID", MS-DTYP 2.4.2).
func identifierBytes(_ sid: [UInt8]) -> [UInt8]? {
    let parts = sid.split(separator: 0x2D)
    guard parts.count > 2, parts.count < 19, parts[0].count == 1, parts[0].first == 0x53,
        let revision = decimal(parts[1]), let authority = decimal(parts[2]), revision < 256
    else { return nil }
    var bytes: [UInt8] = [UInt8(revision), UInt8(parts.count - 3), 0, 0]
    for shift: Int64 in [24, 16, 8, 0] { bytes.append(UInt8(authority >> shift & 255)) }
    for part in parts[3...] {
        guard let number = decimal(part) else { return nil }
        for shift: Int64 in [0, 8, 16, 24] { bytes.append(UInt8(number >> shift & 255)) }
    }
    return bytes
}

/// A number of at most 32 bits; nil for what is none.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int64? {
    decimalNumber(digits).flatMap { $0 > Int64(UInt32.max) ? nil : $0 }
}

/// The texts in the order of their bytes.
@inline(never)
func sortedByBytes(_ texts: [RawText]) -> [String] {
    var sorted = texts.map { $0.bytes }
    sort(&sorted)
    return sorted.map { RawText($0).repaired }
}
