import Foundation
import FuzzChecks
import SystemPackage
import TestSupport
import Testing

/// The inputs that reached new code, or failed once.
@Suite struct FuzzTests {
    @Test(arguments: FuzzCheck.allCases) func holdsForEachInputFound(_ check: FuzzCheck) throws {
        let folder = fixtures.appending("fuzz/\(check.rawValue)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
        #expect(names.count >= 10)
        for name in names {
            let failure = check.failure(try contents(of: folder.appending(name)))
            #expect(failure == nil, "\(name)")
        }
    }
}
