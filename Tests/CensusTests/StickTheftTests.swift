import Crypto
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What somebody does to the files of a stick that has a custody log.
@Suite struct StickTheftTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func digest(_ bytes: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Data(bytes)).map { String(format: "%02x", $0) }.joined()
    }

    /// Writes the log of files on the stick, as `census snap` would.
    /// - Parameter signer: the fingerprint of the key that signed them; nil if none did.
    private func writeLog(of files: [String], signer: String? = nil) throws {
        var lines: [String] = []
        for (index, file) in files.enumerated() {
            let bytes = try directory.read("stick/\(file)")
            let previous =
                lines.last.map { Self.digest($0.utf8) } ?? String(repeating: "0", count: 64)
            lines.append(
                #"{"record":"custody","log":"00112233aabbccdd","number":\#(index + 1),"#
                    + #""previous":"\#(previous)","time":"2026-11-30T10:00:00Z","user":"root","#
                    + #""host":"web-01","host_id":"h","file":"\#(file)","size":\#(bytes.count),"#
                    + #""sha256":"\#(Self.digest(bytes))","#
                    + #""signature":\#(signer.map { "\"\($0)\"" } ?? "null"),"generator":"census"}"#
            )
        }
        try directory.write(
            Array(lines.map { $0 + "\n" }.joined().utf8), to: "stick/custody.jsonl")
    }

    private func sh(_ script: String) throws {
        let result = try shell(script)
        try #require(result.status == 0, "\(result.error)")
    }

    /// The kinds of findings about files and logs.
    private func findings(_ database: String) throws -> [String] {
        try census("coverage", "--db", database, "--format", "csv").output
            .split(separator: "\r\n").map { String($0.prefix { $0 != "," }) }
            .filter { ["custody", "rejected"].contains($0) }
    }

    /// A file that is good in itself, with its signature, over a newer one, and over that of another host.
    @Test(arguments: Engine.allCases) func aFileOverAnother(_ engine: Engine) throws {
        let database = try engine.database()
        try makeKeys("ed25519-1")
        let names = ["1.jsonl.gz", "2.jsonl.gz", "3.jsonl.gz"]
        try write(1, "web-01", to: "stick/1.jsonl.gz")
        try write(2, "web-01", to: "stick/2.jsonl.gz")
        try write(3, "db-01", to: "stick/3.jsonl.gz")
        for name in names { try sign("stick/\(name)", "ed25519-1") }
        try writeLog(of: names, signer: try fingerprint("ed25519-1"))
        try directory.write(
            Array("web-01,db-01 \(publicKey("ed25519-1"))\n".utf8), to: "known_hosts")
        func verify() throws -> RunResult {
            try census("verify", "stick", "--known-hosts", "known_hosts", "--require-signature")
        }
        #expect(try verify().status == 0)
        let reason = "has this file with another SHA-256: it was replaced or changed\n"
        for (number, name) in names.enumerated().dropFirst() {
            try sh(
                "cp -r stick whole; for end in '' .sig; do cp stick/1.jsonl.gz$end stick/\(name)$end; done"
            )
            let verified = try verify()
            #expect(verified.status == 2)
            #expect(
                verified.output.contains(
                    "untrusted   stick/\(name): stick/custody.jsonl:\(number + 1) \(reason)"))
            #expect(
                verified.output.contains(
                    "untrusted   stick/custody.jsonl: \(name) is not among these files\n"))
            let ingested = try census(
                "ingest", "--quiet", "./stick", "--known-hosts", "known_hosts", "--db",
                database.name)
            #expect(ingested.status == 2)
            #expect(ingested.error.contains("/\(name): "))
            // The second time the file that is gone was loaded before. Its contents were in either case.
            #expect(
                try findings(database.name)
                    == (number == 1 ? ["custody", "custody"] : ["custody"]))
            try sh("rm -r stick; mv whole stick")
        }
        // Two that change places: both are there, and neither is what it is called.
        try sh(
            """
            cd stick; for end in '' .sig; do
            mv 2.jsonl.gz$end x; mv 3.jsonl.gz$end 2.jsonl.gz$end; mv x 3.jsonl.gz$end; done
            """)
        let swapped = try verify()
        #expect(swapped.status == 2)
        #expect(
            swapped.output.split(separator: "\n").count { $0.hasSuffix(reason.dropLast()) } == 2)
        #expect(!swapped.output.contains("not among"))
        // One that only was renamed is what it was.
        try sh("cd stick; mv 2.jsonl.gz z.jsonl.gz; mv 2.jsonl.gz.sig z.jsonl.gz.sig")
        #expect(
            try verify().output.contains(
                "complete    stick/z.jsonl.gz: 1 snapshot, signed by ssh-ed25519 "))
    }

    /// All contents were loaded before, and files of `census snap` have names that say what they are of.
    @Test(arguments: Engine.allCases) func filesThatWereExchanged(_ engine: Engine) throws {
        let database = try engine.database()
        func ingest(_ stick: String) throws -> Int32 {
            try census("ingest", "--quiet", stick, "--db", database.name).status
        }
        func custody() throws -> [Substring] {
            try census("coverage", "--db", database.name, "--format", "csv", "--host", "*").output
                .split(separator: "\r\n").filter { $0.hasPrefix("custody,1,") }
        }
        try sh(
            "mkdir stick; for time in 1 2 3; do '\(TestSupport.census)' snap --no-sign --only user -d stick; done"
        )
        try sh("cp -r stick whole")
        #expect(try ingest("stick") == 0 && custody() == [])
        let exchanged =
            "cd stick; set -- *.gz; cp \"$1\" x; cp \"$2\" \"$1\"; cp x \"$2\"; rm x"
        // On a stick a name in capitals is the same name.
        let capitals =
            "cd stick; set -- *.gz; cp \"$1\" \"$(echo \"$2\" | tr a-z A-Z)\"; rm \"$2\""
        for (command, count) in [
            (exchanged, 2), ("cd stick; set -- *.gz; cp \"$1\" \"$2\"", 1), (capitals, 1),
        ] {
            try sh(command)
            #expect(try ingest("stick") == 2)
            #expect(try custody().count == count)
            // They are whole elsewhere, as they were before.
            #expect(try ingest("whole") == 0 && custody().count == count)
            try sh("rm stick/*.[gG]*; cp whole/*.gz stick")
            #expect(try ingest("stick") == 0 && custody() == [])
        }
    }

    @Test(arguments: Engine.allCases) func filesThatWereRemoved(_ engine: Engine) throws {
        let database = try engine.database()
        for number in 1...2 { try write(number, "web-0\(number)", to: "stick/\(number).jsonl.gz") }
        try writeLog(of: ["1.jsonl.gz", "2.jsonl.gz"])
        try sh("cp -r stick whole; rm stick/2.jsonl.gz")
        let gone = "stick/custody.jsonl: 2.jsonl.gz is not among these files\n"
        let verified = try census("verify", "stick")
        #expect(verified.status == 2 && verified.output.contains("untrusted   " + gone))
        let ingested = try census("ingest", "--quiet", "stick", "--db", database.name)
        #expect(ingested.status == 2 && ingested.error.contains(gone))
        #expect(try findings(database.name) == ["custody"])
        let listed = try census("manifest", "stick", "-o", "m.sha256")
        #expect(listed.status == 2 && listed.error.contains(gone))
        #expect(
            try shell("grep -c '^#.*untrusted, 2.jsonl.gz is not among' m.sha256").output == "1\n")
        // Only some of the files are given; the others are there.
        let some = try census("verify", "whole/1.jsonl.gz", "whole/custody.jsonl")
        #expect(some.status == 0, "\(some.output)")

        // The file is found.
        #expect(try census("ingest", "--quiet", "whole", "--db", database.name).status == 0)
        #expect(try findings(database.name) == [])
        // What was loaded may go.
        #expect(try census("ingest", "--quiet", "stick", "--db", database.name).status == 0)

        // Nothing but the log is left.
        try sh("rm stick/*.gz")
        let both = "stick/custody.jsonl: 1.jsonl.gz, 2.jsonl.gz are not among these files\n"
        let empty = try census("verify", "stick")
        #expect(empty.status == 2 && empty.output.contains(both))
        #expect(empty.error.contains("no snapshot file in stick\n"))
        let nothing = try census("ingest", "stick", "--db", "new.sqlite")
        #expect(nothing.status == 2 && nothing.output == "" && nothing.error.contains(both))
        let none = try census("manifest", "stick", "-o", "n.sha256")
        #expect(none.status == 2 && none.error.contains(both))
        #expect(try shell("ls new.sqlite n.sha256").output == "")
    }

    /// The log knows that a file was signed, and by which key.
    @Test(arguments: Engine.allCases) func signaturesThatWereRemoved(_ engine: Engine) throws {
        let database = try engine.database()
        try makeKeys("ed25519-1", "ed25519-2")
        try write(1, "web-01", to: "stick/1.jsonl.gz")
        try sign("stick/1.jsonl.gz", "ed25519-1")
        let signer = try fingerprint("ed25519-1")
        try writeLog(of: ["1.jsonl.gz"], signer: signer)
        #expect(try census("verify", "stick").status == 0)
        let has = "stick/custody.jsonl:1 has this file as signed by \(signer), and "
        try sign("stick/1.jsonl.gz", "ed25519-2")
        let other = try census("verify", "stick")
        #expect(other.status == 2)
        #expect(other.output.contains(has + "the signature beside it is by another key\n"))
        try sh("rm stick/1.jsonl.gz.sig")
        let removed = try census("verify", "stick")
        #expect(removed.status == 2)
        #expect(removed.output.contains(has + "no signature is beside it: it was removed\n"))
        #expect(try census("ingest", "--quiet", "stick", "--db", database.name).status == 2)
        #expect(try findings(database.name) == ["custody"])
        // One that was loaded before is compared, too.
        try sign("stick/1.jsonl.gz", "ed25519-1")
        #expect(try census("ingest", "--quiet", "stick", "--db", database.name).status == 0)
        #expect(try findings(database.name) == [])
        try sh("rm stick/1.jsonl.gz.sig")
        #expect(try census("ingest", "--quiet", "stick", "--db", database.name).status == 2)
        #expect(try findings(database.name) == ["custody"])
    }

    /// What a log says of a file is no matter of words, which a path may have, too.
    @Test(arguments: Engine.allCases) func wordsInAPath(_ engine: Engine) throws {
        let database = try engine.database()
        let name = "web-01_20261123T051311Z_00000000.jsonl.gz"
        let folders = [
            "x has this file as signed by y, and the signature beside it is by another key",
            "x:1 has this file with another SHA-256: it was replaced or changed",
        ]
        for folder in folders {
            try write(1, "web-01", to: "\(folder)/\(name)")
            try directory.write(Array("no signature".utf8), to: "\(folder)/\(name).sig")
            let bad = try census("ingest", "--quiet", folder, "--db", database.name)
            #expect(bad.status == 2 && bad.error.contains(": the signature \(folder)/\(name).sig "))
        }
        // Another name for the same, and so one finding.
        #expect(try findings(database.name) == ["rejected"])
        // Its snapshot is loaded from another place.
        try write(1, "web-01", to: "whole/\(name)")
        #expect(try census("ingest", "--quiet", "whole", "--db", database.name).status == 0)
        #expect(try findings(database.name) == [])
    }

    /// Logs under other names, and what programs do to them.
    @Test func logsThatWereRenamedOrConverted() throws {
        try write(1, "web-01", to: "stick/1.jsonl.gz")
        try writeLog(of: ["1.jsonl.gz"])
        try sh(
            """
            cd stick; for name in 'custody (1).jsonl' custody-stick2.jsonl custody.jsonl.bak; do
            cp custody.jsonl "$name"; done
            """)
        let renamed = try census("verify", "stick")
        #expect(renamed.status == 0, "\(renamed.output)")
        #expect(
            renamed.output.split(separator: "\n").count {
                $0.hasSuffix(": custody log 00112233aabbccdd with 1 line")
            } == 4)
        // Alone it speaks of the files beside it.
        try sh("rm stick/1.jsonl.gz stick/custody.jsonl stick/*.bak stick/*2.jsonl")
        #expect(
            try census("verify", "stick").output
                == "untrusted   stick/custody (1).jsonl: 1.jsonl.gz is not among these files\n")
        let piped = try shell("'\(TestSupport.census)' verify - <stick/custody*; true")
        #expect(piped.output.contains("unsupported -: this is a custody log, which is read as "))

        try write(1, "web-01", to: "stick/1.jsonl.gz")
        for (command, reason) in [
            (#"sed -i 's/$/\r/'"#, "line 1: the line ends with CR LF: copy the file unchanged\n"),
            (#"sed -i '1s/^/\xEF\xBB\xBF/'"#, "this begins with a byte order mark; copy the file "),
        ] {
            try writeLog(of: ["1.jsonl.gz"])
            try sh("cd stick; \(command) custody.jsonl; cp custody.jsonl 'custody (1).jsonl'")
            let converted = try census("verify", "stick")
            #expect(converted.status == 2)
            for name in ["custody.jsonl", "custody (1).jsonl"] {
                #expect(converted.output.contains("corrupt     stick/\(name): \(reason)"))
            }
        }
    }

    /// All files of a directory, as a shell lists them; and what stands there in the place of a signature.
    @Test func signaturesThatWereNamed() throws {
        try makeKeys("ed25519-1")
        try write(1, "web-01", to: "stick/1.jsonl.gz")
        try sign("stick/1.jsonl.gz", "ed25519-1")
        try writeLog(of: ["1.jsonl.gz"], signer: try fingerprint("ed25519-1"))
        let all = try shell("'\(TestSupport.census)' verify stick/*")
        #expect(all.status == 0, "\(all.output)")
        #expect(all.output.split(separator: "\n").count == 2)
        #expect(try shell("'\(TestSupport.census)' ingest --quiet stick/*").status == 0)
        let alone = try census("verify", "stick/1.jsonl.gz.sig")
        #expect(alone.status == 2)
        #expect(
            alone.output.contains(
                ": this is a signature of SSH; give the file that it is of\n"))

        for (command, kind) in [("ln -s ../s", "a symbolic link"), ("mkfifo", "a FIFO")] {
            try sh(
                "mv -f stick/1.jsonl.gz.sig s 2>/dev/null || rm stick/*.sig; \(command) stick/1.jsonl.gz.sig"
            )
            let result = try census("verify", "stick")
            #expect(result.status == 2)
            #expect(
                result.output.contains(
                    "unreadable  stick/1.jsonl.gz: the signature stick/1.jsonl.gz.sig is \(kind), and is "
                        + "not read\n"))
            #expect(try census("manifest", "stick").status == 2)
            try sh("rm stick/1.jsonl.gz.sig; cp s stick/1.jsonl.gz.sig")
        }
        try sh("rm stick/*.sig; ssh-keygen -q -Y sign -n file -f ed25519-1 stick/1.jsonl.gz")
        #expect(
            try census("verify", "stick").output.contains(
                #"the signature beside the file is for "file", and not for "census-snapshot@census": "#
            ))
    }
}
