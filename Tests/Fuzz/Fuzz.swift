import FuzzChecks
import Glibc

/// Runs libFuzzer to find bytes for which the check named by `$FUZZ_CHECK` fails. It is an
/// environment variable because libFuzzer restarts itself with its own arguments.
@main
enum Fuzz {
    fileprivate static let check: FuzzCheck = {
        let name = getenv("FUZZ_CHECK").map { String(cString: $0) } ?? ""
        guard let check = FuzzCheck(rawValue: name) else {
            let names = FuzzCheck.allCases.map(\.rawValue).joined(separator: ", ")
            fatalError("$FUZZ_CHECK is one of \(names)")
        }
        return check
    }()

    static func main() {
        _ = check
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runDriver(&count, &arguments, tryInput))
    }
}

/// The name that the `main` of libFuzzer refers to, which is linked but never runs.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let failure = Fuzz.check.failure(input) { fatalError(failure) }
    return 0
}

/// libFuzzer as a library.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
