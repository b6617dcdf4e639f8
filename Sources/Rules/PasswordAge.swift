import Query
import Records
import Text

extension Rule {
    /// The accounts whose password may become, or is, older than it may, or has been changed in the
    /// future, so that it will not expire in time. An account that is not enabled, or that no
    /// password opens, is not among them.
    func passwordFindings(in observation: Observation, days: Int64) -> [Finding] {
        let kind = ListedKind.accounts
        guard let accounts = observation.lists[kind.index] else {
            return [.notChecked("\(kind.name) are unknown")]
        }
        let seen = Timestamp(sqlText: observation.host.date)
        let findings = accounts.items.compactMap { account -> Finding? in
            if kind.value("is_enabled", of: account) == "0" { return nil }
            let password = "the password of \(account.name)"
            switch kind.value("password_status", of: account) {
            case nil: return .notChecked("\(password) is unknown")
            case "empty": return .violated("\(account.name) needs no password")
            case "none": return nil
            // An account of Windows may be locked for a while only.
            case "locked" where kind.value("is_enabled", of: account) != "1": return nil
            default: break
            }
            if kind.value("never_expires", of: account) == "1" {
                return .violated("\(password) never expires")
            }
            guard let maximum = kind.value("max", of: account).flatMap({ Int64($0) }) else {
                return .notChecked("when \(password) expires is unknown")
            }
            if maximum > days { return .violated("\(password) expires after \(maximum) days only") }
            guard let seen,
                let changed = kind.value("last_change", of: account)
                    .flatMap({ Timestamp(sqlText: $0) })
            else { return .notChecked("when \(password) was changed is unknown") }
            if changed.unixSeconds == 0 { return nil }  // It must be changed at the next login.
            // In days, as shadow(5) counts them.
            let age = seen.unixSeconds / 86_400 - changed.unixSeconds / 86_400
            let day = changed.sqlText.prefix(10)
            if age < -1 {
                return .violated("\(password) was last changed on \(day), in the future")
            }
            return age > days ? .violated("\(password) was last changed on \(day)") : nil
        }
        return findings
            + (accounts.isComplete ? [] : [.notChecked("some \(kind.name) are unknown")])
    }
}
