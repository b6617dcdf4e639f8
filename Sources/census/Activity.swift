import Database
import Dispatch
import Files
import Output
import SystemPackage

/// A line on the terminal that says what a command is waiting for when it has shown nothing for a
/// second.
enum Activity {
    private struct UsedDatabase: Sendable {
        let name: String
        /// Nil for one on a server.
        let file: FilePath?
        let access: DatabaseAccess
    }

    private struct State: Sendable {
        /// The database; nil while no command uses one.
        var database: UsedDatabase?
        var lastOutput = ContinuousClock.now
        /// Whether the line is on the screen.
        var isShown = false
        /// Ends the thread of an earlier database.
        var number = 0
    }

    private static let state = Monitor(State())

    /// Begins to use a database. Without a terminal nothing is ever shown.
    static func begin(_ access: DatabaseAccess, _ name: String, file: FilePath?) {
        guard Console.isErrorTerminal else { return }
        let number = state.withLock { state in
            state.database = UsedDatabase(name: name, file: file, access: access)
            state.lastOutput = .now
            state.number += 1
            return state.number
        }
        DispatchQueue.global().async {
            while state.withLock({ watch(&$0, number) }) {
                CallingProcess.sleep(milliseconds: 200)
            }
        }
    }

    /// Shows the line if there has been no other for a second.
    /// - Returns: whether the database is still used.
    private static func watch(_ state: inout State, _ number: Int) -> Bool {
        guard let database = state.database, state.number == number else { return false }
        if ContinuousClock.now - state.lastOutput > .seconds(1) {
            if let line = line(of: database, isFirst: !state.isShown) {
                Console.showProgress(line)
                state.isShown = true
            }
            state.lastOutput = .now
        }
        return true
    }

    private static func line(of database: UsedDatabase, isFirst: Bool) -> String? {
        if let file = database.file, LockWait.isWaiting {
            guard let holder = LockHolder(of: file) else {
                return "waiting for \(database.name), which another program is using"
            }
            let name = holder.name.map { " (\($0))" } ?? ""
            return "waiting for \(database.name), which process \(holder.process)\(name) is using"
        }
        if !isFirst { return nil }
        switch database.access {
        case .read: return "reading \(database.name)"
        case .write: return "changing \(database.name)"
        case .create: return nil  // A load shows its progress, and may wait for its input.
        }
    }

    /// Something else has been shown.
    static func noteOutput() {
        state.withLock { state in
            state.lastOutput = .now
            state.isShown = false
        }
    }

    /// Removes the line, before something else is shown.
    static func clear() {
        state.withLock { state in
            if state.isShown { Console.clearProgress() }
            state.isShown = false
            state.lastOutput = .now
        }
    }

    /// Removes the line and shows no other: results are shown, or the database is not used any more.
    static func end() {
        clear()
        state.withLock { $0.database = nil }
    }
}
