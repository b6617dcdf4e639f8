import Text

/// Compares names with many patterns at once, in the time of one: a deterministic automaton, each state of
/// which is made when a name first leads to it.
struct GlobAutomaton {
    /// A place in a pattern.
    private struct Position: Hashable, Comparable {
        let glob: Int
        let element: Int

        static func < (a: Position, b: Position) -> Bool {
            (a.glob, a.element) < (b.glob, b.element)
        }
    }

    private let globs: [Glob]
    /// By state: where a name that leads to it may stand in the patterns.
    private var positions: [[Position]] = []
    private var states: [[Position]: Int] = [:]
    /// By state and ASCII character: the next state; `unknown` until it was asked for.
    private var transitions: [UInt16] = []
    /// By state: the indices of the patterns that match a name that leads to it.
    private(set) var matches: [[Int]] = []

    private static let characters = 128
    private static let unknown = UInt16.max
    /// The most states that are made; each takes 256 bytes and more.
    private static let mostStates = 4096

    init(_ globs: [Glob]) {
        self.globs = globs
        var start: Set<Position> = []
        for glob in globs.indices { insert(Position(glob: glob, element: 0), into: &start) }
        _ = state(at: start)
    }

    /// The state to which a name leads.
    /// - Returns: nil if the name is not ASCII, or would need too many states.
    mutating func state(of name: ArraySlice<UInt8>) -> Int? {
        var state = 0
        for byte in name {
            guard byte < Self.characters else { return nil }
            let transition = state * Self.characters + Int(byte)
            if transitions[transition] == Self.unknown {
                guard positions.count < Self.mostStates else { return nil }
                transitions[transition] = UInt16(next(state, Unicode.Scalar(byte)))
            }
            state = Int(transitions[transition])
        }
        return state
    }

    /// The state that follows one by a character.
    private mutating func next(_ state: Int, _ character: Unicode.Scalar) -> Int {
        var next: Set<Position> = []
        for position in positions[state] {
            let glob = globs[position.glob]
            if position.element == glob.elementCount { continue }
            if glob.isAnyText(position.element) {
                insert(position, into: &next)
            } else if glob.isMatch(position.element, character) {
                insert(Position(glob: position.glob, element: position.element + 1), into: &next)
            }
        }
        return self.state(at: next)
    }

    /// Inserts a position, and the one behind it if that may be reached without a character.
    private func insert(_ position: Position, into positions: inout Set<Position>) {
        positions.insert(position)
        let glob = globs[position.glob]
        if position.element < glob.elementCount && glob.isAnyText(position.element) {
            insert(Position(glob: position.glob, element: position.element + 1), into: &positions)
        }
    }

    private mutating func state(at set: Set<Position>) -> Int {
        let positions = set.sorted()
        if let state = states[positions] { return state }
        let state = self.positions.count
        states[positions] = state
        self.positions.append(positions)
        transitions += repeatElement(Self.unknown, count: Self.characters)
        matches.append(
            positions.filter { $0.element == globs[$0.glob].elementCount }.map(\.glob))
        return state
    }
}
