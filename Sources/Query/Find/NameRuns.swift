import Database
import SQLScripts
import Text

/// Names, and the executions in which each occurs as runs of consecutive ids.
struct NameRuns {
    /// Each name after the byte of its kind.
    private var names = NameTable()
    /// The runs of each name, ascending, by its number.
    private(set) var runs: [[ClosedRange<Int64>]] = []
    /// The `Name_ID` of each name by its number: the index has gaps where names were taken out.
    private(set) var ids: [Int64] = []
    /// The `Name_ID` of the next name that the index does not have.
    private var nextID: Int64 = 0

    /// The number of names.
    var count: Int { runs.count }

    /// The name with a number, after the byte of its kind.
    func key(_ number: Int) -> [UInt8] { Array(names.name(number)) }

    /// The number of a name; a new one has no executions.
    mutating func append(_ key: [UInt8]) -> Int {
        let number = names.number(of: key.span)
        if number == runs.count {
            runs.append([])
            ids.append(nextID)
            nextID += 1
        }
        return number
    }

    /// Adds the names of a row of the index; rows are given in the order of their ids.
    /// - Throws: if a name is there already.
    mutating func append(_ row: NameRow, in database: any Database) throws(DatabaseError) {
        guard nextID <= row.first, row.first <= NameIndex.lastID else {
            throw database.damaged("\(NameIndexTables.names) has names with the same number")
        }
        nextID = row.first
        try row.forEachLine { _, line throws(DatabaseError) in
            let number = count
            guard append([row.kind] + NameRow.unescaped(line)) == number else {
                throw database.damaged("\(NameIndexTables.names) has a name twice")
            }
        }
    }

    /// Adds the names of the processes of executions, and of their owners.
    /// - Parameter executions: ascending ids, after those that were added before.
    mutating func add(
        _ executions: [Int64], in database: any Database
    ) throws(DatabaseError) {
        let links = try database.prepare(Scripts.Query.processIDs)
        var processes = NameNumbers(.process, try database.prepare(Scripts.Query.findProcessNames))
        var owners = NameNumbers(.owner, try database.prepare(Scripts.Query.findOwnerNames))
        // All rows of one statement are read before those of another, as a server wants it.
        var ids: [(process: Int64, owner: Int64?)] = []
        for execution in executions {
            ids.removeAll(keepingCapacity: true)
            try links.bind(execution, at: 0)
            while try links.step() {
                ids.append((links.integer(0), links.isNull(1) ? nil : links.integer(1)))
            }
            for (process, _) in ids {
                if let number = try processes.number(of: process, in: &self) {
                    add(number, execution)
                }
            }
            for case (_, let owner?) in ids {
                if let number = try owners.number(of: owner, in: &self) { add(number, execution) }
            }
        }
    }

    private mutating func add(_ number: Int, _ execution: Int64) {
        guard let last = runs[number].last else {
            runs[number].append(execution...execution)
            return
        }
        if last.upperBound == execution { return }
        if last.upperBound == execution &- 1 {
            runs[number][runs[number].count - 1] = last.lowerBound...execution
        } else {
            runs[number].append(execution...execution)
        }
    }
}

/// The names of processes, or of users, by their ids. They are read in blocks: consecutive executions
/// have ids close to each other.
private struct NameNumbers {
    private let kind: NameIndex.Kind
    private let rows: any Statement
    /// The names that were read, after the byte of their kind.
    private var names = NameTable()
    /// By the number of a block: the index in `names` of each of its ids; -1 for none.
    private var blocks: [Int64: [Int32]] = [:]
    /// By the index in `names`: the number in `NameRuns`; -1 for a name that was not asked for.
    private var numbers: [Int32] = []

    private static let blockBits: Int64 = 10

    /// - Parameter rows: the query of a range of ids, with their names.
    init(_ kind: NameIndex.Kind, _ rows: any Statement) {
        self.kind = kind
        self.rows = rows
    }

    /// The number of the name of an id; nil if there is none.
    mutating func number(of id: Int64, in runs: inout NameRuns) throws(DatabaseError) -> Int? {
        let block = id >> Self.blockBits
        if blocks[block] == nil { blocks[block] = try read(block) }
        let name = Int(blocks[block]![Int(id - (block << Self.blockBits))])
        if name < 0 { return nil }
        if numbers[name] < 0 { numbers[name] = Int32(runs.append(Array(names.name(name)))) }
        return Int(numbers[name])
    }

    private mutating func read(_ block: Int64) throws(DatabaseError) -> [Int32] {
        let first = block << Self.blockBits
        var indices = [Int32](repeating: -1, count: 1 << Self.blockBits)
        // The last block ends with the greatest integer.
        try rows.bind([.integer(first), .integer(first + Int64(indices.count - 1))])
        var offsets: [Int] = []
        var keys = NameBlock()
        while try rows.step() {
            keys.append {
                $0.append(kind.rawValue)
                rows.appendText(1, to: &$0)
            }
            offsets.append(Int(rows.integer(0) - first))
        }
        var found: [Int] = []
        names.appendNumbers(of: keys, to: &found)
        numbers += repeatElement(-1, count: names.count - numbers.count)
        for (offset, name) in zip(offsets, found) { indices[offset] = Int32(name) }
        return indices
    }
}
