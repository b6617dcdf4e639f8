import SSH
import TestSupport

/// The bytes, but for the first, which chooses what they are: a signature, a key, or either in armor.
func sshFailure(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let rest = Array(bytes.dropFirst())
    switch first % 4 {
    case 0: return signatureFormFailure(armor(rest, "SSH SIGNATURE"))
    case 1: return privateKeyFailure(armor(rest, "OPENSSH PRIVATE KEY"))
    case 2: return publicKeyFailure(rest)
    default: return signatureFormFailure(rest) ?? privateKeyFailure(rest)
    }
}

/// What is accepted is written as something that is read as the same.
private func signatureFormFailure(_ file: [UInt8]) -> String? {
    do throws(SSHError) {
        let signature = try SSHSignature(armored: file)
        if try SSHSignature(armored: signature.armored) != signature { return "another signature" }
        switch signature.publicKey.value {
        case .ed25519, .p256:
            if signature.value.count != 64 { return "a value of \(signature.value.count) bytes" }
            // There is one way to write it, whatever its lines.
            if withoutArmor(file) != withoutArmor(signature.armored) { return "other bytes" }
        case .other: break
        }
        return publicKeyFailure(signature.publicKey.blob)
    } catch { return error.reason.isEmpty ? "no reason" : nil }
}

private func privateKeyFailure(_ file: [UInt8]) -> String? {
    do throws(SSHError) {
        var key = try SSHPrivateKey(file: file)
        if key.publicKey.value == .other || key.secret.count != 32 { return "no key" }
        key.erase()
        if key.secret.contains(where: { $0 != 0 }) { return "the secret is still there" }
        return publicKeyFailure(key.publicKey.blob)
    } catch { return error.reason.isEmpty ? "no reason" : nil }
}

private func publicKeyFailure(_ blob: [UInt8]) -> String? {
    do throws(SSHError) {
        let key = try SSHPublicKey(blob: blob)
        if key.fingerprint.utf8.count != 50 { return "fingerprint \(key.fingerprint)" }
        switch key.value {
        case .ed25519(let point): return SSHPublicKey(ed25519: point) == key ? nil : "another key"
        case .p256(let point): return SSHPublicKey(p256: point) == key ? nil : "another key"
        case .other: return nil
        }
    } catch { return nil }
}
