import Foundation
import SystemPackage
import TestSupport
import Testing

/// A directory of snapshot files, which OpenSSH's own ssh-keygen signs.
protocol SignedEvidence {
    var directory: TemporaryDirectory { get }
}

extension SignedEvidence {
    func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    func shell(_ script: String) throws -> RunResult {
        try run("bash", ["-euc", script], in: directory.path)
    }

    /// Makes keys, which have these names.
    func makeKeys(_ names: String...) throws {
        for name in names {
            let kind = name.split(separator: "-")[0]
            // A key of the usual length of RSA takes seconds to make.
            let type = kind == "rsa" ? "rsa -b 2048" : "\(kind)"
            let result = try shell("ssh-keygen -q -t \(type) -N '' -C '' -f \(name)")
            try #require(result.status == 0, "\(result.error)")
        }
    }

    func sign(_ file: String, _ key: String, _ options: String = "") throws {
        let result = try shell(
            "rm -f \(file).sig; ssh-keygen -q -Y sign -n census-snapshot@census -f \(key) \(options) \(file)"
        )
        try #require(result.status == 0, "\(result.error)")
    }

    /// Signs the manifest `m.sha256`, anew.
    func signManifest(_ key: String, for purpose: String = "census-manifest@census") throws {
        let result = try shell(
            "rm -f m.sha256.sig; ssh-keygen -q -Y sign -n \(purpose) -f \(key) m.sha256")
        try #require(result.status == 0, "\(result.error)")
    }

    func write(_ number: Int, _ host: String, ip: String = "192.0.2.10", to file: String)
        throws
    {
        let text = SnapshotText(id: uuid(number), hostID: host, hostname: host, ip: ip)
        try directory.write(try gzip(text.bytes), to: file)
    }

    func publicKey(_ name: String) throws -> String {
        let text = String(decoding: try directory.read("\(name).pub"), as: UTF8.self)
        return text.split(separator: " ").prefix(2).joined(separator: " ")
            .trimmingCharacters(in: .newlines)
    }

    func fingerprint(_ name: String) throws -> String {
        try String(shell("ssh-keygen -lf \(name).pub").output.split(separator: " ")[1])
    }

    /// `Signature` and `Signer_Principal` of each file, as `verify` has it.
    func verdicts(_ options: String...) throws -> [String] {
        let result = try run(
            TestSupport.census, ["verify", "--format", "jsonl", "stick"] + options,
            in: directory.path)
        return try run(
            "jq",
            ["-r", #""\(.Path) \(.Verdict) \(.Signature) \(.Signer_Principal) \(.Reason)""#],
            input: result.outputBytes
        ).output.split(separator: "\n").map {
            String($0.replacing("stick/", with: "").replacing(".jsonl.gz", with: ""))
        }
    }
}
