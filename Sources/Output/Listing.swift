package import Database
package import Query
import Records
import SQLScripts

/// What `census list` lists from a database.
package enum Listing: Sendable {
    /// Each host with its names, and its first and last visit.
    case hosts
    /// Each execution, with how many processes, packages and so on it found.
    case executions
    /// Each receipt of a file, with the executions that came from it.
    case evidence

    /// The rows of a listing.
    package enum Rows {
        case table(RowTable)
        /// A prepared query; there may be many rows.
        case statement(any Statement)

        /// The titles of the columns.
        package var columns: [String] {
            switch self {
            case .table(let table): table.columns
            case .statement(let statement): statement.columnNames
            }
        }

        /// Writes the rows in chunks.
        /// - Parameters:
        ///   - limit: the maximum number of rows; nil for all.
        ///   - output: receives the bytes.
        package func write(
            _ format: RowFormat, limit: Int?, to output: ([UInt8]) throws -> Void
        ) throws -> WrittenRows {
            switch self {
            case .table(let table):
                let (bytes, written) = table.formatted(format, limit: limit)
                try output(bytes)
                return written
            case .statement(let statement):
                return try statement.write(format, limit: limit, to: output)
            }
        }

        /// Writes the rows to a workbook.
        package func write(
            to workbook: any Workbook, named name: String, limit: Int?
        ) throws -> WrittenRows {
            switch self {
            case .table(let table): try table.write(to: workbook, named: name, limit: limit)
            case .statement(let statement):
                try statement.write(to: workbook, named: name, limit: limit)
            }
        }
    }

    /// The rows. They are read in one state of the database if the caller has begun a transaction.
    /// - Parameter isPart: whether only evidence of the selected executions is listed.
    package func rows(
        of selection: ExecutionSelection, isPart: Bool, in database: any Database
    ) throws(DatabaseError) -> Rows {
        switch self {
        case .hosts:
            return .table(
                RowTable(HostList.columns, try HostList.rows(of: selection, in: database)))
        case .executions:
            let kinds = try ListedKind.collected(in: database).map(\.countColumn).joined()
            return .statement(
                try selection.prepare(
                    Scripts.List.executions.replacing("/* lists */", with: kinds), in: database))
        case .evidence:
            let all = Scripts.List.evidence
            let selected = all.replacing("/* selected", with: "").replacing("selected */", with: "")
            return .statement(try selection.prepare(isPart ? selected : all, in: database))
        }
    }
}

extension Report {
    /// All reports with their titles and columns.
    package static var table: RowTable {
        RowTable(
            ["Report", "Title", "Columns"],
            all.map { report in
                [
                    .text(report.word), .text(report.title),
                    .text(report.columns.joined(separator: ", ")),
                ]
            })
    }
}
