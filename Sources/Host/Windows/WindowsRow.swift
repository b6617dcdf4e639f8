import Text

/// A row of one of the lists of CHost: see `census_windows_next`.
struct WindowsRow {
    var numbers: [Int64] = []
    /// UTF-16. Nil for a text that there is not.
    var texts: [[UInt16]?] = []

    /// A text; nil where there is none, or it is empty.
    func text(_ index: Int) -> RawText? {
        guard let units = units(index), !units.isEmpty else { return nil }
        return RawText(utf16: units)
    }

    /// Texts of which each ends in a NUL; nil where there are none.
    func list(_ index: Int) -> [RawText]? {
        guard let units = units(index) else { return nil }
        var list: [RawText] = []
        var text: [UInt16] = []
        for unit in units {
            if unit != 0 {
                text.append(unit)
            } else {
                list.append(RawText(utf16: text))
                text = []
            }
        }
        return list
    }

    /// Bytes, each of which is a unit.
    func bytes(_ index: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for unit in units(index) ?? [] { bytes.append(UInt8(truncatingIfNeeded: unit)) }
        return bytes
    }

    private func units(_ index: Int) -> [UInt16]? { index < texts.count ? texts[index] : nil }
}

/// The rows of a list, as far as they could be read.
struct WindowsRows {
    var items: [WindowsRow] = []
    /// Why they are not all; nil if they are.
    var failure: SourceFailure?

    /// Why a row's key of the registry could not be opened, if there is such a one, is why they are not
    /// all.
    @inline(never)
    mutating func noteUnreadableKeys() {
        for row in items where row.numbers[7] != 0 { failure = .system(Int32(row.numbers[7])) }
    }

    /// Whether there is nothing that has such rows.
    var isAbsent: Bool {
        guard case .system(let code) = failure else { return false }
        return HostError([], code).isAbsence
    }
}
