import TestSupport
import Testing

@testable import Evidence
@testable import Records

/// Which facts of a snapshot are known.
@Suite struct SnapshotTests {
    @Test(arguments: [
        (nil, true), (#""session_source":"utmp""#, true), (#""session_source":"logind""#, true),
        (#""euid":0"#, true), (#""session_source":"none""#, false),
    ])
    func knowsUsers(_ collection: String?, _ areKnown: Bool) throws {
        let snapshot = try snapshot(collection)
        #expect(snapshot.isKnown(.users) == areKnown)
        let user = #"{"record":"user","user":"root"}"#
        let withUser = try self.snapshot(collection, rows: [user])
        #expect(withUser.isKnown(.users) == true)
    }

    /// By the sources of lists; nil if the collector did not look for packages.
    @Test(
        arguments: [
            (nil, nil, true), (#""sources":null"#, nil, true), (#""sources":[]"#, nil, true),
            (#""sources":["account passwd etc/passwd"]"#, nil, true),
            (#""sources":["packages x"]"#, nil, true),
            (#""sources":["package dpkg var/lib/dpkg/status"]"#, true, true),
            (#""failed_sources":["account shadow etc/shadow: x"]"#, nil, true),
            (#""failed_sources":["package rpm x: damaged"]"#, false, false),
            (#""omitted":["package"]"#, false, false), (#""omitted":["user"]"#, nil, true),
            // Beside the packages of a system that is not known.
            (#""sources":["package flatpak x","package snap y"]"#, nil, false),
            (#""sources":["package flatpak x","package apk y"]"#, true, true),
            (
                #""sources":["package dpkg x"],"failed_sources":["package rpm x: damaged"]"#, false,
                false
            ),
        ] as [(String?, Bool?, Bool?)])
    func knowsPackages(_ collection: String?, _ ifEmpty: Bool?, _ ifAny: Bool?) throws {
        #expect(try snapshot(collection).isKnown(.packages) == ifEmpty)
        let package = #"{"record":"package","type":"deb","name":"bash","version":"5"}"#
        #expect(try snapshot(collection, rows: [package]).isKnown(.packages) == ifAny)
    }

    @Test(arguments: [
        (nil, true), (#""processes_hidden":false"#, true), (#""processes_hidden":true"#, true),
        (#""processes_hidden":null"#, false), (#""euid":0"#, false),
    ])
    func knowsProcesses(_ collection: String?, _ areKnown: Bool) throws {
        let snapshot = try snapshot(collection)
        #expect(snapshot.areProcessesKnown == areKnown)
        let process = #"{"record":"process","pid":1,"name":"init"}"#
        let withProcess = try self.snapshot(collection, rows: [process])
        #expect(withProcess.areProcessesKnown)
    }

    /// The owner of a process by name, else by number as shown by ps(1), else unknown.
    @Test(arguments: [
        (#""uid":0,"user":"root""#, "root"), (#""user":"root""#, "root"), (#""uid":0"#, "0"),
        (#""uid":1000,"user":null"#, "1000"), (#""uid":4294967294,"user":"""#, "4294967294"),
        (#""uid":null,"user":null"#, nil), (#""parent":0"#, nil),
    ])
    func namesOwners(_ keys: String, _ owner: String?) throws {
        let process = #"{"record":"process","pid":1,"name":"init",\#(keys)}"#
        let reading = try Reading(SnapshotText(processes: [process]).bytes)
        #expect(reading.error == nil)
        #expect(reading.snapshots.first?.processes == [Facts.Process(1, "init", owner: owner)])
    }

    private func snapshot(_ collection: String?, rows: [String] = []) throws -> Snapshot {
        var assembly = SnapshotAssembly(limits: SnapshotLimits())
        var known = KnownLines()
        var text = SnapshotText(processes: [])
        if let collection { text.lines.append(#"{"record":"collection",\#(collection)}"#) }
        text.lines += rows
        let isComplete = try text.text.split(separator: "\n").contains { line in
            try assembly.add(0..<line.utf8.count, of: Array(line.utf8), &known)
        }
        try #require(isComplete)
        return assembly.snapshot()
    }
}
