import Records

extension AccessList {
    /// The paths that a pattern of glob(7) stands for, whose wildcards may be in any of its names. A
    /// path without any need not be there.
    @inline(never)
    func paths(
        _ pattern: [UInt8], _ kinds: RecordChoice, _ source: String, _ tree: borrowing HostTree
    ) -> [[UInt8]] {
        var paths: [[UInt8]] = [[]]
        for name in pattern.split(separator: UInt8(ascii: "/")) {
            let name = Array(name)
            var found: [[UInt8]] = []
            for path in paths {
                guard isPattern(name) else {
                    found.append(join(path, withoutEscapes(name)))
                    continue
                }
                // A hidden name needs its dot in the pattern.
                let isHidden = name[0] == UInt8(ascii: ".")
                for entry in entries(kinds, source, path, tree, hidden: isHidden) ?? []
                where isMatch(entry, name) {
                    found.append(join(path, entry))
                }
                if found.count > AccessLimits.files {
                    finish(kinds, source, pattern, .tooMany)
                    return []
                }
            }
            paths = found
        }
        return paths
    }
}

/// Whether a name of a pattern stands for more than itself.
@inline(never)
private func isPattern(_ name: [UInt8]) -> Bool {
    var index = 0
    while index < name.count {
        switch name[index] {
        case UInt8(ascii: "\\"): index += 1
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): return true
        default: break
        }
        index += 1
    }
    return false
}

@inline(never)
private func withoutEscapes(_ name: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isEscaped = false
    for byte in name {
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        if !isEscaped { append(byte, to: &result) }
    }
    return result
}

/// Whether a name matches a pattern, byte by byte.
@inline(never)
func isMatch(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var (position, element) = (0, 0)
    var retry: (position: Int, element: Int)?
    while position < name.count {
        if byte(pattern, element) == UInt8(ascii: "*") {
            element += 1
            retry = (position, element)
            continue
        }
        var next = element
        if element < pattern.count, matchesOne(name[position], pattern, &next) {
            element = next
            position += 1
        } else if let last = retry {
            retry = (last.position + 1, last.element)
            (position, element) = (last.position + 1, last.element)
        } else {
            return false
        }
    }
    while byte(pattern, element) == UInt8(ascii: "*") { element += 1 }
    return element == pattern.count
}

/// Whether a byte matches the element of a pattern at an index, which goes behind it.
@inline(never)
private func matchesOne(_ candidate: UInt8, _ pattern: [UInt8], _ index: inout Int) -> Bool {
    let first = pattern[index]
    index += 1
    switch first {
    case UInt8(ascii: "?"): return true
    case UInt8(ascii: "\\"):
        if index == pattern.count { return candidate == first }
        index += 1
        return candidate == pattern[index - 1]
    case UInt8(ascii: "["):
        var end = index
        if let isMember = isInSet(candidate, pattern, &end) {
            index = end
            return isMember
        }
        return candidate == first
    default: return candidate == first
    }
}

/// Whether a byte is in the set of a pattern at an index, which goes behind it.
/// - Returns: nil if the set has no end: then its bracket is a byte as any other.
@inline(never)
private func isInSet(_ candidate: UInt8, _ pattern: [UInt8], _ index: inout Int) -> Bool? {
    let close = UInt8(ascii: "]")
    let isNegated = byte(pattern, index) == UInt8(ascii: "!")
    if isNegated { index += 1 }
    var isMember = false
    var isFirst = true
    while index < pattern.count {
        if pattern[index] == close && !isFirst {
            index += 1
            return isMember != isNegated
        }
        isFirst = false
        if has(pattern, index, "[:"), let isOfClass = isInClass(candidate, pattern, &index) {
            isMember = isMember || isOfClass
            continue
        }
        let low = escapedByte(pattern, &index)
        var high = low
        if byte(pattern, index) == UInt8(ascii: "-"), index + 1 < pattern.count,
            pattern[index + 1] != close
        {
            index += 1
            high = escapedByte(pattern, &index)
        }
        if low <= candidate && candidate <= high { isMember = true }
    }
    return nil
}

@inline(never)
private func escapedByte(_ pattern: [UInt8], _ index: inout Int) -> UInt8 {
    if pattern[index] == UInt8(ascii: "\\") && index + 1 < pattern.count { index += 1 }
    index += 1
    return pattern[index - 1]
}

/// Whether a byte is of the class at an index, `[:digit:]`, which goes behind it.
/// - Returns: nil if it is no class.
@inline(never)
private func isInClass(_ candidate: UInt8, _ pattern: [UInt8], _ index: inout Int) -> Bool? {
    var end = index + 2
    while 0x61...0x7A ~= byte(pattern, end) { end += 1 }
    if !has(pattern, end, ":]") { return nil }
    let name = part(pattern, index + 2, end)
    let isDigit = 0x30...0x39 ~= candidate
    let isLower = 0x61...0x7A ~= candidate
    let isUpper = 0x41...0x5A ~= candidate
    let isGraphic = 0x21...0x7E ~= candidate
    let isAlphanumeric = isDigit || isLower || isUpper
    let isOfClass: Bool
    if name.equals("alnum") {
        isOfClass = isAlphanumeric
    } else if name.equals("alpha") {
        isOfClass = isLower || isUpper
    } else if name.equals("blank") {
        isOfClass = candidate == 0x20 || candidate == 0x09
    } else if name.equals("cntrl") {
        isOfClass = candidate < 0x20 || candidate == 0x7F
    } else if name.equals("digit") {
        isOfClass = isDigit
    } else if name.equals("graph") {
        isOfClass = isGraphic
    } else if name.equals("lower") {
        isOfClass = isLower
    } else if name.equals("print") {
        isOfClass = isGraphic || candidate == 0x20
    } else if name.equals("punct") {
        isOfClass = isGraphic && !isAlphanumeric
    } else if name.equals("space") {
        isOfClass = isSpace(candidate)
    } else if name.equals("upper") {
        isOfClass = isUpper
    } else if name.equals("xdigit") {
        isOfClass = isDigit || 0x61...0x66 ~= candidate | 0x20
    } else {
        return nil
    }
    index = end + 2
    return isOfClass
}
