import Testing
import Text

@testable import Host

@Suite struct WindowsTests {
    @Test(arguments: [
        "", "svchost.exe", "Grüße.exe", "日本語.exe", "𝄞🧮.exe", "e\u{301}",
        "\u{FFFF}\u{10FFFF}\u{10000}",
    ])
    func textIsUTF8(_ text: String) {
        #expect(RawText(utf16: text.utf16).bytes.elementsEqual(text.utf8))
        #expect(RawText(utf16: text.utf16).text == text)
    }

    @Test(
        arguments: [
            ([0xD800], [0xED, 0xA0, 0x80]), ([0xDC00], [0xED, 0xB0, 0x80]),
            ([0xDBFF, 0x41], [0xED, 0xAF, 0xBF, 0x41]),
            ([0xD800, 0xD800, 0xDC00], [0xED, 0xA0, 0x80, 0xF0, 0x90, 0x80, 0x80]),
            ([0xDC00, 0xD800], [0xED, 0xB0, 0x80, 0xED, 0xA0, 0x80]),
        ] as [([UInt16], [UInt8])])
    func aLoneSurrogateIsNoText(_ units: [UInt16], expected: [UInt8]) {
        let text = RawText(utf16: units)
        #expect(text.bytes == expected)
        #expect(text.text == nil)
        #expect(text.repaired.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test func everyScalarIsItsOwnUTF8() {
        let borders: [UInt32] = [0, 0x80, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
        for value in borders + stride(from: 1, through: 0x10FFFF, by: 251) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            if !RawText(utf16: text.utf16).bytes.elementsEqual(text.utf8) {
                Issue.record("U+\(String(value, radix: 16))")
            }
        }
    }

    @Test(arguments: [
        (133_484_967_910_000_000 as Int64, 1_704_023_191 as Int64?), (116_444_736_000_000_000, 0),
        (116_444_735_990_000_000, -1), (0, nil), (-1, nil), (1, -11_644_473_600),
    ])
    func time(fileTime: Int64, expected: Int64?) {
        #expect(unixSeconds(fileTime: fileTime) == expected)
    }

    // The first id is that of the same digits as a machine-id: see HostIdentityTests.
    @Test(arguments: [
        ("01234567-89ab-cdef-0123-456789abcdef", "e698d160-7634-4cb0-a802-d772dee9ec81"),
        ("{01234567-89AB-CDEF-0123-456789ABCDEF}", "e698d160-7634-4cb0-a802-d772dee9ec81"),
        ("d0472920-92d9-bfda-e2f0-a9aa8497880d\r\n", "92571683-c409-4adc-8bb5-afc1d190f78c"),
        ("00000000-0000-0000-0000-000000000000", nil), ("", nil), ("not a GUID", nil),
    ])
    func machineGUID(text: String, expected: String?) {
        let identity = HostIdentity(machineGUID: text)
        #expect(identity?.id == expected)
        #expect(identity == nil || identity?.source.rawValue == "machine-guid")
    }

    @Test func theBestIdentityCounts() {
        let guid = "01234567-89ab-cdef-0123-456789abcdef"
        #expect(
            HostIdentity(option: "x", machineGUID: guid, hostname: "pc")
                == HostIdentity(option: "x"))
        #expect(
            HostIdentity(option: nil, machineGUID: guid, hostname: "pc")
                == HostIdentity(machineGUID: guid))
        #expect(
            HostIdentity(option: nil, machineGUID: "?", hostname: "pc")
                == HostIdentity(hostname: "pc"))
        #expect(HostIdentity(option: nil, machineGUID: nil, hostname: nil) == nil)
    }

    private func process(_ pid: Int64, _ name: String, start: Int64 = 0) -> WindowsProcess {
        WindowsProcess(pid: pid, parent: pid == 0 ? 0 : 4, start: start, name: Array(name.utf16))
    }

    @Test func processesHaveTheNamesOfTaskManager() {
        #expect(process(0, "").record.name == "System Idle Process")
        #expect(process(0, "").record.startTime == nil)
        #expect(process(4, "").record.name == "System")
        #expect(process(4, "System").record.name == "System")
        #expect(process(0, "").isKernel && process(4, "System").isKernel)
        #expect(!process(104, "Registry").isKernel)
        let process = process(812, "svchost.exe", start: 133_484_967_910_000_000)
        #expect(process.record.pid == 812)
        #expect(process.record.parent == 4)
        #expect(process.record.name == "svchost.exe")
        #expect(process.record.startTime == 1_704_023_191)
        #expect(WindowsProcess(pid: 8, parent: 4, name: [0xD800]).record.name.text == nil)
    }

    private func session(
        _ state: Int, _ user: String, domain: String = "CORP", station: String = "Console",
        client: String = ""
    ) -> WindowsSession {
        func units(_ text: String) -> [UInt16] { Array(text.utf16) }
        return WindowsSession(
            state: state, user: units(user), domain: units(domain), station: units(station),
            client: units(client), logonTime: 133_484_967_910_000_000)
    }

    /// WTS_CONNECTSTATE_CLASS: active, connected, being connected, shadowing, disconnected, idle,
    /// listening, being reset, down, being set up.
    @Test func whoIsLoggedInHasAnActiveOrADisconnectedSession() {
        let states = (0...9).filter { session($0, "Ale").login != nil }
        #expect(states == [0, 4])
        // Services have session 0, in which nobody is.
        #expect(session(4, "", station: "Services").login == nil)
    }

    @Test func sessions() throws {
        let console = try #require(session(0, "Aldo Zeppa").login)
        #expect(console.user == "Aldo Zeppa")
        #expect(console.domain == "CORP")
        #expect(console.tty == "Console")
        #expect(console.host == nil)
        #expect(console.time == 1_704_023_191)
        #expect(console.pid == nil)
        let remote = session(0, "ivan", station: "RDP-Tcp#3", client: "DESK-07").login
        #expect(remote?.tty == "RDP-Tcp#3")
        #expect(remote?.host == "DESK-07")
        #expect(session(4, "ivan", domain: "", station: "").login?.tty == nil)
        #expect(session(4, "ivan", domain: "", station: "").login?.domain == nil)
    }

    @Test func whiteSpaceIsNoText() {
        #expect(filledIn("  AMD Ryzen 7 PRO 5850U       ") == "AMD Ryzen 7 PRO 5850U")
        #expect(filledIn("  ") == nil)
        #expect(filledIn("") == nil)
        #expect(filledIn(nil) == nil)
    }
}
