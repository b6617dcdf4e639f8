#if Rules
    import Foundation
    import TestSupport
    import Testing

    // What `census check` refuses.
    extension CheckCommandTests {
        @Test func refusedRules() throws {
            try directory.write(Array("rules:\n- {idd: a\u{1B}}\n".utf8), to: "bad.yaml")
            try directory.write(
                Array("rules:\n- {idd: a, severity: hgh, sentence: S, allowed-users: '[a'}\n".utf8),
                to: "wrong.yaml")
            let result = try census("check", "--rules", "wrong.yaml")
            #expect((result.status, result.output) == (64, ""))
            #expect(
                result.error == #"""
                    wrong.yaml:2:3: "id" is missing
                    wrong.yaml:2:4: a rule has no key "idd"; did you mean "id"?
                    wrong.yaml:2:22: unknown severity "hgh"; did you mean "high"?
                    wrong.yaml:2:55: the pattern "[a": "[" has no "]"; "\[" is the character itself

                    """#)
            let control = try census("check", "--rules", "bad.yaml")
            #expect(control.status == 64)
            #expect(control.error.hasPrefix("bad.yaml:2:"))
            #expect(!control.error.contains("\u{1B}"))
            #expect(try directory.names() == ["bad.yaml", "rules.yaml", "wrong.yaml"])
        }

        @Test func whatCannotBeDone() throws {
            try directory.write(Array(repeating: 65, count: 4096), to: "text")
            let cases: [(arguments: [String], error: String)] = [
                (["--rules", "none"], "cannot open none: No such file or directory"),
                (["--rules", "."], "cannot read .: Is a directory"),
                (["--rules", "rules.yaml"], "census.sqlite: No such file or directory"),
                (["--rules", "rules.yaml", "--db", "text"], "text: this is not a census database"),
            ]
            for (arguments, error) in cases {
                let result = try run(
                    TestSupport.census, ["check"] + arguments, in: directory.path)
                #expect((result.status, result.output) == (2, ""))
                #expect(result.error == "census: \(error)\n")
            }
        }

        @Test(arguments: [
            [], ["--rules", ""], ["--rules", "rules.yaml", "--fail-on", "bad"],
            ["--rules", "rules.yaml", "--format", "xml"], ["--rules", "rules.yaml", "--db", ""],
        ])
        func wrongUsage(arguments: [String]) throws {
            let result = try run(TestSupport.census, ["check"] + arguments, in: directory.path)
            #expect((result.status, result.output) == (64, ""))
            #expect(result.error.hasPrefix("census: "))
        }
    }
#endif
