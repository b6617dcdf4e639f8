import Database
import Query
import SQLScripts
import Text

/// Finds the executions whose processes break rules, without reading their names.
///
/// Each name in the database is compared with the patterns once; of each execution only ids are read. Those
/// of most executions of a database are read in one pass, which takes less time than one by one.
struct ProcessScreening {
    /// What the processes of an execution break.
    struct Outcome {
        /// The rules that they break, or that need the owner of one that is unknown.
        let broken: Set<Int>
        /// The processes that the broken rules are about, sorted by PID and name; nil if they are many.
        let processes: [ObservedProcess]?
    }

    /// Patterns of which one matches a name, as a rule asks for.
    private struct Question {
        let rule: Int
        let names: [Glob]
        /// The ids of the users to whom such processes may belong; nil if that does not matter.
        var owners: Set<Int64>?
        /// Whether no such process breaks the rule, and not one.
        let isRequired: Bool
    }

    private var questions: [Question] = []
    /// Sets of questions, as their indices; see `NameClasses`.
    private var classes: [[Int]] = []
    /// The index in `classes` by `Process_ID`; `noClass` for an id that is not in the database.
    private var classOfProcess: [UInt16] = []
    private var isUser: [Bool] = []
    /// What one pass has found, by `Execution_ID`; nil if each execution is read by itself.
    private var outcomes: [Int64: Outcome]?
    private let ids: any Statement
    private let process: any Statement
    private let user: any Statement

    private static let noClass = NameClasses.none
    /// The greatest id of which a table is made. A database with a greater one is not screened.
    private static let greatestID: Int64 = 1 << 26
    /// The most processes of an execution that are looked up one by one.
    private static let few = 20

    /// The number of rows that are read together.
    private static let rowsAtOnce = 1024

    /// Reads all names, and the processes of all executions if most of them are asked for.
    /// - Parameter executions: those that will be asked for, by `Execution_ID`.
    /// - Returns: nil if no rule is about processes, there are too many ids or classes, or a name is no text.
    init?(
        _ rules: [Rule], of executions: [Int64], in database: any Database
    ) throws(DatabaseError) {
        ids = try database.prepare(Scripts.Query.processIDs)
        process = try database.prepare(Scripts.Query.process)
        user = try database.prepare(Scripts.Query.userName)
        var owners: [Int: [Glob]] = [:]
        for (index, rule) in rules.enumerated() {
            switch rule.requirement {
            case .forbiddenProcesses(let names):
                questions.append(Question(rule: index, names: names, isRequired: false))
            case .requiredProcesses(let all):
                for names in all {
                    questions.append(Question(rule: index, names: names, isRequired: true))
                }
            case .processOwners(let names, let users):
                owners[questions.count] = users
                questions.append(
                    Question(rule: index, names: names, owners: [], isRequired: false))
            case .items, .passwordMaxAge, .allowedSystems: break
            }
        }
        if questions.isEmpty { return nil }
        guard try readUsers(owners, in: database), try readProcesses(in: database) else {
            return nil
        }
        // On a server no other statement may run while rows are read.
        if database.isEmbedded,
            let all = try database.prepare(Scripts.Query.executionCount).firstInteger(),
            executions.count > all / 2
        {
            outcomes = try readAll(Set(executions), in: database)
        }
    }

    private mutating func readUsers(
        _ owners: [Int: [Glob]], in database: any Database
    ) throws(DatabaseError) -> Bool {
        let users = try database.prepare(Scripts.Query.userNames)
        while try users.step() {
            let id = users.integer(0)
            guard 0..<Self.greatestID ~= id else { return false }
            let missing = Int(id) + 1 - isUser.count
            if missing > 0 { isUser += repeatElement(false, count: missing) }
            isUser[Int(id)] = true
            let name = users.text(1).patternScalars
            for (question, globs) in owners where globs.contains(where: { $0.matches(name) }) {
                questions[question].owners?.insert(id)
            }
        }
        return true
    }

    private mutating func readProcesses(in database: any Database) throws(DatabaseError) -> Bool {
        var names = NameClasses(questions.map(\.names))
        let processes = try database.prepare(Scripts.Query.processNames)
        var rows = Rows(columnCount: 2)
        var isLast = false
        while !isLast {
            rows.removeAll()
            isLast = try !processes.read(Self.rowsAtOnce, into: &rows)
            let last = rows.isEmpty ? 0 : rows.integer(rows.count - 1, 0) ?? -1
            guard 0..<Self.greatestID ~= last else { return false }
            let missing = Int(last) + 1 - classOfProcess.count
            if missing > 0 { classOfProcess += repeatElement(Self.noClass, count: missing) }
            for row in 0..<rows.count {
                guard let id = rows.integer(row, 0), id >= 0, let name = rows.text(row, 1),
                    let number = names.number(of: name)
                else { return false }
                classOfProcess[Int(id)] = number
            }
        }
        classes = names.classes
        return true
    }

    /// A process whose name some question is about.
    private struct Match {
        let process: Int64
        let owner: Int64?
        let questions: [Int]
    }

    /// What was found among the processes of an execution.
    private struct Findings {
        var matches: [Match] = []
        /// Whether it refers to what is not in the database.
        var isDamaged = false
    }

    /// Takes a process into account: its id is in the first column, that of its owner in the second.
    private func add(_ row: Int, of links: Rows, to findings: inout Findings) {
        guard let process = links.integer(row, 0), classOfProcess.indices ~= Int(process),
            classOfProcess[Int(process)] != Self.noClass
        else {
            findings.isDamaged = true
            return
        }
        let number = Int(classOfProcess[Int(process)])
        var owner: Int64?
        switch links[row, 1] {
        case .null: break
        case .integer(let id) where isUser.indices ~= Int(id) && isUser[Int(id)]: owner = id
        default: findings.isDamaged = true
        }
        if number == 0 { return }
        findings.matches.append(
            Match(process: process, owner: owner, questions: classes[number]))
    }

    /// What the processes of an execution break.
    /// - Returns: nil if an execution refers to what is not in the database, or may have no processes.
    func outcome(of execution: Int64) throws(DatabaseError) -> Outcome? {
        if let outcomes { return outcomes[execution] }
        var findings = Findings()
        try ids.bind([.integer(execution)])
        defer { ids.reset() }
        var links = Rows(columnCount: 2)
        var isLast = false
        while !isLast {
            links.removeAll()
            isLast = try !ids.read(Self.rowsAtOnce, into: &links)
            for row in 0..<links.count { add(row, of: links, to: &findings) }
        }
        return try outcome(of: findings)
    }

    /// Reads all executions in one pass. One that refers to what is not in the database, or has no
    /// processes, has no outcome.
    private func readAll(
        _ executions: Set<Int64>, in database: any Database
    ) throws(DatabaseError) -> [Int64: Outcome] {
        var outcomes: [Int64: Outcome] = [:]
        var findings = Findings()
        var execution: Int64?
        func endExecution() throws(DatabaseError) {
            if let execution, executions.contains(execution) {
                outcomes[execution] = try outcome(of: findings)
            }
            findings = Findings()
        }
        let statement = try database.prepare(Scripts.Query.processLinks)
        var links = Rows(columnCount: 3)
        var isLast = false
        while !isLast {
            links.removeAll()
            isLast = try !statement.read(Self.rowsAtOnce, into: &links)
            for row in 0..<links.count {
                let next = links.integer(row, 2)
                if next != execution {
                    try endExecution()
                    execution = next
                }
                add(row, of: links, to: &findings)
            }
        }
        try endExecution()
        return outcomes
    }

    private func outcome(of findings: Findings) throws(DatabaseError) -> Outcome? {
        if findings.isDamaged { return nil }
        let matches = findings.matches
        var isSeen = [Bool](repeating: false, count: questions.count)
        for match in matches {
            for question in match.questions where isBreaking(match, question) {
                isSeen[question] = true
            }
        }
        let broken = Set(
            questions.indices.filter { isSeen[$0] != questions[$0].isRequired }
                .map { questions[$0].rule })
        // A rule may ask several questions; all answers make its findings.
        let own = matches.filter { match in
            match.questions.contains { broken.contains(questions[$0].rule) }
        }
        return Outcome(broken: broken, processes: try own.count > Self.few ? nil : observed(own))
    }

    /// Whether the process is one that the question asks for.
    private func isBreaking(_ match: Match, _ question: Int) -> Bool {
        guard let owners = questions[question].owners else { return true }
        return match.owner.map { !owners.contains($0) } ?? true
    }

    /// - Returns: nil if one is not in the database.
    private func observed(_ matches: [Match]) throws(DatabaseError) -> [ObservedProcess]? {
        var processes: [ObservedProcess] = []
        for match in matches {
            try process.bind([.integer(match.process)])
            guard try process.step() else { return nil }
            var observed = ObservedProcess(
                pid: process.integer(0), name: process.text(1), owner: nil)
            process.reset()
            if let owner = match.owner {
                try user.bind([.integer(owner)])
                if try user.step() { observed.owner = user.text(0) }
                user.reset()
            }
            processes.append(observed)
        }
        return processes.sorted { a, b in
            a.pid != b.pid ? a.pid < b.pid : ExactText(a.name) < ExactText(b.name)
        }
    }
}
