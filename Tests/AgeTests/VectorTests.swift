import Age
import Crypto
import TestSupport
import Testing
import Text

/// The test vectors of C2SP: each of the 143 is in one of these tests.
@Suite struct VectorTests {
    /// None is added, lost or counted elsewhere without a look at this file.
    @Test func eachVectorIsCounted() {
        #expect(Vector.all.count == 143)
        #expect(Vector.all(.native).count == 99)
        #expect(Vector.all(.scrypt).count == 26)
        #expect(Vector.all(.hybrid).count == 18)
    }

    private func outcome(_ reading: AgeReading) -> String {
        switch reading.error?.kind {
        case nil: "success"
        case .header, .truncatedHeader, .version: "header failure"
        case .armor: "armor failure"
        case .noMatch, .unsupported: "no match"
        case .mac: "HMAC failure"
        case .payload, .truncated: "payload failure"
        case .key, .tooLong: "\(reading.error!)"
        }
    }

    /// The identities of a vector that census reads.
    private func identities(of vector: Vector) throws -> AgeIdentities {
        var identities = AgeIdentities()
        for text in vector.identities where text.hasPrefix("AGE-SECRET-KEY-1") {
            identities.add(try AgeIdentities(file: Array(text.utf8)))
        }
        return identities
    }

    @Test(arguments: Vector.all(.native)) func isReadAsItSays(_ vector: Vector) throws {
        let reading = AgeReading(vector.file, vector.form, try identities(of: vector))
        #expect(outcome(reading) == vector.expect)
        // What is released is what the vector says, also where an error follows.
        let released = hexadecimal(SHA256.hash(data: reading.content))
        #expect(released == vector.payload ?? hexadecimal(SHA256.hash(data: [UInt8]())))
        if reading.error == nil { #expect(vector.payload != nil) }
    }

    /// Reading does not depend on how a file is cut into pieces.
    @Test(arguments: Vector.all) func isReadTheSameInPieces(_ vector: Vector) throws {
        let identities = try identities(of: vector)
        let whole = AgeReading(vector.file, vector.form, identities)
        for piece in vector.file.count < 1 << 18 ? [1, 63, 4097, 65_552] : [65_551, 65_553] {
            let reading = AgeReading(vector.file, vector.form, identities, piece: piece)
            #expect(reading == whole, "pieces of \(piece)")
        }
    }

    private func pipe(_ kinds: String) -> String {
        "this was encrypted with age for \(kinds), which census does not read; "
            + "use age -d FILE | census ingest -"
    }

    /// A header that is damaged whatever it is for is refused as damaged.
    private static let damaged: Set = [
        "scrypt_and_x25519", "scrypt_double", "scrypt_not_canonical_body",
        "hybrid_not_canonical_body",
    ]

    @Test(arguments: Vector.all(.scrypt)) func passphrasesAreRefused(_ vector: Vector) throws {
        let other = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
        let identities = try AgeIdentities(file: Array(other.utf8))
        let reading = AgeReading(vector.file, vector.form, identities)
        #expect(reading.content.isEmpty)
        if Self.damaged.contains(vector.name) {
            #expect(outcome(reading) == vector.expect)
        } else {
            let kind = vector.name == "scrypt_uppercase" ? "Scrypt" : "a passphrase"
            #expect(reading.error == AgeError(.unsupported, pipe(kind)))
        }
    }

    @Test(arguments: Vector.all(.hybrid)) func postQuantumKeysAreRefused(_ vector: Vector) throws {
        for identity in vector.identities {
            #expect {
                try AgeIdentities(file: Array(identity.utf8))
            } throws: {
                ($0 as? AgeError)?.reason.contains("post-quantum") == true
            }
        }
        let other = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
        let identities = try AgeIdentities(file: Array(other.utf8))
        let reading = AgeReading(vector.file, vector.form, identities)
        #expect(reading.content.isEmpty)
        if Self.damaged.contains(vector.name) {
            #expect(outcome(reading) == vector.expect)
        } else {
            let isForX25519Too = vector.name == "hybrid_and_x25519"
            #expect(reading.error?.kind == (isForX25519Too ? .noMatch : .unsupported))
        }
    }
}
