/// The name that a host's own accounts give to a user id, or else the id in digits.
package func loginName(of uid: Int64, _ tree: borrowing HostTree) -> String {
    var accounts = Accounts(tree)
    return accounts.name(of: uid, tree)?.repaired ?? String(uid)
}
