import Database
import SQLScripts
import Text

/// Finds the executions whose processes break rules, without reading their names.
///
/// Each name in the database is compared with the patterns once; of each execution only ids are read.
struct ProcessScreening {
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
    /// The indices in `questions` of those that are about some name; the first list is empty.
    private var classes: [[Int]] = [[]]
    /// The index in `classes` by `Process_ID`; `noClass` for an id that is not in the database.
    private var classOfProcess: [Int32] = []
    private var isUser: [Bool] = []
    private let ids: any Statement

    private static let noClass: Int32 = -1
    /// The greatest id of which a table is made. A database with a greater one is not screened.
    private static let greatestID: Int64 = 1 << 26

    /// Reads all names.
    /// - Returns: nil if no rule is about processes, or there are too many ids.
    init?(_ rules: [Rule], in database: any Database) throws(DatabaseError) {
        ids = try database.prepare(Scripts.Query.processIDs)
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
            let name = Array(users.text(1).unicodeScalars)
            for (question, globs) in owners where globs.contains(where: { $0.matches(name) }) {
                questions[question].owners?.insert(id)
            }
        }
        return true
    }

    private mutating func readProcesses(in database: any Database) throws(DatabaseError) -> Bool {
        var classOfName: [[UInt8]: Int32] = [:]
        var classNumbers: [[Int]: Int32] = [[]: 0]
        var name: [UInt8] = []
        let processes = try database.prepare(Scripts.Query.processNames)
        while try processes.step() {
            let id = processes.integer(0)
            guard 0..<Self.greatestID ~= id else { return false }
            let missing = Int(id) + 1 - classOfProcess.count
            if missing > 0 {
                classOfProcess += repeatElement(
                    Self.noClass, count: max(missing, classOfProcess.count))
            }
            name.removeAll(keepingCapacity: true)
            processes.appendText(1, to: &name)
            if let known = classOfName[name] {
                classOfProcess[Int(id)] = known
                continue
            }
            let scalars = Array(String(decoding: name, as: UTF8.self).unicodeScalars)
            let own = questions.indices.filter { question in
                questions[question].names.contains { $0.matches(scalars) }
            }
            let number = classNumbers[own] ?? Int32(classes.count)
            if number == classes.count {
                classes.append(own)
                classNumbers[own] = number
            }
            classOfName[name] = number
            classOfProcess[Int(id)] = number
        }
        return true
    }

    /// The rules that the processes of an execution break, or that need the owner of one that is unknown.
    /// - Returns: nil if an execution refers to what is not in the database.
    func rules(brokenBy execution: Int64) throws(DatabaseError) -> Set<Int>? {
        var broken: Set<Int> = []
        var isSeen = [Bool](repeating: false, count: questions.count)
        try ids.bind([.integer(execution)])
        defer { ids.reset() }
        while try ids.step() {
            let process = ids.integer(0)
            guard classOfProcess.indices ~= Int(process), classOfProcess[Int(process)] >= 0
            else { return nil }
            if !ids.isNull(1) {
                let owner = ids.integer(1)
                guard isUser.indices ~= Int(owner), isUser[Int(owner)] else { return nil }
            }
            let number = Int(classOfProcess[Int(process)])
            if number == 0 { continue }
            for question in classes[number] {
                isSeen[question] = true
                if let owners = questions[question].owners,
                    ids.isNull(1) || !owners.contains(ids.integer(1))
                {
                    broken.insert(questions[question].rule)
                }
            }
        }
        for (index, question) in questions.enumerated()
        where question.owners == nil && isSeen[index] != question.isRequired {
            broken.insert(question.rule)
        }
        return broken
    }
}
