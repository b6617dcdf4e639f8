package import Database
import SQLScripts

/// The rows of `census list hosts`: each host of a selection under all its names. Memory is
/// proportional to the number of hosts.
package enum HostList {
    /// The titles of the rows.
    package static let columns = [
        "Server_ID", "Hostname", "IP", "Host_ID", "Other_names", "Other_addresses", "System",
        "First_visit", "Last_visit", "Executions",
    ]

    /// The rows, sorted by `Server_ID`. Several names or addresses are separated by a comma and a
    /// space; NULL is none.
    package static func rows(
        of selection: ExecutionSelection, in database: any Database
    ) throws(DatabaseError) -> [[Value]] {
        let names = try textsByServer(selection.prepare(Scripts.List.names, in: database))
        let addresses = try textsByServer(selection.prepare(Scripts.List.addresses, in: database))
        func others(_ all: [Int64: [String]], _ id: Int64, than one: String?) -> Value {
            let others = (all[id] ?? []).filter { text in
                one.map { !$0.utf8.elementsEqual(text.utf8) } ?? true
            }
            return others.isEmpty ? .null : .text(others.joined(separator: ", "))
        }
        let statement = try selection.prepare(Scripts.List.hosts, in: database)
        var rows: [[Value]] = []
        while try statement.step() {
            let id = statement.integer(0)
            let (name, ip) = (statement.textOrNil(1), statement.textOrNil(2))
            let system = [statement.text(4), statement.textOrNil(5)].compactMap(\.self)
            rows.append([
                .integer(id), Value(name), Value(ip), .text(statement.text(3)),
                others(names, id, than: name), others(addresses, id, than: ip),
                .text(system.joined(separator: " ")), Value(statement.textOrNil(6)),
                Value(statement.textOrNil(7)), .integer(statement.integer(8)),
            ])
        }
        return rows
    }
}
