import Text

/// Sorts names into classes by the lists of patterns that match them.
struct NameClasses {
    /// The number of no class.
    static let none = UInt16.max

    /// By the number of a class: the indices of the lists of which a pattern matches its names. No list
    /// matches those of the first.
    private(set) var classes: [[Int]] = [[]]
    private var numbers: [[Int]: UInt16] = [[]: 0]
    private let lists: [[Glob]]
    private var automaton: GlobAutomaton
    /// By the index of a pattern in the automaton: that of its list.
    private let listOfGlob: [Int]
    /// By the state of the automaton: the class; `none` until it was asked for.
    private var classOfState: [UInt16] = []
    /// Names that the automaton does not know, and their classes.
    private var others = NameTable()
    private var classOfOther: [UInt16] = []

    init(_ lists: [[Glob]]) {
        self.lists = lists
        automaton = GlobAutomaton(lists.flatMap(\.self))
        listOfGlob = lists.indices.flatMap { list in lists[list].map { _ in list } }
    }

    /// The number of the class of a name, in UTF-8; nil if there are too many classes.
    mutating func number(of name: ArraySlice<UInt8>) -> UInt16? {
        guard let state = automaton.state(of: name) else { return numberOfOther(name) }
        if state < classOfState.count && classOfState[state] != Self.none {
            return classOfState[state]
        }
        let matching = Set(automaton.matches[state].map { listOfGlob[$0] })
        guard let number = number(of: matching.sorted()) else { return nil }
        let missing = state + 1 - classOfState.count
        if missing > 0 { classOfState += repeatElement(Self.none, count: missing) }
        classOfState[state] = number
        return number
    }

    /// Compares each different name once.
    private mutating func numberOfOther(_ name: ArraySlice<UInt8>) -> UInt16? {
        let index = others.number(of: name.span)
        if index == classOfOther.count {
            let scalars = Array(String(decoding: name, as: UTF8.self).unicodeScalars)
            let matching = lists.indices.filter { list in
                lists[list].contains { $0.matches(scalars) }
            }
            guard let number = number(of: matching) else { return nil }
            classOfOther.append(number)
        }
        return classOfOther[index]
    }

    private mutating func number(of lists: [Int]) -> UInt16? {
        if let number = numbers[lists] { return number }
        guard classes.count < Int(Self.none) else { return nil }
        let number = UInt16(classes.count)
        numbers[lists] = number
        classes.append(lists)
        return number
    }
}
