import Text

/// The names of user ids, from every source on the host itself that nss_files, nss_altfiles,
/// nss_extrausers and nss_systemd read.
///
/// The files are read, and not NSS: a static program cannot load NSS's modules, and the tree may be
/// another host's. Users of a directory service have no name here.
struct Accounts {
    private var passwd: Passwd
    /// What nss_systemd was asked for; nil where it has no name for the id.
    private var others: [Int64: RawText?] = [:]

    init(_ tree: borrowing HostTree) {
        passwd = Passwd([])
        // nss_altfiles: what belongs to the image of an ostree system stands in /usr/lib. Ubuntu
        // Core's users are in the third.
        for path in ["etc/passwd", "usr/lib/passwd", "var/lib/extrausers/passwd"] {
            if let bytes = tree.contents(path) { passwd.add(bytes) }
        }
    }

    mutating func name(of uid: Int64, _ tree: borrowing HostTree) -> RawText? {
        if let name = passwd.name(of: uid) { return name }
        if let name = others[uid] { return name }
        let name = Self.systemdName(of: uid, tree)
        others[uid] = .some(name)
        return name
    }

    /// What nss-systemd(8) says, but for what only a service that is running knows.
    private static func systemdName(of uid: Int64, _ tree: borrowing HostTree) -> RawText? {
        // DynamicUser= of systemd.exec(5): a link that all may read, and a file for root.
        let dynamic = "run/systemd/dynamic-uid"
        if let name = tree.link("\(dynamic)/direct:\(uid)") ?? firstLine("\(dynamic)/\(uid)", tree),
            isName(name)
        {
            return RawText(name)
        }
        // JSON user records, of which `1000.user` is a link to that which has the name.
        for directory in ["etc", "run", "run/host", "usr/local/lib", "usr/lib"] {
            let record = tree.contents("\(directory)/userdb/\(uid).user")
            if let name = record.flatMap({ userName(inUserRecord: $0) }) { return RawText(name) }
        }
        // systemd-homed's, which only root may read.
        if (60001...60513).contains(uid) {
            let home = "var/lib/systemd/home"
            for entry in tree.entries(home) ?? [] {
                let file = String(decoding: entry.bytes, as: UTF8.self)
                guard file.hasSuffix(".identity"), let record = tree.contents("\(home)/\(file)"),
                    userIDs(inUserRecord: record).contains(uid)
                else { continue }
                return userName(inUserRecord: record).map { RawText($0) }
            }
        }
        guard uid == 0 || uid == 65534, isSystemdAsked(tree) else { return nil }
        return uid == 0 ? "root" : "nobody"
    }

    /// Whether nsswitch.conf(5) has nss_systemd asked for users; it then makes up root and nobody.
    private static func isSystemdAsked(_ tree: borrowing HostTree) -> Bool {
        guard
            let bytes = tree.contents("etc/nsswitch.conf") ?? tree.contents("usr/etc/nsswitch.conf")
        else { return false }
        return bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            return words.first?.elementsEqual("passwd:".utf8) == true
                && words.contains { $0.elementsEqual("systemd".utf8) }
        }
    }

    private static func firstLine(_ path: String, _ tree: borrowing HostTree) -> [UInt8]? {
        tree.contents(path).map { Array($0.prefix { $0 != UInt8(ascii: "\n") }) }
    }

    /// Such as systemd takes: not empty, no path.
    private static func isName(_ name: [UInt8]) -> Bool {
        !name.isEmpty && name.count < 256 && !name.contains(UInt8(ascii: "/"))
            && !name.contains(0)
    }
}
