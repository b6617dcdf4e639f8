package import Linux

/// The name that a host gives to a user id, or else the id in digits.
package func loginName(of uid: Int, _ tree: borrowing FileTree) -> String {
    Passwd(tree.contents("etc/passwd") ?? []).name(of: uid)?.repaired ?? String(uid)
}
