import Text

/// The order of the versions of packages, as the system of packages that they are of compares them.
package enum PackageVersion {
    /// Whether one version is older than another.
    /// - Parameter type: the `type` of a `package` record: `deb`, `rpm`, … Versions of other types
    ///   than these compare like those of `rpm`.
    package static func precedes(_ a: String, _ b: String, type: String) -> Bool {
        let (a, b) = (a.carriedBytes, b.carriedBytes)
        return switch type {
        case "deb": compareDebian(a, b) < 0
        case "apk", "portage": compareAlpine(a, b) < 0
        default: compareRPM(a, b) < 0
        }
    }

    private typealias Text = ArraySlice<UInt8>

    // MARK: Debian

    /// By epoch, upstream version and revision, deb-version(7).
    private static func compareDebian(_ a: [UInt8], _ b: [UInt8]) -> Int {
        func parts(_ version: [UInt8]) -> (epoch: Text, upstream: Text, revision: Text) {
            var rest = version[...]
            var epoch = Text()
            if let colon = rest.firstIndex(of: colon) {
                epoch = rest[..<colon]
                rest = rest[(colon + 1)...]
            }
            guard let dash = rest.lastIndex(of: dash) else { return (epoch, rest, Text()) }
            return (epoch, rest[..<dash], rest[(dash + 1)...])
        }
        let (a, b) = (parts(a), parts(b))
        return first(
            compareNumbers(a.epoch, b.epoch), compareDebianParts(a.upstream, b.upstream),
            compareDebianParts(a.revision, b.revision))
    }

    /// Texts without digits and numbers in turn. A tilde precedes even the end of a text, and letters
    /// precede all other characters.
    private static func compareDebianParts(_ a: Text, _ b: Text) -> Int {
        func order(_ byte: UInt8?) -> Int {
            switch byte {
            case nil: 0
            case tilde?: -1
            case let byte? where isDigit(byte): 0
            case let byte? where isLetter(byte): Int(byte)
            case let byte?: Int(byte) + 256
            }
        }
        var (a, b) = (a, b)
        while !a.isEmpty || !b.isEmpty {
            while a.first.map({ !isDigit($0) }) ?? false || b.first.map({ !isDigit($0) }) ?? false {
                let (left, right) = (order(a.first), order(b.first))
                if left != right { return left - right }
                a = a.dropFirst()
                b = b.dropFirst()
            }
            let result = compareNumbers(takeDigits(&a), takeDigits(&b))
            if result != 0 { return result }
        }
        return 0
    }

    // MARK: RPM

    /// By epoch, version and release; a release counts only if both have one. Rpm's manual, "Version
    /// comparison", and vercmp(8) of pacman.
    private static func compareRPM(_ a: [UInt8], _ b: [UInt8]) -> Int {
        func parts(_ version: [UInt8]) -> (epoch: Text, version: Text, release: Text?) {
            let digits = version.prefix { isDigit($0) }
            let hasEpoch = version.dropFirst(digits.count).first == colon
            let rest = hasEpoch ? version[(digits.count + 1)...] : version[...]
            guard let dash = rest.lastIndex(of: dash) else {
                return (hasEpoch ? digits : Text(), rest, nil)
            }
            return (hasEpoch ? digits : Text(), rest[..<dash], rest[(dash + 1)...])
        }
        let (a, b) = (parts(a), parts(b))
        let result = first(
            compareNumbers(a.epoch, b.epoch), compareRPMParts(a.version, b.version))
        guard result == 0, let left = a.release, let right = b.release else { return result }
        return compareRPMParts(left, right)
    }

    /// Segments of letters or digits; all other characters only separate them. A tilde precedes
    /// everything, and a caret everything but the end of a text and a tilde.
    private static func compareRPMParts(_ a: Text, _ b: Text) -> Int {
        func isSeparator(_ byte: UInt8) -> Bool {
            !isDigit(byte) && !isLetter(byte) && byte != tilde && byte != caret
        }
        var (a, b) = (a, b)
        while !a.isEmpty || !b.isEmpty {
            a = a.drop(while: isSeparator)
            b = b.drop(while: isSeparator)
            if a.first == tilde || b.first == tilde {
                if a.first != tilde { return 1 }
                if b.first != tilde { return -1 }
                a = a.dropFirst()
                b = b.dropFirst()
                continue
            }
            if a.first == caret || b.first == caret {
                if a.isEmpty { return -1 }
                if b.isEmpty { return 1 }
                if a.first != caret { return 1 }
                if b.first != caret { return -1 }
                a = a.dropFirst()
                b = b.dropFirst()
                continue
            }
            guard let left = a.first, let right = b.first else { break }
            if isDigit(left) != isDigit(right) { return isDigit(left) ? 1 : -1 }
            let result =
                isDigit(left)
                ? compareNumbers(takeDigits(&a), takeDigits(&b))
                : compareTexts(take(&a, while: isLetter), take(&b, while: isLetter))
            if result != 0 { return result }
        }
        return a.isEmpty ? (b.isEmpty ? 0 : -1) : 1
    }

    // MARK: Alpine

    /// A part of a version of Alpine or Gentoo. A version that ends where another goes on with a
    /// part is older, unless that is a suffix of a pre-release; of two different parts the one that
    /// is listed first is the newer.
    private enum AlpinePart: Int {
        case firstNumber, number, letter, suffix, suffixNumber, hash, revision, end, invalid
    }

    /// `_alpha` to `_rc` precede the version without a suffix, the others follow it.
    private static let preReleases = ["alpha", "beta", "pre", "rc"]
    private static let postReleases = ["cvs", "svn", "git", "hg", "p"]

    /// Numbers between dots, a letter, suffixes and a revision: apk-tools' doc/apk-package.5.scd, and
    /// Gentoo's Package Manager Specification, 3.3.
    private static func compareAlpine(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var (a, b) = (AlpineParts(a), AlpineParts(b))
        while a.part == b.part && a.part != .end && a.part != .invalid {
            let result = compare(a, b)
            if result != 0 { return result }
            a.advance()
            b.advance()
        }
        if a.part == b.part { return 0 }
        if a.part == .suffix && a.isPreRelease { return -1 }
        if b.part == .suffix && b.isPreRelease { return 1 }
        return b.part.rawValue - a.part.rawValue
    }

    private static func compare(_ a: AlpineParts, _ b: AlpineParts) -> Int {
        switch a.part {
        case .number where a.value.first == zero || b.value.first == zero:
            // With a zero in front it is a fraction.
            compareTexts(a.value, b.value)
        case .firstNumber, .number, .suffixNumber, .revision: compareNumbers(a.value, b.value)
        case .suffix: a.suffixOrder - b.suffixOrder
        case .letter, .hash, .end, .invalid: compareTexts(a.value, b.value)
        }
    }

    private struct AlpineParts {
        private(set) var part = AlpinePart.firstNumber
        private(set) var value: Text
        private var rest: Text

        init(_ version: [UInt8]) {
            rest = version[...]
            value = takeDigits(&rest)
            if value.isEmpty { part = .invalid }
        }

        /// Before 0 the pre-releases, from 0 on the others.
        var suffixOrder: Int {
            let name = String(decoding: value, as: UTF8.self)
            if let index = preReleases.firstIndex(of: name) { return index - preReleases.count }
            return postReleases.firstIndex(of: name)!
        }

        var isPreRelease: Bool { suffixOrder < 0 }

        mutating func advance() {
            guard let byte = rest.first else {
                part = .end
                value = Text()
                return
            }
            if isLetter(byte) && byte >= UInt8(ascii: "a")
                && part.rawValue < AlpinePart.letter.rawValue
            {
                part = .letter
                value = rest.prefix(1)
                rest = rest.dropFirst()
                return
            }
            let after = rest.dropFirst()
            if byte == UInt8(ascii: "."), part.rawValue < AlpinePart.letter.rawValue {
                set(.number, after) { takeDigits(&$0) }
            } else if byte == UInt8(ascii: "_"), part.rawValue <= AlpinePart.suffixNumber.rawValue {
                set(.suffix, after) { take(&$0, while: isLetter) }
                let name = String(decoding: value, as: UTF8.self)
                if !(preReleases + postReleases).contains(name) { part = .invalid }
            } else if isDigit(byte), part == .suffix {
                set(.suffixNumber, rest) { takeDigits(&$0) }
            } else if byte == tilde, part.rawValue < AlpinePart.hash.rawValue {
                set(.hash, after) { take(&$0, while: { isDigit($0) || isLetter($0) }) }
            } else if byte == dash, after.first == UInt8(ascii: "r"),
                part.rawValue < AlpinePart.revision.rawValue
            {
                set(.revision, after.dropFirst()) { takeDigits(&$0) }
            } else {
                part = .invalid
                value = Text()
            }
        }

        private mutating func set(_ part: AlpinePart, _ from: Text, _ take: (inout Text) -> Text) {
            self.part = part
            rest = from
            value = take(&rest)
            if value.isEmpty { self.part = .invalid }
        }
    }

    // MARK: Parts

    private static let colon = UInt8(ascii: ":")
    private static let dash = UInt8(ascii: "-")
    private static let tilde = UInt8(ascii: "~")
    private static let caret = UInt8(ascii: "^")
    private static let zero = UInt8(ascii: "0")

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func take(_ text: inout Text, while condition: (UInt8) -> Bool) -> Text {
        let part = text.prefix(while: condition)
        text = text.dropFirst(part.count)
        return part
    }

    private static func takeDigits(_ text: inout Text) -> Text { take(&text, while: isDigit) }

    /// Numbers of any length; none is zero.
    private static func compareNumbers(_ a: Text, _ b: Text) -> Int {
        let (a, b) = (a.drop { $0 == zero }, b.drop { $0 == zero })
        return a.count != b.count ? a.count - b.count : compareTexts(a, b)
    }

    /// By their bytes.
    private static func compareTexts(_ a: Text, _ b: Text) -> Int {
        a.lexicographicallyPrecedes(b) ? -1 : a.elementsEqual(b) ? 0 : 1
    }

    private static func first(_ results: Int...) -> Int { results.first { $0 != 0 } ?? 0 }
}
