import Testing
import TestSupport

@Test func version() throws {
    let r = try run(census, ["--version"])
    #expect(r.output == "census 0.1.0\n")
}
