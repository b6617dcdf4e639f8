import Testing

@testable import Host

@Suite struct ProcessStatTests {
    @Test(arguments: [
        ") S 1 2", "((()", ")", "(", "", " ", "line1\nline2", "a) R 9 9 9 (b", "tab\there",
        "fifteen-letters", "kworker/u8:1-events_unbound",
    ])
    func name(_ name: String) throws {
        let stat = try #require(
            ProcessStat(statText(42, Array(name.utf8), parent: 7, start: 359_580)))
        #expect(stat.name == Array(name.utf8))
        #expect(stat.parent == 7)
        #expect(stat.startTicks == 359_580)
    }

    @Test func aNameMayBeAnyBytes() {
        let name: [UInt8] = [0xE9, 0x2D, 0xFF, 0xFE, 0x01]
        #expect(ProcessStat(statText(1, name))?.name == name)
    }

    @Test(arguments: [
        "", "\0", "1", "1 (a", "1 a) S 1", "1 )a( S 1 2", "1 (a)", "1 (a) S", "1 (a) S 0 1 1 0 -1",
        "1 (a) S x 7 7 0 -1 1 9 0 0 0 5 6 0 0 20 0 1 0 18 4096",
    ])
    func whatIsNoStatIsNone(text: String) {
        #expect(ProcessStat(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("Name:\tpasswd\nUid:\t1000\t0\t5\t6\nGid:\t1\t2\t3\t4\n", 0),
        // The kernel writes a name's newline as \n, so a name cannot forge the line.
        ("Name:\tx\\nUid:\\t0\nUid:\t1000\t1001\t1000\t1000\n", 1001),
        ("Uid:\t1\t4294967294\t1\t1", 4_294_967_294),
        ("Name:\tx\n", nil), ("Uid:\n", nil), ("Uid:\t1000\n", nil), ("", nil),
    ])
    func effectiveUser(_ status: String, expected: Int64?) {
        #expect(effectiveUserID(inStatus: Array(status.utf8)) == expected)
    }
}
