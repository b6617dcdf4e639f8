import Query
import Records
import Text

extension Rule {
    /// The accounts whose password may become, or is, older than it may. An account that is not
    /// enabled, or that has no password, is not among them.
    func passwordFindings(in observation: Observation, days: Int64) -> [Finding] {
        let kind = ListedKind.accounts
        guard let accounts = observation.lists[kind.index] else {
            return [.notChecked("\(kind.name) are unknown")]
        }
        let seen = Timestamp(sqlText: observation.host.date)
        let findings = accounts.items.compactMap { account -> Finding? in
            if kind.value("is_enabled", of: account) == "0" { return nil }
            switch kind.value("password_status", of: account) {
            case nil: return .notChecked("the password of \(account.name) is unknown")
            case "empty": return .violated("\(account.name) needs no password")
            case "set": break
            default: return nil
            }
            if kind.value("never_expires", of: account) == "1" {
                return .violated("the password of \(account.name) never expires")
            }
            guard let maximum = kind.value("max", of: account).flatMap({ Int64($0) }) else {
                return .notChecked("when the password of \(account.name) expires is unknown")
            }
            if maximum > days {
                return .violated(
                    "the password of \(account.name) expires after \(maximum) days only")
            }
            if let seen,
                let changed = kind.value("last_change", of: account)
                    .flatMap({ Timestamp(sqlText: $0) }),
                // In days, as shadow(5) counts them.
                seen.unixSeconds / 86_400 - changed.unixSeconds / 86_400 > days
            {
                return .violated(
                    "the password of \(account.name) was last changed on "
                        + "\(changed.sqlText.prefix(10))")
            }
            return nil
        }
        return findings
            + (accounts.isComplete ? [] : [.notChecked("some \(kind.name) are unknown")])
    }
}
