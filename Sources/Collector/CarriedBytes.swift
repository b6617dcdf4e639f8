// A collector keeps what may not be UTF-8 as bytes: no text of it carries any.

extension String {
    var carriedBytes: [UInt8] { Array(utf8) }

    var patternScalars: [Unicode.Scalar] { Array(unicodeScalars) }
}
