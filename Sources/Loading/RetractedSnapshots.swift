import Database
import Text

/// The snapshots that were retracted, which are not loaded unless the user asks for it.
struct RetractedSnapshots {
    private let database: any Database
    private let areLoaded: Bool
    private let newest: any Statement
    /// The newest `Retraction_ID` at the last look; 0 if there was none, nil before the first look.
    private var lastID: Int64?

    init(_ database: any Database, areLoaded: Bool) throws(DatabaseError) {
        self.database = database
        self.areLoaded = areLoaded
        newest = try database.prepare("SELECT MAX(Retraction_ID) FROM Retractions")
    }

    /// Whether there was a retraction since the last call.
    mutating func haveChanged() throws(DatabaseError) -> Bool {
        let id = try newest.firstInteger() ?? 0
        defer { lastID = id }
        return lastID.map { $0 != id } ?? false
    }

    /// Why snapshots are refused, by their ids.
    /// - Parameters:
    ///   - ids: rows of a `Snapshot_ID`.
    ///   - known: the ids of snapshots that are in the database.
    func reasons(_ ids: Rows, besides known: [String: String]) throws(DatabaseError) -> [String:
        String]
    {
        if areLoaded || lastID == 0 { return [:] }
        var keys = Rows(columnCount: 1)
        for row in 0..<ids.count where known[ids.string(row, 0)!] == nil {
            keys.append(row: row, of: ids)
        }
        let found = try database.find(
            ["Retracted_at", "Retracted_by", "Reason"], in: .retractions, by: keys)
        var reasons: [String: String] = [:]
        for row in 0..<keys.count {
            guard let date = found.string(row, 0), let reason = found.string(row, 2) else {
                continue
            }
            let id = keys.string(row, 0)!
            let user = found.string(row, 1).map { " by \($0)" } ?? ""
            reasons[id] =
                "snapshot \(id) was retracted on \(date)\(user) (\(reason)); use --again to load it"
        }
        return reasons
    }

    /// What else of the file is not loaded: `; 2 other snapshots of the file were not loaded`.
    static func text(ofOthers count: Int) -> String {
        switch count {
        case 0: ""
        case 1: "; another snapshot of the file was not loaded"
        default: "; \(count) other snapshots of the file were not loaded"
        }
    }
}
