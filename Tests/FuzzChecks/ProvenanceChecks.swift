import Crypto
import Evidence
import Foundation
import Records
import SSH
import SystemPackage
import Text

// MARK: known_hosts

/// The keys of the lists, which everybody knows.
private let keys: [SSHPublicKey] = {
    let ed25519 = try! Curve25519.Signing.PrivateKey(
        rawRepresentation: [UInt8](repeating: 1, count: 32))
    let p256 = try! P256.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: 32))
    return [
        SSHPublicKey(ed25519: Array(ed25519.publicKey.rawRepresentation)),
        SSHPublicKey(p256: Array(p256.publicKey.x963Representation)),
    ]
}()

private let host: SignedHost = {
    var host = HostRecord(hostID: "h")
    host.hostname = "web-01.example.org"
    host.ip = "192.0.2.10"
    host.addresses = ["192.0.2.10", "2001:db8::10"]
    return SignedHost(host)
}()

/// The bytes as a list. A key is good only if the list has it, also as an examiner's; a comment, an empty line, and the line
/// feeds of another system change nothing; a name that is hashed is the name.
func knownHostsFailure(_ bytes: [UInt8]) -> String? {
    func judged(_ bytes: [UInt8]) -> [FileSignature]? {
        do throws(KnownHosts.InvalidList) {
            let list = try KnownHosts(bytes)
            return keys.compactMap { list.judge($0, of: [host]) }
        } catch {
            return error.reason.isEmpty ? [] : nil
        }
    }
    let verdicts = judged(bytes)
    if verdicts?.isEmpty == true { return "no reason" }
    for (key, signature) in zip(keys, verdicts ?? [])
    where [.valid, .revoked].contains(signature.verdict) {
        let text = base64(key.blob)
        if bytes.firstRange(of: text.utf8) == nil { return "a key that is not in the list" }
        if (signature.principal == nil) != (signature.verdict == .revoked) { return "principal" }
    }
    do throws(ExaminerKeys.InvalidFile) {
        let examiners = try ExaminerKeys(bytes)
        for key in keys where examiners.accept(key) {
            let text = base64(key.blob)
            if bytes.firstRange(of: text.utf8) == nil {
                return "an examiner that is not in the file"
            }
        }
    } catch {
        if error.reason.isEmpty { return "no reason" }
    }
    if judged(bytes + Array("\n# web-01\n\n".utf8)) != verdicts { return "a comment counts" }
    if !bytes.contains(UInt8(ascii: "\r")) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if judged(Array(lines.joined(separator: [0x0D, 0x0A]))) != verdicts {
            return "CR LF is not LF"
        }
    }
    return nil
}

// MARK: Custody logs

/// The bytes as a log. In one that is accepted each line follows the one before, so that none but the
/// last can be missing, and a line that follows can be added; it has grown from each of its
/// beginnings, and from nothing else.
func custodyFailure(_ bytes: [UInt8]) -> String? {
    let path = FilePath("stick/custody.jsonl")
    let log = CustodyLog(path, bytes)
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let count = lines.count - (lines.last!.isEmpty ? 1 : 0)
    if log.reading.error?.code == .unsupported { return nil }  // too many lines
    if log.digests.count != count { return "\(log.digests.count) digests" }
    if log.lines.contains(where: { $0.number < 1 || $0.number > count }) { return "a number" }
    if let error = log.reading.error {
        if let line = error.line, !(1...max(count, 1)).contains(line) { return "line \(line)" }
        return error.reason.isEmpty ? "no reason" : nil
    }
    if log.lines.map(\.number) != Array(1..<(count + 1)) { return "a line is missing" }
    if count == 0 { return nil }
    for index in 0..<(count - 1) {
        var others = lines[..<count]
        others.remove(at: index)
        if CustodyLog(path, Array(others.joined(separator: [0x0A]))).reading.error == nil {
            return "without line \(index + 1)"
        }
    }
    return historyFailure(log, Array(lines[..<count]))
}

private func historyFailure(_ log: CustodyLog, _ lines: [ArraySlice<UInt8>]) -> String? {
    /// The fault of the log, if one of these bytes was loaded before.
    func fault(after bytes: [UInt8], lines: Int) -> String?? {
        guard let text = log.text else { return nil }
        let words = text.split(separator: " ")
        guard
            let state = CustodyLogState(
                custody: "custody log \(words[2]) with \(counted(lines, "line"))",
                size: bytes.count, sha256: ContentDigest(of: bytes).hexadecimal, path: nil,
                date: "2026-11-30 10:00:00")
        else { return "no state" }
        var records = CustodyRecords([log])
        records.compare(with: [state]) { _ in nil }
        return records.reading(of: .file(log.path, followingLink: false))?.error?.reason
    }
    for count in 1...lines.count {
        let beginning = Array(lines[..<count].joined(separator: [0x0A]))
        for bytes in [beginning, beginning + [0x0A]] where bytes.count <= log.reading.size ?? 0 {
            if case .some(.some(let reason)) = fault(after: bytes, lines: count) {
                return "grown from \(count) lines: \(reason)"
            }
            var other = bytes
            other[count % other.count] ^= 1
            if case .some(.none) = fault(after: other, lines: count) {
                return "grown from others than its \(count) lines"
            }
        }
    }
    return nil
}

// MARK: Manifests

/// The bytes as a manifest. Its paths, written as census writes them, are a manifest with the same
/// paths, in whatever order.
func manifestFailure(_ bytes: [UInt8]) -> String? {
    let directory = FilePath("/nonexistent")
    func paths(_ bytes: [UInt8]) -> [FilePath]? {
        do throws(Manifest.InvalidManifest) {
            return try Manifest(bytes, of: directory).places
        } catch {
            return error.reason.isEmpty ? [] : nil
        }
    }
    guard let all = paths(bytes) else { return nil }
    if all.isEmpty { return "no path and no reason" }
    var lines: [[UInt8]] = []
    let digest = ContentDigest(of: bytes).hexadecimal
    for path in all {
        let name = Manifest.relative(path, to: directory)
        let (escaped, hasEscapes) = Manifest.escaped(name)
        lines.append(Array("\(hasEscapes ? "\\" : "")\(digest)  ".utf8) + escaped)
    }
    if paths(Array(lines.reversed().joined(separator: [0x0A]))) != all { return "other paths" }
    do throws(Manifest.InvalidManifest) {
        let manifest = try Manifest(Array(lines.joined(separator: [0x0A])), of: directory)
        for path in all {
            if manifest.verdict(of: path, digest) != .listed { return "\(path) is not listed" }
            if manifest.verdict(of: path, nil) != .changed { return "\(path) without a digest" }
        }
        return manifest.verdict(of: directory.appending("not in it"), digest) == .extra
            || all.contains(directory.appending("not in it")) ? nil : "more is listed"
    } catch {
        return "\(error)"
    }
}

// MARK: Signatures

/// A manifest, and its signature as `ssh-keygen -Y sign` would make it.
private let signed: (file: [UInt8], signature: SSHSignature) = {
    let key = try! Curve25519.Signing.PrivateKey(
        rawRepresentation: [UInt8](repeating: 1, count: 32))
    let file = Array("a file that was signed\n".utf8)
    let bytes = SSHSignature.signedBytes(
        namespace: Array("\(Manifest.namespace)".utf8), hash: .sha512,
        digest: Array(SHA512.hash(data: file)))
    return (
        file,
        SSHSignature(
            publicKey: keys[0], namespace: Manifest.namespace,
            value: Array(try! key.signature(for: bytes)))
    )
}()

/// The bytes, but for the first, as changes of a file and its signature, or as the signature: none but
/// that of the file by its key is good.
func signatureFailure(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    var rest = bytes.dropFirst()
    var file = signed.file
    var signature = signed.signature.armored
    if first % 2 == 0 {
        while rest.count > 1 {
            let place = Int(rest.removeFirst()) | Int(rest.removeFirst()) << 8
            guard let change = rest.popFirst() else { break }
            let index = place % (file.count + signature.count)
            if index < file.count {
                file[index] ^= change
            } else {
                signature[index - file.count] ^= change
            }
        }
    } else {
        signature = Array(rest)
    }
    do throws(Manifest.InvalidManifest) {
        let key = try Manifest.signer(of: file, signature).key ?? ""
        let parsed = try! SSHSignature(armored: signature)
        // Of a signature only what is reserved may differ: it is not signed.
        let isSame =
            file == signed.file && parsed.publicKey == signed.signature.publicKey
            && parsed.value == signed.signature.value
        return isSame && key.hasPrefix("ssh-ed25519 ") ? nil : "a changed file is signed"
    } catch {
        if file == signed.file && signature == signed.signature.armored { return error.reason }
        return error.reason.isEmpty ? "no reason" : nil
    }
}
