import Records
import Testing
import Text

@Suite struct SnapshotNameTests {
    private func name(_ hostname: String?) -> SnapshotName {
        let header = SnapshotHeader(
            id: "1f0c2d3e-0000-4000-8000-000000000000", takenAt: Timestamp("2026-11-23T05:13:11Z")!)
        return SnapshotName(header, hostname: hostname)
    }

    @Test(arguments: [
        ("web-01", "web-01_20261123T051311Z_1f0c2d3e.jsonl.gz"),
        ("a b/ü_c.example", "a_b___c.example_20261123T051311Z_1f0c2d3e.jsonl.gz"),
        ("con.example", "_con.example_20261123T051311Z_1f0c2d3e.jsonl.gz"),
        (".hidden", "_.hidden_20261123T051311Z_1f0c2d3e.jsonl.gz"),
        (nil, "unknown_20261123T051311Z_1f0c2d3e.jsonl.gz"),
    ])
    func whatAFileIsCalled(_ hostname: String?, _ text: String) {
        #expect(name(hostname).text == text)
        #expect(SnapshotName(of: text) == name(hostname))
    }

    @Test(arguments: [
        "web-01_20261123T051311Z_1f0c2d3e", "web-01_20261123T051311Z_1f0c2d3e.jsonl",
        "web-01_20261123T051311Z_1f0c2d3e.jsonl (2).gz",
        "web-01_20261123T051311Z_1f0c2d3e - Copy.jsonl.gz",
        "Copy of web-01_20261123T051311Z_1f0c2d3e.jsonl.gz",
        "web-01_20261123T051311Z_1f0c2d3e.jsonl.gz.txt",
        "web-01_20261123t051311z_1F0C2D3E.JSONL.GZ",
        "web-01_20261123T051311Z_1f0c2d3e.jsonl.gz\n",
    ])
    func copiesHaveTheSameName(_ text: String) { #expect(SnapshotName(of: text) == name("web-01")) }

    @Test(arguments: [
        "", "web-01.jsonl.gz", "_20261123T051311Z_1f0c2d3e.jsonl.gz",
        "web-01_20261123T051311Z_1f0c2d3.jsonl.gz", "web-01_20261123T051311Z_1f0c2d3ef.jsonl.gz",
        "web-01_20261323T051311Z_1f0c2d3e.jsonl.gz", "web-01_20261123T051311_1f0c2d3e.jsonl.gz",
        "web-01_20261123T051311Z_1f0c2d3x.jsonl.gz",
    ])
    func othersDoNot(_ text: String) { #expect(SnapshotName(of: text) == nil) }
}
