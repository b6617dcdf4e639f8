import Foundation
public import SystemPackage

/// Makes a key with ssh-keygen(1).
/// - Parameter options: `["-t", "ed25519"]`.
/// - Returns: the file of the private key. The public one is beside it.
@discardableResult
public func makeKey(
    _ options: [String], passphrase: String = "", named name: String, in directory: FilePath
) throws -> FilePath {
    let file = directory.appending(name)
    let result = try run(
        "ssh-keygen", ["-q", "-N", passphrase, "-f", file.string] + options)
    if result.status != 0 { throw CocoaError(.fileWriteUnknown, userInfo: ["": result.error]) }
    return file
}

/// Bytes in base64 in lines, between the lines of a label: `SSH SIGNATURE`.
public func armor(_ bytes: [UInt8], _ label: String, lineEnd: String = "\n") -> [UInt8] {
    let digits = Array(Data(bytes).base64EncodedString().utf8)
    var lines = ["-----BEGIN \(label)-----"]
    for start in stride(from: 0, to: digits.count, by: 70) {
        lines.append(String(decoding: digits[start..<min(start + 70, digits.count)], as: UTF8.self))
    }
    lines.append("-----END \(label)-----")
    return Array(lines.map { $0 + lineEnd }.joined().utf8)
}

/// The bytes between such lines.
public func withoutArmor(_ file: [UInt8]) -> [UInt8] {
    let lines = String(decoding: file, as: UTF8.self).split(whereSeparator: \.isNewline)
    return Array(Data(base64Encoded: lines.dropFirst().dropLast().joined())!)
}

/// For Bash in a mount namespace of its own, as root: puts an empty file system over `/etc/ssh`, and
/// makes the folder where the system has none.
public let ownHostKeys = """
    if [ -d /etc/ssh ]; then
        mount -t tmpfs tmpfs /etc/ssh || exit
    else
        mount -t tmpfs tmpfs /mnt && cp -a /etc/. /mnt && mkdir /mnt/ssh &&
            mount --bind /mnt /etc || exit
    fi

    """

/// Makes what files are encrypted for: identities of age, `one.txt` and `two.txt`, and a key of SSH,
/// `ssh`.
public func makeEncryptionKeys(in directory: FilePath) throws {
    for name in ["one.txt", "two.txt"] {
        let result = try run("age-keygen", ["-o", name], in: directory)
        if result.status != 0 {
            throw CocoaError(.fileWriteUnknown, userInfo: ["": result.error])
        }
    }
    try makeKey(["-t", "ed25519"], named: "ssh", in: directory)
}
