import Host
import Records
import TestSupport
import Testing

/// What a collector says of the accounts, privileges and keys of a tree.
struct AccessFacts {
    let records: AccessRecords
    let failures: [String]

    init(_ tree: borrowing HostTree, choice: RecordChoice = .all) {
        (records, failures) = readAccess(tree, choice: choice)
    }

    /// `subject source rule` of each privilege.
    var rules: [String] {
        records.privileges.map {
            "\($0.subject.repaired) \($0.source.repaired) \($0.rule.repaired)"
        }
    }

    func account(_ name: String) -> AccountRecord? {
        records.accounts.first { $0.username.repaired == name }
    }
}

extension TemporaryDirectory {
    func access(_ choice: RecordChoice = .all) throws -> AccessFacts {
        AccessFacts(try tree(), choice: choice)
    }
}
