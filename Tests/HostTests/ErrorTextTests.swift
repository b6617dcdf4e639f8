import Glibc
import Testing

@testable import Host

/// Collectors have another C library than census, and the same texts: some are in snapshots.
@Suite struct ErrorTextTests {
    @Test func textsAreThoseOfGlibc() {
        for code in 1...EHWPOISON {
            #expect(HostError.reason(of: code) == String(cString: strerror(code)))
        }
    }
}
