import SSH

/// What a file is that has no line of the form of known_hosts.
struct KnownHostsForm {
    /// Whether it has lines with `@cert-authority`.
    var hasAuthorities = false
    private var isPublicKey = false
    private var hasOptions = false

    /// Adds the words of a line that is not of the form.
    mutating func add(_ words: [String]) {
        guard
            let index = words.indices.dropLast().first(where: {
                KnownHosts.key(words[$0 + 1], of: words[$0]) != nil
            })
        else { return }
        if index == 0 { isPublicKey = true }
        if index > 1 { hasOptions = true }
    }

    /// Why the file is no list, as a clause.
    func reason(_ file: [UInt8]) -> String {
        let form = "NAMES TYPE KEY, as ssh-keyscan prints them"
        if let content = ForeignContent(file), [.utf16, .utf32].contains(content) {
            return "it \(content.sentence); save it as UTF-8"
        }
        if hasAuthorities {
            return
                "it has only lines of @cert-authority, and snapshots are signed by the hosts' own keys, "
                + "not by certificates; add lines of the form \(form)"
        }
        if isPublicKey {
            return "it is a public key without the names of its host; known_hosts has \(form)"
        }
        if hasOptions {
            return
                "it has options before the keys, as the list of allowed signers and authorized_keys "
                + "have; known_hosts has \(form)"
        }
        return "it has no line of the form of known_hosts: \(form)"
    }
}
