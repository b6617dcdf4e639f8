/// A pattern of names, as glob(7) has it: `*` is any text, `?` any one character, `[a-z]` one
/// of a set, `[!a-z]` (or `[^a-z]`) one that is not in it, and a backslash takes the next
/// character for what it is. All else is itself, and the whole name has to match.
///
/// Characters are Unicode scalars: nothing is normalized and case counts, so that two names match
/// the same patterns only if their bytes are the same. A `/` and a leading `.` are not special.
package struct Glob: Hashable, Sendable {
    /// The pattern, as it was given.
    package let pattern: String
    /// Scalars, or what no scalar is: one of the codes below, or the index of a set above them.
    private let elements: [UInt32]
    private let sets: [ScalarSet]

    private static let anyText: UInt32 = 0x8000_0000
    private static let anyScalar: UInt32 = 0x8000_0001
    private static let firstSet: UInt32 = 0x8000_0002

    private struct ScalarSet: Hashable, Sendable {
        let ranges: [ClosedRange<Unicode.Scalar>]
        let isNegated: Bool
    }

    /// What is wrong with a pattern.
    package struct InvalidPattern: Error, Hashable, Sendable, CustomStringConvertible {
        /// The pattern, as it was given.
        package let pattern: String
        /// How many Unicode scalars stand before the fault.
        package let offset: Int
        /// What is wrong with it, in a clause.
        package let reason: String

        /// The message: the pattern, then what is wrong with it.
        package var description: String { "the pattern \"\(visible(pattern))\": \(reason)" }
    }

    /// Reads a pattern of glob(7).
    /// - Throws: where a bracket is not closed, or a backslash ends the pattern.
    package init(_ pattern: String) throws(InvalidPattern) {
        self.pattern = pattern
        var parser = GlobParser(pattern)
        var elements: [UInt32] = []
        var sets: [ScalarSet] = []
        while let scalar = parser.next() {
            switch scalar {
            case "*": if elements.last != Self.anyText { elements.append(Self.anyText) }
            case "?": elements.append(Self.anyScalar)
            case "[":
                let (ranges, isNegated) = try parser.set()
                elements.append(Self.firstSet + UInt32(sets.count))
                sets.append(ScalarSet(ranges: ranges, isNegated: isNegated))
            case "\\": elements.append(try parser.escaped().value)
            default: elements.append(scalar.value)
            }
        }
        self.elements = elements
        self.sets = sets
    }

    /// A pattern that only the text itself matches.
    package init(exactly text: String) {
        pattern = text.unicodeScalars.reduce(into: "") {
            if "*?[\\".unicodeScalars.contains($1) { $0 += "\\" }
            $0.unicodeScalars.append($1)
        }
        elements = text.unicodeScalars.map { $0.value }
        sets = []
    }

    /// Whether the whole text matches. Time is at the most that of the text's length times the
    /// pattern's: of several `*`, only the last one that was met is ever tried again.
    package func matches(_ text: String) -> Bool { matches(text.patternScalars) }

    /// The same, for a text that is compared with many patterns.
    package func matches(_ text: [Unicode.Scalar]) -> Bool {
        var element = 0
        var position = 0
        var retry: (element: Int, position: Int)?
        while position < text.count {
            if element < elements.count {
                let wanted = elements[element]
                if wanted == Self.anyText {
                    element += 1
                    retry = (element, position)
                    continue
                }
                if wanted == text[position].value || isOther(wanted, text[position]) {
                    element += 1
                    position += 1
                    continue
                }
            }
            guard let last = retry else { return false }
            element = last.element
            position = last.position + 1
            retry = (element, position)
        }
        return elements[element...].allSatisfy { $0 == Self.anyText }
    }

    /// Whether an element that is no scalar stands for this one.
    private func isOther(_ element: UInt32, _ scalar: Unicode.Scalar) -> Bool {
        if element < Self.anyScalar { return false }
        if element == Self.anyScalar { return true }
        let set = sets[Int(element - Self.firstSet)]
        return set.ranges.contains { $0 ~= scalar } != set.isNegated
    }
}

// For automata of many patterns.
extension Glob {
    /// The number of its elements, which are characters, sets, `?` and `*`.
    package var elementCount: Int { elements.count }

    /// Whether an element is `*`.
    package func isAnyText(_ element: Int) -> Bool { elements[element] == Self.anyText }

    /// Whether an element that is not `*` stands for a character.
    package func isMatch(_ element: Int, _ scalar: Unicode.Scalar) -> Bool {
        elements[element] == scalar.value || isOther(elements[element], scalar)
    }
}

/// Reads a pattern from its start to its end.
private struct GlobParser {
    private let pattern: String
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func next() -> Unicode.Scalar? {
        if position == scalars.count { return nil }
        position += 1
        return scalars[position - 1]
    }

    /// What follows a backslash.
    mutating func escaped() throws(Glob.InvalidPattern) -> Unicode.Scalar {
        guard let scalar = next() else {
            throw fault(at: position - 1, "nothing follows the backslash at its end")
        }
        return scalar
    }

    /// The rest of a set, after its `[`. A `]` that comes first is one of its members.
    mutating func set() throws(Glob.InvalidPattern) -> ([ClosedRange<Unicode.Scalar>], Bool) {
        let start = position - 1
        var isNegated = false
        if position < scalars.count, scalars[position] == "!" || scalars[position] == "^" {
            isNegated = true
            position += 1
        }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let scalar = next() {
            if scalar == "]" && !ranges.isEmpty { return (ranges, isNegated) }
            let memberStart = position - 1
            let first = scalar == "\\" ? try escaped() : scalar
            guard position + 1 < scalars.count, scalars[position] == "-",
                scalars[position + 1] != "]"
            else {
                ranges.append(first...first)
                continue
            }
            position += 2
            let last = scalars[position - 1] == "\\" ? try escaped() : scalars[position - 1]
            if last < first {
                throw fault(at: memberStart, "the range \(first)-\(last) is the wrong way round")
            }
            ranges.append(first...last)
        }
        throw fault(at: start, "\"[\" has no \"]\"; \"\\[\" is the character itself")
    }

    private func fault(at offset: Int, _ reason: String) -> Glob.InvalidPattern {
        Glob.InvalidPattern(pattern: pattern, offset: offset, reason: reason)
    }
}
