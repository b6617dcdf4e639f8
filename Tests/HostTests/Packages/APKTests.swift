import Host
import TestSupport
import Testing

/// The packages of Alpine Linux.
@Suite struct APKTests {
    private static let musl = """
        C:Q1Z5Si0aqbKVmDnKHqyrL5W2Wrs7c=
        P:musl
        V:1.2.4-r2
        A:x86_64
        S:383459
        T:the musl c library (libc) implementation
        o:musl
        m:Timo Teräs <timo.teras@iki.fi>
        t:1690000000
        F:lib
        R:ld-musl-x86_64.so.1
        a:0:0:755
        Z:Q1YcT1cHEGkXHTm9IvGpTyZDKNfw8=

        C:Q1aNGXPKbJlKhVZ4J+cQFBQw0aZ0I=
        P:musl-utils
        V:1.2.4-r2
        A:x86_64
        o:musl
        m:Timo Teräs <timo.teras@iki.fi>

        P:.build-deps
        V:20240101.000000
        A:noarch


        """

    @Test(arguments: ["lib/apk/db/installed", "usr/lib/apk/db/installed"])
    func readsTheFields(_ path: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.musl, to: path)
        let facts = try directory.packages()
        #expect(
            facts.packages.map(\.allFields) == [
                "apk\t.build-deps\t20240101.000000\tnoarch\t-\t-\t-",
                "apk\tmusl\t1.2.4-r2\tx86_64\t-\t-\tTimo Teräs <timo.teras@iki.fi>",
                "apk\tmusl-utils\t1.2.4-r2\tx86_64\tmusl\t-\tTimo Teräs <timo.teras@iki.fi>",
            ])
        #expect(facts.sources == ["package apk \(path)"])
        #expect(facts.failures == [])
    }

    /// The place of apk 3, with a link at the old one.
    @Test func countsALinkOnce() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.musl, to: "usr/lib/apk/db/installed")
        try directory.link("lib", to: "usr/lib")
        let facts = try directory.packages()
        #expect(facts.packages.count == 3)
        #expect(facts.sources == ["package apk lib/apk/db/installed"])
    }

    @Test func namesWhatIsCut() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.musl.utf8.prefix(320), to: "lib/apk/db/installed")
        let facts = try directory.packages()
        #expect(facts.lines == ["musl 1.2.4-r2 x86_64"])
        #expect(facts.failures == ["package apk lib/apk/db/installed: it is truncated"])
    }
}
