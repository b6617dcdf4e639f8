import Inventory
import Testing

@Suite struct ExpectedHostsTests {
    @Test(arguments: [
        ("web-01\nweb-02\n", ["web-01", "web-02"]), ("Hostname\nweb-01", ["web-01"]),
        ("place,host\r\nattic,web-01\r\n\r\ncellar,web-02\r\n", ["web-01", "web-02"]),
        ("a;b\nHost;x", ["a", "Host"]), ("name\tplace\nweb-01\tattic", ["web-01"]),
        ("\"web,1\",x\n\"say \"\"hi\"\"\"", ["web,1", "say \"hi\""]),
        ("\u{FEFF}host\nweb-01", ["web-01"]), (" web-01 \nweb-01\nWEB-01", ["web-01", "WEB-01"]),
        ("\"two\nlines\"", ["two\nlines"]),
    ])
    func reads(_ list: (text: String, names: [String])) throws {
        #expect(try ExpectedHosts(Array(list.text.utf8)).names == list.names)
    }

    @Test(arguments: [
        ("", 1), ("\n\n", 1), ("host\n", 1), ("a\n\"b\nc", 2),
    ])
    func refuses(_ list: (text: String, line: Int)) {
        let error = #expect(throws: ExpectedHosts.InvalidList.self) {
            try ExpectedHosts(Array(list.text.utf8))
        }
        #expect(error?.line == list.line)
    }

    @Test func refusesWhatIsNoText() {
        #expect(throws: ExpectedHosts.InvalidList.self) { try ExpectedHosts([0x68, 0xFF]) }
    }
}
