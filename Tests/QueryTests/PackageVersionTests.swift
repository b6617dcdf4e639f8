import Query
import TestSupport
import Testing

/// Versions of packages, compared with the systems' own programs.
@Suite struct PackageVersionTests {
    /// -1, 0 or 1.
    private func order(_ a: String, _ b: String, _ type: String) -> Int {
        PackageVersion.precedes(a, b, type: type)
            ? -1 : PackageVersion.precedes(b, a, type: type) ? 1 : 0
    }

    /// Pairs of versions that are alike, so that small differences decide.
    private func pairs(_ seed: UInt64, parts: [String], count: Int) -> [(String, String)] {
        var random = SplitMix64(state: seed)
        func version() -> [String] {
            ["\(Int.random(in: 0...2, using: &random))"]
                + (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    parts.randomElement(using: &random)!
                }
        }
        return (0..<count).map { _ in
            let a = version()
            var b = a
            switch Int.random(in: 0..<4, using: &random) {
            case 0: b = version()
            case 1: b.append(parts.randomElement(using: &random)!)
            default:
                b[Int.random(in: 0..<b.count, using: &random)] =
                    parts.randomElement(using: &random)!
            }
            return (a.joined(), "0" + b.joined())
        }
    }

    @Test func asDpkgComparesThem() throws {
        let parts = [
            ".", "~", "+", "a", "b", "Z", "0", "1", "9", "10", "01", "~rc1", "+deb12u1", "-1",
            "-0", "-", "dfsg",
        ]
        let pairs =
            pairs(1, parts: parts, count: 1500)
            .map { ("0:\($0.0)-1", $0.1) }
            + self.pairs(2, parts: parts, count: 1500).map { ("1:\($0.0)", "1:\($0.1)") }
        // A revision is never empty there.
        let valid = pairs.filter { !$0.0.hasSuffix("-") && !$0.1.hasSuffix("-") }
        let script = valid.map {
            """
            if dpkg --compare-versions '\($0.0)' lt '\($0.1)'; then echo -1
            elif dpkg --compare-versions '\($0.0)' eq '\($0.1)'; then echo 0; else echo 1; fi
            """
        }
        let result = try run("bash", [], input: Array(script.joined(separator: "\n").utf8))
        #expect(result.error == "")
        let orders = result.output.split(separator: "\n").map(String.init)
        try #require(orders.count == valid.count)
        #expect(Set(orders) == ["-1", "0", "1"])
        for ((a, b), expected) in zip(valid, orders) {
            #expect("\(order(a, b, "deb"))" == expected, "\(a) \(b)")
        }
    }

    @Test func asRPMComparesThem() throws {
        let parts = [
            ".", "~", "^", "_", "+", "a", "b", "Z", "0", "1", "9", "10", "01", "~rc1", "el9",
            "^git1", "..",
        ]
        let pairs =
            pairs(3, parts: parts, count: 3000)
            + self.pairs(4, parts: parts, count: 2000).map { ("2:\($0.0)-1", "02:\($0.1)-1") }
            + self.pairs(5, parts: parts, count: 2000).map { ("1-\($0.0)", "1-\($0.1)") }
            + [("1:1", "2"), ("2", "1:1"), ("0:1", "1")]
        let script = pairs.map { "print(rpm.vercmp('\($0.0)', '\($0.1)') .. '\\n')" }
        let directory = try TemporaryDirectory()
        try directory.write(Array(script.joined(separator: "\n").utf8), to: "compare.lua")
        let path = directory.path.appending("compare.lua")
        let result = try run("rpm", ["--eval", "%{lua: dofile('\(path)')}"])
        #expect(result.error == "")
        let orders = result.output.split(separator: "\n").map(String.init)
        try #require(orders.count == pairs.count)
        for ((a, b), expected) in zip(pairs, orders) {
            #expect("\(order(a, b, "rpm"))" == expected, "\(a) \(b)")
            #expect("\(order(a, b, "pacman"))" == expected, "\(a) \(b)")
        }
    }

    /// Each is older than the next: as apk-tools' manual and its tests, and Gentoo's Package
    /// Manager Specification, say.
    @Test(arguments: [
        ["0.1.0_alpha_pre2", "0.1.0_alpha", "0.1.0_beta", "0.1.0_pre", "0.1.0_rc1", "0.1.0"],
        ["0.1.0", "0.1.0_cvs", "0.1.0_svn", "0.1.0_git20240101", "0.1.0_hg", "0.1.0_p1"],
        ["1.0_p9-r0", "1.0_p10-r0"], ["1.2", "1.2a", "1.2b", "1.2.1"], ["6.0_pre1", "6.0"],
        ["1.0.4-r3", "1.0.4-r4", "1.0.4-r10", "2.2.39-r1"], ["0.1.6", "0.6.10", "2.34"],
        ["1.0.0_pre20191002222144-r0", "1.0.0_pre20210530193627-r0", "1.0.0"],
        ["5.0.0_alpha5", "5.0.0", "5.0.0-r1"], ["1.01", "1.1", "1.10"], ["9", "10", "10.0"],
        ["3.0.8-r9", "3.0.12-r0", "3.1.0_alpha1-r0", "3.1.0-r0"],
        ["20230506-r0", "20240226-r0"],
    ])
    func asApkComparesThem(versions: [String]) {
        for (index, version) in versions.enumerated() {
            #expect(order(version, version, "apk") == 0)
            for later in versions[(index + 1)...] {
                #expect(order(version, later, "apk") == -1, "\(version) \(later)")
                #expect(order(later, version, "apk") == 1, "\(later) \(version)")
            }
        }
    }

    /// What no system would write neither ends the program nor precedes itself.
    @Test(arguments: ["deb", "rpm", "apk", "snap", ""])
    func anythingIsCompared(type: String) {
        var random = SplitMix64(state: 6)
        let bytes = Array("0019a.~^-:_+ r\u{E9}".unicodeScalars)
        let texts = (0..<300).map { _ in
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                text.append(bytes.randomElement(using: &random)!)
            }
            return String(text)
        }
        for a in texts {
            #expect(order(a, a, type) == 0)
            for b in texts.prefix(30) {
                #expect(order(a, b, type) == -order(b, a, type), "\(a) \(b)")
            }
        }
    }
}
