import Database
import Evidence
import Records
import Text

extension Loader {
    /// The number of rows of PROCESSES_PER_EXECUTION that are inserted together.
    private static let linksAtOnce = 8192

    func insertExecutions(
        _ entries: [Entry], _ servers: [Int64], _ receipts: [Int64], _ links: [Link]
    ) throws(DatabaseError) {
        var rows = Rows(columnCount: Self.executionColumns.count)
        for (entry, server) in zip(entries, servers) {
            let snapshot = entry.snapshot
            rows.append(server)
            rows.append(snapshot.header.takenAt.sqlText)
            rows.append(operatingSystems.id(entry.operatingSystem))
            rows.append(entry.processor.map(processors.id))
            rows.append(snapshot.areProcessesKnown)
            for kind in ListedKind.all {
                rows.append(snapshot.isKnown(kind))
                if case .set(let set) = entry.items[kind.index] {
                    rows.append(set.map { sets[kind.index]!.id($0) })
                }
            }
            rows.append(snapshot.sha256)
            rows.append(receipts[entry.file])
            rows.append(entry.isDatePossible)
            rows.append(snapshot.unreadFiles?.stored)
            ObservedColumns.append(snapshot, to: &rows)
        }
        let executions = try database.insert(
            rows, into: .executions, columns: Self.executionColumns)

        var addressRows = Rows(columnCount: 2)
        var itemRows = ListedKind.all.map { _ in Rows(columnCount: 2) }
        var linkRows = Rows(columnCount: 3)
        for (entry, execution) in zip(entries, executions) {
            let addresses = Set((entry.snapshot.host.addresses ?? []).map { Array($0.utf8) })
            for address in addresses.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                addressRows.append(execution)
                addressRows.append(address[...])
            }
            for kind in itemRows.indices {
                guard case .links(let links) = entry.items[kind] else { continue }
                for item in links.map(items[kind].id).sorted() {
                    itemRows[kind].append(execution)
                    itemRows[kind].append(item)
                }
            }
            append(links[entry.links], execution, to: &linkRows)
            if linkRows.count >= Self.linksAtOnce {
                try insertLinks(linkRows)
                linkRows.removeAll()
            }
        }
        try insertLinks(linkRows)
        try database.insert(
            addressRows, into: "ADDRESSES_PER_EXECUTION", columns: ["Execution_ID", "Address"])
        for kind in ListedKind.all {
            try database.insert(
                itemRows[kind.index], into: kind.linkTable,
                columns: [kind.linkColumn, kind.idColumn])
        }
    }

    private func insertLinks(_ rows: Rows) throws(DatabaseError) {
        try database.insert(
            rows, into: "PROCESSES_PER_EXECUTION",
            columns: ["Execution_ID", "Process_ID", "Owner_ID"])
    }

    /// Appends an execution's rows of PROCESSES_PER_EXECUTION in key order, so that the table grows
    /// at its end. A process listed twice has one row, with the first owner that is known.
    private func append(_ links: ArraySlice<Link>, _ execution: Int64, to rows: inout Rows) {
        var pairs: [Pair] = []
        pairs.reserveCapacity(links.count)
        for (index, link) in links.enumerated() {
            pairs.append(
                Pair(
                    process: processes.id(Int(link.process)),
                    owner: link.owner < 0 ? -1 : items[Self.users].id(Int(link.owner)),
                    index: link.owner < 0 ? .max : Int32(index)))
        }
        pairs.sort { $0.process != $1.process ? $0.process < $1.process : $0.index < $1.index }
        var previous: Int64 = -1
        for pair in pairs where pair.process != previous {
            rows.append(execution)
            rows.append(pair.process)
            rows.append(pair.owner < 0 ? nil : pair.owner)
            previous = pair.process
        }
    }

    /// The ids of a process and its owner; an owner of -1 is unknown.
    private struct Pair {
        let process: Int64
        let owner: Int64
        /// The position in the snapshot; the highest number for an unknown owner.
        let index: Int32
    }

    private static let executionColumns =
        [
            "Server_ID", "Exec_date", "OS_ID", "Processor_ID", "Processes_known",
        ]
        + ListedKind.all.flatMap { kind in
            [kind.knownColumn] + (kind.setTable == nil ? [] : [kind.linkColumn])
        }
        + ["Snapshot_SHA256", "Receipt_ID", "Date_is_possible", "Unread_files"]
        + ObservedColumns.names
}
