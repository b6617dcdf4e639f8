import CHost
import Host
import SSH
import Text

/// The signature of a snapshot by the host's key of SSH, or why there is none.
struct Signature {
    /// The last part of the line of facts; empty where no signature was wanted.
    var description = ""
    /// The file of the signature; nil if there is none.
    var file: [UInt8]?
    /// Of the key that signed.
    var fingerprint: String?

    /// None, for a reason.
    @inline(never)
    static func impossible(_ reason: String) -> Signature {
        Signature(description: "unsigned: " + reason)
    }

    /// The signature of a file of the running system.
    /// - Parameter keys: the directory of its keys.
    static func of(_ file: [UInt8], keys: String) -> Signature {
        guard SigningPrimitives.canSign else { return .impossible("this collector cannot sign") }
        var host = HostKey.find(in: keys)
        guard let key = host.key?.publicKey else { return .impossible(host.reason) }
        let namespace = SSHSignature.snapshotNamespace
        let bytes = SSHSignature.signedBytes(
            namespace: sshText(namespace), hash: .sha512, digest: SigningPrimitives.sha512(file))
        let value = host.key.flatMap { SigningPrimitives.sign(bytes, with: $0) }
        host.key?.erase()
        guard let value else {
            return .impossible("\(host.path) \(SSHError.damagedPrivateKey.reason)")
        }
        let signature = SSHSignature(publicKey: key, namespace: namespace, value: value)
        return Signature(
            description: "signed by " + key.fingerprint, file: signature.armored,
            fingerprint: key.fingerprint)
    }
}

/// The private key of the host's SSH server that signs. None is ever made.
private struct HostKey {
    /// Nil if there is none.
    var key: SSHPrivateKey?
    /// The file of the key.
    var path = ""
    /// Why there is none; empty where there is no such file.
    var reason = ""

    /// The first that can be used.
    static func find(in directory: String) -> HostKey {
        do throws(HostError) {
            let tree = try HostTree(root: "/")
            var reason = ""
            for name in ["ssh_host_ed25519_key", "ssh_host_ecdsa_key"] {
                let found = read("\(directory)/\(name)", tree)
                if found.key != nil { return found }
                if reason.isEmpty { reason = found.reason }
            }
            if reason.isEmpty {
                reason =
                    tree.exists("\(directory)/ssh_host_rsa_key")
                    ? "/\(directory) has an RSA key only" : "/\(directory) has no key of SSH"
            }
            return HostKey(reason: reason)
        } catch { return HostKey(reason: "cannot open /: \(error.reason)") }
    }

    private static func read(_ name: String, _ tree: borrowing HostTree) -> HostKey {
        let path = "/" + name
        var file: [UInt8]
        do throws(HostError) {
            guard let bytes = try tree.contents(name, limit: SSHPrivateKey.largestFile) else {
                let isThere = tree.exists(name)
                return HostKey(reason: isThere ? "\(path) is not a regular file" : "")
            }
            file = bytes
        } catch { return HostKey(reason: "cannot read \(path): \(error.reason)") }
        defer { forget(&file) }
        do throws(SSHError) {
            let key = try SSHPrivateKey(file: file)
            if case .p256 = key.publicKey.value, !SigningPrimitives.signsP256 {
                return HostKey(reason: "this collector signs with Ed25519 keys only")
            }
            return HostKey(key: key, path: path)
        } catch { return HostKey(reason: "\(path) \(error.reason)") }
    }
}
