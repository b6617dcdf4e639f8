import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing
import Text

/// What a collector says of the packages of a tree.
struct PackageFacts {
    let packages: [PackageRecord]
    let sources: [String]
    let failures: [String]

    init(_ facts: HostFacts) {
        packages = facts.packages
        func isOfPackages(_ source: String) -> Bool { source.hasPrefix("package ") }
        sources = (facts.collection.sources ?? []).filter(isOfPackages)
        failures = (facts.collection.failedSources ?? []).filter(isOfPackages)
    }

    init(_ tree: borrowing HostTree) throws {
        let facts = HostFacts(tree, hostID: "a-test")
        self.init(try #require(facts))
    }

    /// `bash 5.1-1 amd64` for each.
    var lines: [String] { packages.map(\.line) }
}

extension PackageRecord {
    /// `bash 5.1-1 amd64`, with `-` for what is unknown.
    var line: String {
        "\(name.repaired) \(version?.repaired ?? "-") \(arch?.repaired ?? "-")"
    }

    /// `deb bash 5.1-1 amd64 bash-source 5.1-1 someone`, parted by tabulators.
    var allFields: String {
        [
            type, name.repaired, version?.repaired ?? "-", arch?.repaired ?? "-",
            source?.repaired ?? "-", sourceVersion?.repaired ?? "-", publisher?.repaired ?? "-",
        ].joined(separator: "\t")
    }
}

extension TemporaryDirectory {
    func packages() throws -> PackageFacts { try PackageFacts(tree()) }
}

/// Runs a program that must succeed.
/// - Returns: its output.
@discardableResult
func runTool(_ program: String, _ arguments: [String], input: String = "") throws -> String {
    let result = try run(program, arguments, input: Array(input.utf8))
    try #require(result.status == 0, "\(program): \(result.error)")
    return result.output
}
