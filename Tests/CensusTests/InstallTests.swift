import Foundation
import SystemPackage
import TestSupport
import Testing

/// `make install`, and what it installs.
@Suite struct InstallTests {
    let directory: TemporaryDirectory
    private let project = fixtures.removingLastComponent()

    init() throws {
        directory = try TemporaryDirectory()
        // The variables and flags of a make(1) that runs the tests are not its own.
        let result = try run(
            "env",
            [
                "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "-u", "MFLAGS", "make", "--silent", "-C",
                project.string, "install", "CENSUS=\(census)",
                "DESTDIR=\(directory.path)", "PREFIX=/opt/census",
            ])
        #expect((result.status, result.output, result.error) == (0, "", ""))
    }

    private func installed(_ name: String) -> String {
        directory.path.appending("opt/census").appending(name).string
    }

    @Test func everyFileIsInItsPlace() throws {
        let find = try run("find", [".", "-type", "f", "-printf", "%m %P\n"], in: directory.path)
        var expected: Set = [
            "755 opt/census/bin/census",
            "644 opt/census/share/bash-completion/completions/census",
            "644 opt/census/share/doc/census/README.md",
            "644 opt/census/share/doc/census/examples/controls.yaml",
            "644 opt/census/share/doc/census/examples/rules.yaml",
            "644 opt/census/share/fish/vendor_completions.d/census.fish",
            "644 opt/census/share/man/man1/census.1",
            "644 opt/census/share/zsh/site-functions/_census",
        ]
        for (place, folder) in [("", "Sources/census/Documentation.docc"), ("sql/", "sql")] {
            let files = try run(
                "find", [".", "-type", "f", "!", "-name", "*.swift", "-printf", "%P\n"],
                in: project.appending(folder)
            ).output.split(separator: "\n")
            #expect(files.count > 10)
            expected.formUnion(files.map { "644 opt/census/share/doc/census/\(place)\($0)" })
        }
        #expect(Set(find.output.split(separator: "\n").map(String.init)) == expected)
        let version = try run(installed("bin/census"), ["--version"])
        #expect(version.output == (try run(census, ["--version"])).output)
    }

    @Test func linksOfTheDocumentationLeadToInstalledFiles() throws {
        let folder = directory.path.appending("opt/census/share/doc/census")
        for name in try run("find", [".", "-name", "*.md", "-printf", "%P\n"], in: folder).output
            .split(separator: "\n")
        {
            let text = String(
                decoding: try contents(of: folder.appending(String(name))), as: UTF8.self)
            for link in text.matches(of: /\]\(([^)]+)\)/) where !link.1.hasPrefix("https://") {
                #expect(
                    FileManager.default.fileExists(
                        atPath: folder.appending(String(link.1)).string), "\(name): \(link.1)")
            }
        }
    }

    @Test(arguments: [
        ("bash", "share/bash-completion/completions/census"),
        ("zsh", "share/zsh/site-functions/_census"),
        ("fish", "share/fish/vendor_completions.d/census.fish"),
    ])
    func completionsAreInTheShellsLanguage(_ shell: String, _ file: String) throws {
        let result = try run(shell, ["-n", installed(file)])
        #expect((result.status, result.output, result.error) == (0, "", ""))
    }

    @Test(arguments: [
        ("census ", (commandNames + ["help"]).joined(separator: " ")),
        ("census report --format ", reportFormatNames.joined(separator: " ")),
        ("census report --fo", "--force --format"),
        ("census verify ev", "evidence"),
        ("census ingest --csv ev", "evidence"),
        ("census ingest --db au", "audit.sqlite"),
    ])
    func bashCompletes(_ line: String, _ expected: String) throws {
        try directory.write([], to: "work/evidence/x.jsonl.gz")
        try directory.write([], to: "work/audit.sqlite")
        let script = #"""
            source "$1"
            read -ra COMP_WORDS <<<"$2"
            case $2 in *' ') COMP_WORDS+=('');; esac
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=${#2}
            _census census "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[@]}"
            """#
        let result = try run(
            "bash",
            ["-c", script, "-", installed("share/bash-completion/completions/census"), line],
            in: directory.path.appending("work"))
        #expect(result.error == "")
        let words = result.output.split(whereSeparator: \.isWhitespace)
        let general = ["--version", "-h", "--help"]
        #expect(words.filter { !general.contains(String($0)) } == expected.split(separator: " "))
    }

    @Test func theManualPageRendersAndHasEveryOption() throws {
        let man = try run(
            "man", ["--warnings", "-E", "UTF-8", "-l", installed("share/man/man1/census.1")],
            environment: ["LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MAN_KEEP_FORMATTING": ""])
        #expect((man.status, man.error) == (0, ""))
        let words = Set(man.output.split { $0.isWhitespace || ",[]".contains($0) })
        for command in commandNames {
            #expect(man.output.contains("\n   census \(command)\n"))
            let help = try run(census, ["help", command]).output
            let options = help.matches(of: /(?m)^ +(-[^ ]+)/).map(\.1)
            #expect(!options.isEmpty)
            for option in options {
                #expect(words.contains(option.prefix { $0 != "," }), "\(option)")
            }
        }
        #expect(man.output.contains("\nEXIT STATUS\n"))
    }
}

/// The formats of `report` in the tested build, in the order of the help.
private let reportFormatNames: [String] = {
    var names = ["table", "vertical", "csv", "json", "jsonl", "markdown"]
    #if Spreadsheet
        names.append("xlsx")
    #endif
    return names + ["html"]
}()
