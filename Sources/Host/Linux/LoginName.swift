/// The name that a host's own accounts give to a user id, or else the id in digits.
package func loginName(of uid: Int64, _ tree: borrowing HostTree) -> String {
    var accounts = Accounts(tree)
    return accounts.name(of: uid, tree)?.repaired ?? String(uid)
}

#if !WINDOWS
    extension LiveSystem {
        /// The effective user of this process: the login name where the system's own accounts have
        /// one, else `uid 1000`.
        package static var userName: String {
            let uid = effectiveUserID
            do throws(HostError) {
                let tree = try HostTree(root: "/")
                var accounts = Accounts(tree)
                if let name = accounts.name(of: uid, tree)?.repaired { return name }
            } catch {}
            return "uid \(uid)"
        }
    }
#endif
