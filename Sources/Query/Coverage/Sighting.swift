import Database
import Evidence
import Records
import SQLScripts
import Text

/// The time, identity and completeness of one execution of a host.
struct Sighting {
    let executionID: Int64
    let serverID: Int64
    /// `2026-11-23 05:13:11`, like all times here: they sort as text.
    let date: String
    let hostname: String?
    let ip: String?
    let processor: String?
    let bootTime: String?
    let container: String?
    let system: ReleaseDates.System
    let hardware: Hardware
    /// The set of keys of SSH; nil if unknown.
    let hostKeySetID: Int64?
    /// The digest of the file.
    let sha256: String?
    /// The verdict on the file's signature when it was loaded; nil if there was none.
    let signature: FileSignature.Verdict?
    /// The key that signed the file: `ssh-ed25519 SHA256:…`.
    let signerKey: String?
    /// Nil if the execution was added by a stored procedure.
    let receivedAt: String?
    /// Whether the date is not after the loading of the file, within the tolerance.
    let isDatePossible: Bool
    /// The reasons why the execution can be incomplete.
    let doubts: [String]
    /// All addresses except loopback and link-local ones; empty until they are read.
    var addresses: Set<ExactText> = []

    /// All executions, grouped by host, newest first.
    static func all(in database: any Database) throws(DatabaseError) -> any Statement {
        let lists = ListedKind.all.map { ", e.\($0.knownColumn)" }.joined()
        let sightings = Scripts.Query.sightings.replacing("/* lists */", with: lists)
        return try database.prepare(
            "\(sightings) ORDER BY Server_ID, \(NewestFirst.order)")
    }

    /// Reads the current row, in the order of query_sightings.sql.
    init(_ row: any Statement) {
        var row = ColumnReader(row)
        executionID = row.integer()
        serverID = row.integer()
        date = row.text()
        hostname = row.textOrNil()
        ip = row.textOrNil()
        processor = row.textOrNil()
        bootTime = row.textOrNil()
        container = row.textOrNil()
        system = ReleaseDates.System(
            name: row.text(), version: row.textOrNil(), platform: row.textOrNil(),
            kernel: row.textOrNil(), generator: row.textOrNil())
        receivedAt = row.textOrNil()
        let (areProcessesKnown, user) = (row.integer(), row.integerOrNil())
        let (areHidden, unreadable) = (row.integerOrNil(), row.integerOrNil())
        isDatePossible = row.integer() != 0
        let isElevated = row.integerOrNil()
        let hardware = Hardware(
            uuid: row.textOrNil(), serial: row.textOrNil(), vendor: row.textOrNil(),
            model: row.textOrNil(), interfaces: row.textOrNil())
        // A container has the hardware of the machine that it is on. Where nothing says whether it is
        // one, it may be.
        let isMachine = container == "none" || container == nil && system.platform == "windows"
        self.hardware = isMachine ? hardware : Hardware()
        hostKeySetID = row.integerOrNil()
        sha256 = row.textOrNil()
        signature = row.textOrNil().flatMap(FileSignature.Verdict.init)
        signerKey = row.textOrNil()
        let unreadFiles = row.textOrNil().map(UnreadFiles.init(stored:))
        var doubts: [String] = []
        if areProcessesKnown == 0 { doubts.append("processes unknown") }
        for kind in ListedKind.all {
            let isKnown = row.integerOrNil()
            if isKnown == 0 {
                doubts.append(
                    kind == .users ? "\(kind.name) unknown" : "some \(kind.name) unknown")
            } else if isKnown == nil && unreadFiles != nil && kind.isOnEveryHost {
                doubts.append("\(kind.name) unknown")
            }
        }
        if let user, user != 0 { doubts.append("not run as root") }
        if isElevated == 0 { doubts.append("not run as administrator") }
        if let areHidden, areHidden != 0 { doubts.append("some processes hidden") }
        if let unreadable, unreadable != 0 { doubts.append("\(unreadable) processes unreadable") }
        doubts += unreadFiles?.doubts(isRoot: user == nil || user == 0) ?? []
        self.doubts = doubts
    }

    /// `web-01 192.0.2.10`.
    var text: String {
        let names = [hostname, ip].compactMap(\.self)
        let place = container.flatMap { $0 == "none" || $0.isEmpty ? nil : "(\($0))" }
        let text = (names + [place].compactMap(\.self)).joined(separator: " ")
        return text.isEmpty ? "a host without name and address" : text
    }
}

extension UnreadFiles {
    /// The first of the files: `could not read etc/shadow: Input/output error`, `2 more`. What another
    /// user than root may not read is no surprise.
    func doubts(isRoot: Bool) -> [String] {
        let files = files.filter { isRoot || !$0.hasSuffix(": Permission denied") }
        var texts = Array(files.prefix(3))
        if let first = texts.first { texts[0] = "could not read \(first)" }
        if files.count > texts.count { texts.append("\(files.count - texts.count) more") }
        return texts
    }
}
