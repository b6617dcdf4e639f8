import Age
import Evidence
import SystemPackage
import TestSupport

/// An age file of the test vectors, with the identity that reads it.
private let known: (file: [UInt8], identities: AgeIdentities) = {
    let vector = try! contents(of: fixtures.appending("age/cctv/x25519"))
    let start = vector.indices.first { vector[$0...].starts(with: "\n\nage-encryption".utf8) }!
    let lines = String(decoding: vector[..<start], as: UTF8.self).split(separator: "\n")
    let identity = lines.first { $0.hasPrefix("identity: ") }!.dropFirst(10)
    return (Array(vector[(start + 2)...]), try! AgeIdentities(file: Array(identity.utf8)))
}()

/// Reads bytes as an age file: what is released, and why no more is.
private func read(
    _ bytes: [UInt8], _ form: AgeForm, piece: Int
) -> (content: [UInt8], error: AgeError?) {
    var reader = AgeReader(form, known.identities)
    var content: [UInt8] = []
    do throws(AgeError) {
        var start = 0
        while start < bytes.count {
            let end = min(start + piece, bytes.count)
            try reader.read(bytes[start..<end], into: &content)
            start = end
        }
        try reader.finish(into: &content)
    } catch {
        return (content, error)
    }
    return (content, nil)
}

private func readingFailure(_ bytes: [UInt8], _ form: AgeForm) -> String? {
    let whole = read(bytes, form, piece: .max / 2)
    for piece in [1, 7, 1000] {
        let pieces = read(bytes, form, piece: piece)
        if pieces != whole { return "at once: \(whole)\npieces of \(piece): \(pieces)" }
    }
    return nil
}

/// The file of a test vector with some bytes changed: pairs of a place and what is changed there.
private func changedFileFailure(_ bytes: ArraySlice<UInt8>) -> String? {
    var file = known.file
    var rest = bytes
    while rest.count > 1 {
        file[Int(rest.removeFirst()) % file.count] ^= rest.removeFirst()
    }
    let reading = read(file, .binary, piece: .max / 2)
    if file == known.file {
        return reading.error == nil ? nil : "\(reading.error!)"
    }
    return reading.error == nil || !reading.content.isEmpty ? "a changed file is read" : nil
}

/// The bytes as a file of keys: each recipient that is taken can be encrypted for.
private func recipientsFailure(_ bytes: [UInt8]) -> String? {
    do throws(AgeError) {
        let recipients = try AgeRecipient.parse(file: bytes)
        return AgeWriter.file(of: [], for: recipients).isEmpty ? "no file" : nil
    } catch {
        return nil
    }
}

private func identitiesFailure(_ bytes: [UInt8]) -> String? {
    do throws(AgeError) {
        return try AgeIdentities(file: bytes).isEmpty ? "no identity" : nil
    } catch {
        return nil
    }
}

private func bech32Failure(_ bytes: [UInt8]) -> String? {
    guard let (prefix, content) = Bech32.decode(bytes) else { return nil }
    let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let text = Bech32.encode(content, prefix: String(decoding: prefix, as: UTF8.self).lowercased())
    return Array(text.utf8) == lower ? nil : "\(text) is another text of the same bytes"
}

/// The bytes, encrypted, have the snapshots that they have in the clear.
private func encryptedFailure(_ bytes: [UInt8]) -> String? {
    func count(_ input: consuming EvidenceInput) -> (snapshots: Int, isWhole: Bool) {
        var file = SnapshotFile(input, identities: own.identities)
        var snapshots = 0
        do throws(SnapshotError) {
            while try file.next() != nil { snapshots += 1 }
        } catch {
            return (snapshots, false)
        }
        return (snapshots, true)
    }
    if AgeForm(beginning: bytes[...]) != nil { return nil }
    let plain = count(Evidence.whole(bytes))
    let encrypted = count(Evidence.whole(AgeWriter.file(of: bytes, for: [own.recipient])))
    return plain == encrypted ? nil : "in the clear: \(plain), encrypted: \(encrypted)"
}

/// A pair of keys: the example of the specification.
private let own: (recipient: AgeRecipient, identities: AgeIdentities) = (
    try! AgeRecipient("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"),
    try! AgeIdentities(
        file: Array(
            "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX".utf8))
)

func ageFailure(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let rest = Array(bytes.dropFirst())
    switch first % 8 {
    case 0: return readingFailure(rest, .binary)
    case 1: return readingFailure(rest, .armored)
    case 2: return changedFileFailure(rest[...])
    case 3: return recipientsFailure(rest)
    case 4: return identitiesFailure(rest)
    case 5: return bech32Failure(rest)
    case 6: return encryptedFailure(rest)
    default: return readingFailure(known.file + rest, .binary)
    }
}
