import Text

extension Manifest {
    /// What a manifest says of itself, and who has signed it. What it says is what the examiner wrote: only
    /// the signature shows that it was the examiner.
    package struct Origin: Hashable, Sendable {
        /// SHA-256 of the manifest, in lower-case hexadecimal.
        package let sha256: String
        /// The name or number of the case; nil if it does not say.
        package private(set) var caseName: String?
        /// The examiner's name; nil if it does not say.
        package private(set) var examiner: String?
        /// The key that has signed it, and what is known of that; nil if it is not signed.
        package internal(set) var signer: String?

        /// In characters: each receipt of a file has these texts.
        private static let longestText = 1_000

        /// Reads the comments at the head of a manifest. Any other list of sha256sum(1) says nothing.
        /// - Parameters:
        ///   - text: its lines.
        ///   - digest: of the whole file.
        init(_ text: ArraySlice<UInt8>, _ digest: ContentDigest) {
            sha256 = digest.hexadecimal
            guard text.starts(with: Manifest.heading.utf8.dropLast()) else { return }
            let lines = text.split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for line in lines {
                if line.first != UInt8(ascii: "#") { return }
                caseName = Self.text("case", caseName, line)
                examiner = Self.text("examiner", examiner, line)
            }
        }

        /// The text of a title after a line: a text of several lines has as many comments.
        private static func text(
            _ title: String, _ before: String?, _ line: ArraySlice<UInt8>
        ) -> String? {
            let beginning = "# \(title): "
            guard line.starts(with: beginning.utf8) else { return before }
            var bytes = line.dropFirst(beginning.utf8.count)
            if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
            let text = visible(String(decoding: bytes, as: UTF8.self))
            let whole = before.map { "\($0) \(text)" } ?? text
            return whole.isEmpty ? nil : String(whole.prefix(longestText))
        }
    }
}
