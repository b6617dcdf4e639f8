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

    /// The one that signs: of those that sshd_config(5) names, or of the usual ones if it names none. A
    /// known_hosts has only keys that the server uses.
    static func find(in directory: String) -> HostKey {
        do throws(HostError) {
            let tree = try HostTree(root: "/")
            var best = HostKey()
            let configured = configuredHostKeys(directory, tree)
            if !configured.isEmpty {
                best.choose(from: configured, tree)
                if best.reason.isEmpty { best.reason = "HostKey names no file that is there" }
                return best
            }
            best.choose(
                from: [
                    directory + "/ssh_host_ed25519_key", directory + "/ssh_host_ecdsa_key",
                ], tree)
            if best.reason.isEmpty {
                best.reason =
                    tree.exists("\(directory)/ssh_host_rsa_key")
                    ? "/\(directory) has an RSA key only" : "/\(directory) has no key of SSH"
            }
            return best
        } catch { return HostKey(reason: "cannot open /: \(error.reason)") }
    }

    /// Becomes the first of these that can be used; one of Ed25519 if there is any, as collectors sign with
    /// no other. The reason is that of the first that cannot be.
    private mutating func choose(from names: [String], _ tree: borrowing HostTree) {
        for name in names {
            var found = Self.read(name, tree)
            if reason.isEmpty { reason = found.reason }
            guard let other = found.key?.publicKey else { continue }
            if key == nil {
                (key, path) = (found.key, found.path)
            } else if case .ed25519 = other.value {
                key?.erase()
                (key, path) = (found.key, found.path)
            } else {
                found.key?.erase()
            }
            if case .ed25519 = other.value { return }
        }
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
            var key = try SSHPrivateKey(file: file)
            if case .p256 = key.publicKey.value, !SigningPrimitives.signsP256 {
                key.erase()
                return HostKey(reason: "this collector signs with Ed25519 keys only")
            }
            return HostKey(key: key, path: path)
        } catch { return HostKey(reason: "\(path) \(error.reason)") }
    }
}
