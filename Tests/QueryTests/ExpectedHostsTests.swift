import Query
import TestSupport
import Testing

@Suite struct ExpectedHostsTests {
    @Test(arguments: [
        ("web-01\nweb-02\n", ["web-01", "web-02"]), ("Hostname\nweb-01", ["web-01"]),
        ("place,host\r\nattic,web-01\r\n\r\ncellar,web-02\r\n", ["web-01", "web-02"]),
        ("a;b\nHost;x", ["a", "Host"]), ("name\tplace\nweb-01\tattic", ["web-01"]),
        ("\"web,1\",x\n\"say \"\"hi\"\"\"", ["web,1", "say \"hi\""]),
        ("\u{FEFF}host\nweb-01", ["web-01"]), (" web-01 \nweb-01\nWEB-01", ["web-01"]),
        ("\"two\nlines\"", ["two lines"]),
        // Excel's directive, in each of its forms.
        ("sep=;\r\nHostname;IP\r\nweb-01;192.0.2.1\r\n", ["web-01"]),
        ("\u{FEFF}\"sep=;\"\n\"a,b\";c", ["a,b"]), ("SEP=|\nhost|ip\nweb-01|x", ["web-01"]),
        ("sep=\t\nIP\tHost\n192.0.2.1\tweb-01", ["web-01"]),
        // The separator is the most frequent one outside quotes.
        ("\"web,01\";\"x,y,z\"\n", ["web,01"]), ("IP;Rechner\n192.0.2.1;web-01", ["web-01"]),
        // Which column, in other languages and cases, and the name before the id and the address.
        ("Nombre;Lugar\nweb-01;x", ["web-01"]), ("Nr,RECHNERNAME\n1,web-01", ["web-01"]),
        ("ID,Name,IP\n7,web-01,192.0.2.1", ["web-01"]), ("Id,IP\n7,192.0.2.1", ["192.0.2.1"]),
        ("Lieu;Nom d'hôte\nx;web-01", ["web-01"]), ("x,Nom d’ho\u{302}te\n1,web-01", ["web-01"]),
        ("場所,ホスト名\nx,web-01", ["web-01"]), ("\"Computer Name\",x\nweb-01,", ["web-01"]),
        ("Name,DNS-Host_Name\nWeb server,web-01", ["web-01"]),
        ("Server Owner,Host\nkim,web-01", ["web-01"]),
        // Empty, invisible and comment lines.
        ("# list of 2026\n\nhost,,\n,,\n  \nweb-01,,\n#web-02\n", ["web-01"]),
        (
            "\u{A0}web-01\u{A0}\n\u{200B}web-02\u{FEFF}\nweb\u{AD}-03\n\t",
            ["web-01", "web-02", "web-03"]
        ),
        ("\"web-01\n\",x\rweb-02,x\r", ["web-01", "web-02"]),
    ])
    func reads(_ list: (text: String, names: [String])) throws {
        let hosts = try ExpectedHosts(Array(list.text.utf8))
        #expect(hosts.names == list.names)
        #expect(hosts.firstLineInWindows1252 == nil)
        // As Excel's "Unicode text", in both orders, and without a mark where a letter shows it.
        let text = list.text.hasPrefix("\u{FEFF}") ? String(list.text.dropFirst()) : list.text
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(try ExpectedHosts([0xFF, 0xFE] + little).names == list.names)
        #expect(try ExpectedHosts([0xFE, 0xFF] + big).names == list.names)
        if text.utf16.prefix(2).allSatisfy({ $0 < 0x80 }) {
            #expect(try ExpectedHosts(little).names == list.names)
            #expect(try ExpectedHosts(big).names == list.names)
        }
    }

    /// A host without a name is not skipped.
    @Test(arguments: [
        ("Name;IP\nweb-01;192.0.2.1\n;192.0.2.2\n", ["web-01", "192.0.2.2"], []),
        ("IP,Host,FQDN\n192.0.2.1,,\n192.0.2.2,,b.example\n", ["192.0.2.1", "b.example"], []),
        // A name may be a person's, and an id a row's.
        ("ID,Name,Host\n7,kim,web-01\n8,\"lee\n\",\n9,,\nx", ["web-01"], [3, 5, 6]),
        ("web-01;x\n;Total: 1\n", ["web-01"], [2]),
    ])
    func rowsWithoutAName(_ list: (text: String, names: [String], lines: [Int])) throws {
        let hosts = try ExpectedHosts(Array(list.text.utf8))
        #expect(hosts.names == list.names)
        #expect(hosts.linesWithoutHost == list.lines)
    }

    @Test func readsWindows1252() throws {
        let bytes = Array("Ort;Gerät\r\nZürich;büro-01\r\n\u{96};x\r\n".unicodeScalars)
            .map { UInt8($0.value) }
        let hosts = try ExpectedHosts(bytes)
        #expect(hosts.names == ["büro-01", "x"])
        #expect(hosts.firstLineInWindows1252 == 1)
        let dash = try ExpectedHosts(Array("a\r\n\"b\n".utf8) + [0x96, 0x80] + Array("\"".utf8))
        #expect(dash.names == ["a", "b –€"])
        #expect(dash.firstLineInWindows1252 == 3)
    }

    private static let remedy = "; save the list as CSV UTF-8 and use that file"

    @Test(
        arguments: [
            (Array("".utf8), nil, "the list contains no hosts"),
            (Array("\n\n".utf8), nil, "the list contains no hosts"),
            (Array("sep=;\nhost;x\n".utf8), nil, "the list contains no hosts"),
            // Lines count as an editor counts them, whatever ends them and whatever they are in.
            (Array("a\n\"b\nc".utf8), 2, "a quote is not closed"),
            (
                Array("sep=,\r\na\r\n\"b\r\nc\"\r\n# d\r\n\r\n\"e\r\n".utf8), 7,
                "a quote is not closed"
            ),
            (Array("a\rb\r\"c".utf8), 3, "a quote is not closed"),
            (Array("a\nb\n\0".utf8), 3, "the list contains a NUL character\(remedy)"),
            (
                [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x62], 2,
                "the list is truncated UTF-16; copy it again"
            ),
            (
                [0x50, 0x4B, 3, 4, 0x14, 0, 6, 0], nil,
                "this is a workbook, such as .xlsx, .ods or .numbers, or a zip archive\(remedy)"
            ),
            (
                [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], nil,
                "this is an older Microsoft Office document, such as .xls\(remedy)"
            ),
            (Array("%PDF-1.7\n".utf8), nil, "this is a PDF document\(remedy)"),
            (
                Array("\u{FEFF}\n<html><table>".utf8), nil,
                "this is an HTML page, such as a login or error page\(remedy)"
            ),
            (Array("<?xml version=\"1.0\"?>\n<Workbook>".utf8), nil, "this is XML\(remedy)"),
            (Array("{\\rtf1 web-01}".utf8), nil, "this is an RTF document\(remedy)"),
            ([0x1F, 0x8B, 8, 0], nil, "this is gzip\(remedy)"),
            (Array(repeating: 0, count: 100), nil, "this begins with NUL bytes\(remedy)"),
            ([0x61, 0, 0, 0, 0x62, 0, 0, 0], nil, "this is UTF-32\(remedy)"),
        ] as [([UInt8], Int?, String)])
    func refuses(_ bytes: [UInt8], _ line: Int?, _ reason: String) {
        let error = #expect(throws: ExpectedHosts.InvalidList.self) { try ExpectedHosts(bytes) }
        #expect(error?.line == line)
        #expect(error?.reason == reason)
    }

    /// A host's name may begin as a file of another kind does.
    @Test(arguments: ["GIF8-srv", "BZh9", "From", "eyJ-1", "H4sI", "070701", "begin 644 x", "LZIP"])
    func takesAnyName(_ name: String) throws {
        #expect(try ExpectedHosts(Array(name.utf8)).names == [name])
    }
}
