import Database
import Query
import SQLScripts
import Text

/// Finds the executions whose processes break rules, without reading their names.
///
/// Each name in the database is compared with the patterns once; of each execution only ids are read.
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
    /// Sets of questions, as their indices; the first is empty. A name is of the class of the questions
    /// whose patterns match it.
    private var classes: [[Int]] = [[]]
    /// The index in `classes` by `Process_ID`; `noClass` for an id that is not in the database.
    private var classOfProcess: [UInt16] = []
    private var isUser: [Bool] = []
    private let ids: any Statement
    private let process: any Statement
    private let user: any Statement

    private static let noClass = UInt16.max
    /// The greatest id of which a table is made. A database with a greater one is not screened.
    private static let greatestID: Int64 = 1 << 26
    /// The number of names that are looked up together.
    private static let namesAtOnce = 512
    /// The most processes of an execution that are looked up one by one.
    private static let few = 20

    /// Reads all names.
    /// - Returns: nil if no rule is about processes, or there are too many ids or classes.
    init?(_ rules: [Rule], in database: any Database) throws(DatabaseError) {
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
        var names = NameTable()
        var classOfName: [UInt16] = []
        var numberOfClass: [[Int]: UInt16] = [[]: 0]
        var ids: [Int] = []
        var block = NameBlock()
        var numbers: [Int] = []
        let processes = try database.prepare(Scripts.Query.processNames)
        var isLast = false
        while !isLast {
            ids.removeAll(keepingCapacity: true)
            block.removeAll()
            while !isLast && ids.count < Self.namesAtOnce {
                if try processes.step() {
                    let id = processes.integer(0)
                    guard 0..<Self.greatestID ~= id else { return false }
                    ids.append(Int(id))
                    block.append { processes.appendText(1, to: &$0) }
                } else {
                    isLast = true
                }
            }
            numbers.removeAll(keepingCapacity: true)
            names.appendNumbers(of: block, to: &numbers)
            for number in classOfName.count..<names.count {
                let own = questions(about: names.name(number))
                if numberOfClass[own] == nil {
                    guard classes.count < Int(Self.noClass) else { return false }
                    numberOfClass[own] = UInt16(classes.count)
                    classes.append(own)
                }
                classOfName.append(numberOfClass[own]!)
            }
            let missing = (ids.last ?? 0) + 1 - classOfProcess.count
            if missing > 0 { classOfProcess += repeatElement(Self.noClass, count: missing) }
            for (id, number) in zip(ids, numbers) { classOfProcess[id] = classOfName[number] }
        }
        return true
    }

    /// The indices of the questions whose patterns match a name.
    private func questions(about name: ArraySlice<UInt8>) -> [Int] {
        let scalars = Array(String(decoding: name, as: UTF8.self).unicodeScalars)
        return questions.indices.filter { question in
            questions[question].names.contains { $0.matches(scalars) }
        }
    }

    /// A process whose name some question is about.
    private struct Match {
        let process: Int64
        let owner: Int64?
        let questions: [Int]
    }

    /// What the processes of an execution break.
    /// - Returns: nil if an execution refers to what is not in the database.
    func outcome(of execution: Int64) throws(DatabaseError) -> Outcome? {
        var matches: [Match] = []
        try ids.bind([.integer(execution)])
        defer { ids.reset() }
        while try ids.step() {
            let process = ids.integer(0)
            guard classOfProcess.indices ~= Int(process) else { return nil }
            let number = classOfProcess[Int(process)]
            if number == Self.noClass { return nil }
            let owner = ids.isNull(1) ? nil : ids.integer(1)
            if let owner {
                guard isUser.indices ~= Int(owner), isUser[Int(owner)] else { return nil }
            }
            if number == 0 { continue }
            matches.append(
                Match(process: process, owner: owner, questions: classes[Int(number)]))
        }
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
