import Snapshot

/// The names of user ids, from passwd(5).
///
/// The file is read, not NSS: a static program cannot load NSS's modules, and the tree may be
/// another host's. Users of a directory service have no name here.
struct Passwd {
    private var names: [Int: RawText] = [:]

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count > 3, !fields[0].isEmpty, fields[0].first != UInt8(ascii: "#"),
                let uid = Int(String(decoding: fields[2], as: UTF8.self)),
                names[uid] == nil
            else { continue }
            names[uid] = RawText(fields[0])
        }
    }

    func name(of uid: Int) -> RawText? { names[uid] }
}
