import Testing

@testable import Host

@Suite struct PasswdTests {
    @Test(arguments: [
        ("root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000::/:/bin/sh", "anna"),
        // As getpwuid(3) has it: the first of two counts, and what is commented out does not.
        ("anna:x:1000:1000::/:/bin/sh\nberta:x:1000:1000::/:/bin/sh\n", "anna"),
        ("#anna:x:1000:1000::/:/bin/sh\nberta:x:1000:1000::/:/bin/sh\n", "berta"),
        // Lines of NIS, of no shape, of no number, of no name.
        ("+::::::\n-anna\nx:x:many:0:::\n:x:1000:1000:::\ncara:x:1000:1000:::\n", "cara"),
        // nss_compat's, and numbers as strtoul(3) takes them.
        ("+anna:x:1000:0:::\n-berta:x:1000:0:::\n  cara:x: 01000:0:::\n", "cara"),
        ("anna:x:+1000:0:::\n", "anna"), ("anna:x:1000 :0:::\n", nil),
        ("anna:x: +01000: -0\n", "anna"), ("anna:x:-18446744073709550616:0:::\n", "anna"),
        ("anna:x:1000:\n", nil), ("anna:x:1000:x:::\n", nil), ("anna:x:-1000:0:::\n", nil),
        ("anna:x:4294968296:0:::\n", nil),
        ("anna:x:1000\n", nil), ("anna:x:01000x:0:::\n", nil), ("", nil),
    ])
    func user1000(_ text: String, name: String?) {
        #expect(Passwd(Array(text.utf8)).name(of: 1000)?.text == name)
    }

    @Test func aNameMayBeAnyBytes() {
        let passwd = Passwd([0xE9] + Array(":x:4294967294:0:::\n".utf8))
        #expect(passwd.name(of: 4_294_967_294)?.bytes == [0xE9])
    }
}
