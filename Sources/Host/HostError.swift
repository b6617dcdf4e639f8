import CHost

/// A file of a host that could not be opened or read.
package struct HostError: Error, CustomStringConvertible {
    /// From the tree's root, without a leading slash.
    package var path: [UInt8]
    /// The number of errno(3).
    package var code: Int32

    init(_ path: [UInt8], _ code: Int32) {
        self.path = path
        self.code = code
    }

    /// `etc/passwd: Input/output error`.
    package var description: String { "\(String(decoding: path, as: UTF8.self)): \(reason)" }

    /// The error in words, strerror(3).
    package var reason: String { Self.reason(of: code) }

    /// The number of an error of CHost in words.
    package static func reason(of code: Int32) -> String {
        let text = filled(upTo: 256) { unsafe census_error_text(code, $0, $1) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The process that the name under /proc stood for has ended: ENOENT at open, ESRCH at read.
    var isEndedProcess: Bool { meaning == census_no_such_name }

    /// What has the name is no symbolic link: EINVAL of readlink(2).
    var isNotALink: Bool { meaning == census_not_a_link }

    /// There is nothing of the kind that was asked for: see `census_absence`.
    var isAbsence: Bool {
        [census_absence, census_no_such_name, census_not_a_link].contains(meaning)
    }

    /// The kernel lets this user see that it is there, and no more.
    var isRefusal: Bool { meaning == census_refusal }

    private var meaning: Int32 { census_error_meaning(code) }
}

/// Runs a call of CHost, which gives an error's number, negated, where it fails.
func checked<Result: SignedInteger & FixedWidthInteger>(
    _ path: @autoclosure () -> [UInt8], _ result: Result
) throws(HostError) -> Result {
    if result < 0 { throw HostError(path(), Int32(truncatingIfNeeded: -result)) }
    return result
}

/// The bytes that a call of CHost puts into a buffer, whose length is what it gives.
@safe func filled(
    upTo capacity: Int32, _ call: (UnsafeMutablePointer<UInt8>, Int32) -> Int32
) -> [UInt8] {
    let count = Int(capacity)
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        used = Int(max(0, unsafe call(buffer.baseAddress!, capacity)))
    }
}
