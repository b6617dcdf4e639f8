import Foundation
import SystemPackage
import TestSupport
import Testing

/// Custody logs that are loaded again and again, with what may have happened to them meanwhile. All
/// lines but those of `rewrite` are written by `census snap`.
@Suite struct CustodyHistoryTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func snap(_ stick: String, times: Int = 1) throws {
        let result = try shell(
            """
            mkdir -p \(stick)
            for time in $(seq \(times)); do '\(TestSupport.census)' snap --no-sign --only user -d \(stick); done
            """)
        try #require(result.status == 0, "\(result.error)")
    }

    /// Loads a stick.
    /// - Returns: what is wrong with its log, without dates; nil if nothing is.
    private func fault(_ stick: String, _ database: NamedDatabase) throws -> String? {
        let result = try census("ingest", "--quiet", stick, "--db", database.name)
        let lines = result.error.split(separator: "\n").filter { $0.contains("custody.jsonl: ") }
            .filter { !$0.contains("not among these files") }
        #expect(result.status == (lines.isEmpty ? 0 : 2), "\(result.error)")
        return lines.first.map {
            String($0).replacing(#/ when it was loaded on [0-9: -]{19}/#, with: "")
                .replacing("\(stick)/custody.jsonl: ", with: "")
        }
    }

    private func sh(_ script: String) throws {
        let result = try shell(script)
        try #require(result.status == 0, "\(result.error)")
    }

    @Test(arguments: Engine.allCases) func whatBecameOfALog(_ engine: Engine) throws {
        let database = try engine.database()
        try snap("stick", times: 3)
        #expect(try fault("stick", database) == nil)
        try sh("cp -r stick archive")
        try snap("stick")
        #expect(try fault("stick", database) == nil)
        let evidence = try census(
            "list", "evidence", "--db", database.name, "--format", "csv", "--limit", "all")
        #expect(evidence.output.contains(/,custody log [0-9a-f]{16} with 3 lines,/))
        #expect(evidence.output.contains(/,custody log [0-9a-f]{16} with 4 lines,/))
        // A copy that was kept, as it is and as it was loaded.
        #expect(try fault("archive", database) == nil)
        #expect(try fault("stick", database) == nil)

        // Shorter than ever, and as it was once.
        try sh("cp stick/custody.jsonl whole; head -n 2 whole >stick/custody.jsonl")
        #expect(
            try fault("stick", database)
                == "the log had 4 lines, and has 2 lines now: lines were removed, or the stick was "
                + "exchanged for an older copy")
        try sh("head -n 3 whole >stick/custody.jsonl")
        #expect(
            try fault("stick", database)
                == "the log had 4 lines, and has 3 lines now: lines were removed, or the stick was "
                + "exchanged for an older copy")
        // The same elsewhere: a state that never was loaded, then together with the longer one.
        try sh("mkdir elsewhere; head -n 2 whole >elsewhere/custody.jsonl; cp stick/*.gz elsewhere")
        #expect(
            try fault("elsewhere", database)
                == "the log had 4 lines, and has 2 lines now, the last of which may differ: lines "
                + "were removed, or the stick was copied; verify it together with the longer log")
        try sh("cp whole stick/custody.jsonl; mkdir both; cp -r stick elsewhere both")
        #expect(try fault("both", database) == nil)
        #expect(try fault("stick", database) == nil)

        // Both the stick and its copy went on.
        try snap("archive", times: 2)
        #expect(
            try fault("archive", database)
                == "the log had 4 lines, and some or all behind line 3 differ now: they were "
                + "changed or the stick was copied and both copies were used")
        #expect(try fault("stick", database) == nil)
        // Two that are loaded for the first time after they went on differently.
        try sh("cp -r stick other")
        try snap("other")
        try snap("stick")
        #expect(try fault("stick", database) == nil)
        #expect(
            try fault("other", database)?.contains(
                "the log had 5 lines, and some or all behind line 4 differ now") == true)

        // Written anew with the same id.
        try sh(
            """
            python3 - stick/custody.jsonl <<'EOF'
            import hashlib, json, sys
            before, lines = "0" * 64, []
            for text in open(sys.argv[1]):
                line = json.loads(text)
                line["user"], line["previous"] = "nobody", before
                lines.append(json.dumps(line, separators=(",", ":")))
                before = hashlib.sha256(lines[-1].encode()).hexdigest()
            open(sys.argv[1], "w").write("\\n".join(lines) + "\\n")
            EOF
            """)
        #expect(try census("verify", "stick").status == 0)
        #expect(
            try fault("stick", database)
                == "the log had 5 lines, and some or all of them differ now: they were changed, the "
                + "log was rewritten, or the stick was copied and both copies were used")
        let coverage = try census("coverage", "--db", database.name, "--format", "csv")
        #expect(coverage.output.contains("the log was rewritten"))

        // Nothing is left of it.
        try sh(": >stick/custody.jsonl")
        #expect(
            try fault("stick", database)
                == "the log had 5 lines, and has no complete one now: lines were removed, or the stick was "
                + "exchanged")
        #expect(try census("verify", "stick").status == 2)

        // Another stick at the same place.
        try sh("rm -r stick")
        try snap("stick")
        #expect(try fault("stick", database) == nil)
    }

    /// After one load nothing tells which lines are others. Nothing follows the last one.
    @Test(arguments: Engine.allCases) func theLastLineWasChanged(_ engine: Engine) throws {
        let database = try engine.database()
        try snap("stick", times: 3)
        #expect(try fault("stick", database) == nil)
        try sh("sed -i '3s/\"size\":/\"size\":1/' stick/custody.jsonl")
        #expect(try census("verify", "stick").status == 0)
        #expect(
            try fault("stick", database)
                == "the log had 3 lines, and some or all of them differ now: they were changed, the "
                + "log was rewritten, or the stick was copied and both copies were used")
    }

    /// A longer log that is given along hides nothing, whether it is whole or not.
    @Test(arguments: Engine.allCases) func aLongerLogAlong(_ engine: Engine) throws {
        let database = try engine.database()
        try snap("stick", times: 3)
        #expect(try fault("stick", database) == nil)
        func isFound(_ text: String) throws -> Bool {
            let result = try census("ingest", "--quiet", "stick", "longer", "--db", database.name)
            return result.status == 2 && result.error.contains("stick/custody.jsonl: " + text)
        }
        try sh("cp -r stick longer; cp stick/custody.jsonl whole")
        try snap("longer")
        try sh("head -n 2 whole >stick/custody.jsonl")
        #expect(try isFound("the log had 3 lines when it was loaded on "))

        try sh(
            """
            sed '3s/"size":/"size":1/' whole >stick/custody.jsonl
            (cat stick/custody.jsonl; echo x) >longer/custody.jsonl
            """)
        #expect(try isFound("the log had 3 lines when it was loaded on "))
    }

    /// A line that was torn, and then one that was not written at all, are none of these.
    @Test(arguments: Engine.allCases) func aPulledStick(_ engine: Engine) throws {
        let database = try engine.database()
        try snap("stick", times: 2)
        try sh("truncate -s -100 stick/custody.jsonl")
        let torn =
            "line 2: the line is incomplete: the stick was pulled out while it was written, and the "
            + "file that it is about may have no line"
        #expect(try fault("stick", database) == torn)
        try snap("stick")
        #expect(try fault("stick", database) == torn)
        try snap("stick")
        try sh("head -n 3 stick/custody.jsonl >log; cat log >stick/custody.jsonl")
        try snap("stick")
        #expect(try fault("stick", database) == torn)
        #expect(
            try census(
                "list", "evidence", "--db", database.name, "--format", "csv", "--limit", "all"
            )
            .output.contains("not in stick/custody.jsonl"))
    }
}
