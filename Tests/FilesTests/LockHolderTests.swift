import Testing

@testable import Files

/// Another process that has locked a file.
@Suite struct LockHolderTests {
    private static let list = """
        1: POSIX  ADVISORY  READ 812 08:01:131 1073741826 1073742335
        2: POSIX  ADVISORY  WRITE 99999991 08:01:131 1073741825 1073741825
        2: -> POSIX  ADVISORY  WRITE 813 08:01:132 0 EOF
        3: FLOCK  ADVISORY  WRITE 99999992 fe:0a:1310000 0 EOF
        4: OFDLCK ADVISORY  WRITE -1 08:01:133 0 EOF
        5: POSIX  ADVISORY  WRITE 7 08:01:134 0 EOF
        bad line
        """

    @Test(
        arguments: [
            (8, 1, 131, 99_999_991), (0xFE, 0x0A, 1_310_000, 99_999_992),
        ] as [(UInt32, UInt32, UInt64, Int)])
    func readsTheKernelsList(_ major: UInt32, _ minor: UInt32, _ number: UInt64, _ process: Int) {
        let holder = LockHolder(of: (major, minor, number), in: Self.list, except: 7)
        #expect(holder?.process == process)
        #expect(holder?.name == nil)  // no process has such a number
    }

    @Test(arguments: [132, 133, 134, 135] as [UInt64])
    func aReaderAWaiterAndThisProcessAreNone(_ number: UInt64) {
        #expect(LockHolder(of: (8, 1, number), in: Self.list, except: 7) == nil)
    }
}
