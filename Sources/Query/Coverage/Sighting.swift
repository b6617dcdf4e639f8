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
    /// What was said of the file's signature when it was loaded; nil if nothing was.
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

    /// Reads the current row.
    init(_ row: any Statement) {
        executionID = row.integer(0)
        serverID = row.integer(1)
        date = row.text(2)
        hostname = row.textOrNil(3)
        ip = row.textOrNil(4)
        processor = row.textOrNil(5)
        bootTime = row.textOrNil(6)
        container = row.textOrNil(7)
        system = ReleaseDates.System(
            name: row.textOrNil(8) ?? "", version: row.textOrNil(9), platform: row.textOrNil(10),
            kernel: row.textOrNil(11), generator: row.textOrNil(12))
        // A container has the hardware of the machine that it is on. Where nothing says whether it is
        // one, it may be.
        let isMachine = container == "none" || container == nil && system.platform == "windows"
        hardware =
            isMachine
            ? Hardware(
                uuid: row.textOrNil(20), serial: row.textOrNil(21), vendor: row.textOrNil(22),
                model: row.textOrNil(23), interfaces: row.textOrNil(24))
            : Hardware()
        hostKeySetID = row.isNull(25) ? nil : row.integer(25)
        sha256 = row.textOrNil(26)
        signature = row.textOrNil(27).flatMap(FileSignature.Verdict.init)
        signerKey = row.textOrNil(28)
        receivedAt = row.textOrNil(13)
        isDatePossible = row.integer(18) != 0
        var doubts: [String] = []
        if row.integer(14) == 0 { doubts.append("processes unknown") }
        for kind in ListedKind.all {
            let column = 29 + kind.index
            if row.isNull(column) || row.integer(column) != 0 { continue }
            doubts.append(
                kind == .users ? "\(kind.name) unknown" : "some \(kind.name) unknown")
        }
        if !row.isNull(15) && row.integer(15) != 0 { doubts.append("not run as root") }
        if !row.isNull(19) && row.integer(19) == 0 { doubts.append("not run as administrator") }
        if !row.isNull(16) && row.integer(16) != 0 { doubts.append("some processes hidden") }
        if !row.isNull(17) && row.integer(17) != 0 {
            doubts.append("\(row.integer(17)) processes unreadable")
        }
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
