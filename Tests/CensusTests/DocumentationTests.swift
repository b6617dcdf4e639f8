#if Rules
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// Compares the README and the articles with the program, the schema, and the files that they
    /// name.
    @Suite struct DocumentationTests {
        static let project = fixtures.removingLastComponent()
        static let catalog = project.appending("Sources/census/Documentation.docc")
        static let articles = try! FileManager.default.contentsOfDirectory(atPath: catalog.string)
            .filter { $0.hasSuffix(".md") }.sorted()
        /// The README and the articles, by their paths in the project.
        static let documents =
            ["README.md"] + articles.map { "Sources/census/Documentation.docc/\($0)" }

        private func text(of document: String) throws -> String {
            String(decoding: try contents(of: Self.project.appending(document)), as: UTF8.self)
        }

        private func article(_ name: String) throws -> String {
            try text(of: "Sources/census/Documentation.docc/\(name).md")
        }

        /// The code in a document: spans between backticks, and indented lines.
        private func code(in text: String) -> [String] {
            let lines = text.split(separator: "\n").map(String.init)
            let prose = lines.filter { !$0.hasPrefix("    ") }.joined(separator: "\n")
            return lines.filter { $0.hasPrefix("    ") }
                + prose.matches(of: /`([^`]+)`/).map { String($0.1) }
        }

        private func help(_ command: String) throws -> String {
            try run(census, ["help", command]).output
        }

        private func options(of help: String) -> Set<String> {
            Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.0) })
        }

        @Test(arguments: documents) func everyLinkLeadsToAFile(_ document: String) throws {
            let directory = Self.project.appending(document).removingLastComponent()
            for link in try text(of: document).matches(of: /\]\(([^)#]+)(#[^)]*)?\)/) {
                if link.1.hasPrefix("https://") { continue }
                let path = directory.appending(String(link.1)).string
                #expect(FileManager.default.fileExists(atPath: path), "\(link.1)")
            }
        }

        @Test(arguments: articles) func everyArticleIsInTheTableOfContents(_ name: String) throws {
            if name == "Documentation.md" { return }
            #expect(try article("Documentation").contains("](\(name))"))
            #expect(try text(of: "README.md").contains("Documentation.docc/\(name))"))
        }

        @Test(arguments: documents) func everyCommandExists(_ document: String) throws {
            let words = Set(commandNames + ["help"])
            for span in code(in: try text(of: document)) {
                // At the start, or behind a prompt, a path or another command: a usage of it.
                for match in span.matches(of: /(?:^ *|\$ |\/|\| |ssh [a-z0-9-]+ )census ([a-z]+)/) {
                    #expect(words.contains(String(match.1)), "\(span)")
                }
            }
        }

        @Test(arguments: documents) func everyOptionExists(_ document: String) throws {
            let known = try commandNames.reduce(into: Set<String>()) {
                $0.formUnion(options(of: try help($1)))
            }
            for span in code(in: try text(of: document)) where !span.contains("http.server") {
                // Programs that are not census.
                let others = ["OtherTools.md", "AtScale.md"].contains { document.hasSuffix($0) }
                if others, !span.contains("census ") { continue }
                #expect(options(of: span).subtracting(known) == [], "\(span)")
            }
        }

        /// The article of each command.
        static let places = [
            ("Collecting", ["snap"]), ("Loading", ["verify", "ingest"]), ("Origin", ["manifest"]),
            ("Reports", ["report"]),
            ("Comparing", ["diff", "coverage"]), ("Rules", ["check"]),
            ("Desk", ["list", "show", "find", "retract", "export"]),
        ]

        @Test(arguments: places)
        func everyOptionIsInItsArticle(_ name: String, _ commands: [String]) throws {
            let mentioned = options(of: code(in: try article(name)).joined(separator: "\n"))
            for command in commands {
                let known = options(of: try help(command)).subtracting(["--help", "--version"])
                #expect(known.subtracting(mentioned) == [], "census \(command)")
            }
        }

        @Test(arguments: places)
        func exitCodesAreThoseOfTheHelp(_ name: String, _ commands: [String]) throws {
            let general = exitCodes(in: try help(""))
            #expect(general == ["0", "1", "2", "64"])
            var expected = Set<String>()
            for command in commands { expected.formUnion(exitCodes(in: try help(command))) }
            expected.remove("130")
            let text = try article(name)
            var codes = exitCodes(in: text)
            codes.formUnion(text.matches(of: /(?m)^\| (\d+) \|/).map { String($0.1) })
            if name == "Reports" { codes.subtract(["3", "4", "5"]) }  // the numbers of reports
            if name == "Loading" { codes.remove("130") }  // that of an interrupted load
            #expect(codes.isSubset(of: general))
            #expect(expected.isSubset(of: codes))
        }

        /// The numbers in the paragraph that begins with "Exit codes:".
        private func exitCodes(in text: String) -> Set<String> {
            guard let start = text.firstRange(of: "Exit codes:")?.upperBound else { return [] }
            let end = text[start...].firstRange(of: "\n\n")?.lowerBound ?? text.endIndex
            return Set(text[start..<end].matches(of: /\b\d+\b/).map { String($0.0) })
        }

        @Test func theReadmeIsShortAndHasTheExitCodes() throws {
            let readme = try text(of: "README.md")
            #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
            let codes = readme.matches(of: /(?m)^\| (\d+) \|/).map { String($0.1) }
            #expect(codes == ["0", "1", "2", "64"])
        }

        @Test func theTourPrintsWhatTheReadmeSays() throws {
            let directory = try TemporaryDirectory()
            try FileManager.default.createSymbolicLink(
                atPath: directory.path.appending("fixtures").string,
                withDestinationPath: fixtures.string)
            let readme = try text(of: "README.md")
            let start = try #require(readme.firstRange(of: "    $ export CENSUS_DB")).lowerBound
            let lines = readme[start...].split(separator: "\n", omittingEmptySubsequences: false)
                .prefix { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
            let commands = lines.filter { $0.hasPrefix("$ ") }.map { $0.dropFirst(2) }
            let expected = lines.filter { !$0.hasPrefix("$ ") }
            let result = try run(
                "bash",
                [
                    "-c", #"census() { "$PROGRAM" "$@"; }; eval "$1""#, "-",
                    commands.joined(separator: "\n"),
                ],
                in: directory.path, environment: ["PROGRAM": census])
            // On a terminal the two streams are one, in an order of their own.
            let printed = (result.output + result.error).replacing("\r\n", with: "\n")
                .replacing(/read in [0-9.]+ s/, with: "read in 0.0 s").split(separator: "\n")
                .map(String.init)
            #expect(printed.sorted() == expected.sorted())
            #expect(try directory.names().contains("audit.html"))
        }

        @Test func theNewestVersionOfTheChangelogIsThatOfTheProgram() throws {
            let versions = try article("Changelog").matches(of: /(?m)^## (\d+\.\d+\.\d+)$/)
                .map { String($0.1) }
            let output = try run(census, ["--version"]).output
            #expect(output.hasPrefix("census \(try #require(versions.first)) "))
            // Nothing outside of a clone.
            let tags = try run("git", ["-C", Self.project.string, "tag"]).output
            for tag in tags.split(separator: "\n") {
                #expect(versions.contains(String(tag.trimmingPrefix("v"))), "tag \(tag)")
            }
        }

        /// Tables and their columns as the program makes them.
        private func schema() throws -> [String: Set<String>] {
            let directory = try TemporaryDirectory()
            let database = directory.path.appending("census.sqlite").string
            _ = try run(census, ["ingest", "--quiet", "--db", database, referenceFleet.string])
            let columns = try run(
                "sqlite3",
                [
                    "-separator", " ", database,
                    "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c "
                        + "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
                ])
            return columns.output.split(separator: "\n").reduce(into: [:]) { tables, line in
                let words = line.split(separator: " ").map(String.init)
                tables[words[0], default: []].insert(words[1])
            }
        }

        @Test func theTableOfTablesIsTheSchema() throws {
            var tables: [String: Set<String>] = [:]
            var table = ""
            let rows = try article("Database").matches(of: /(?m)^\| (?:`(\w+)` )?\| .* \| (.*) \|$/)
            for row in rows {
                let columns = row.2.replacing(/FK `\w+`/, with: "").replacing(/\(.*?\)/, with: "")
                let names = columns.matches(of: /`(\w+)`/).map { String($0.1) }
                if names.isEmpty { continue }
                table = row.1.map(String.init) ?? table
                tables[table, default: []].formUnion(names)
            }
            #expect(tables == (try schema()))
        }

        @Test func theDiagramIsOfTheSchema() throws {
            let schema = try schema()
            let source = try text(
                of: "Sources/census/Documentation.docc/Resources/database.mmd")
            let entities = source.matches(of: /(?m)^ +(\w+) \{\n((?:.*\n)*?) +\}$/)
            #expect(Set(entities.map { String($0.1) }) == Set(schema.keys))
            let picture = try text(
                of: "Sources/census/Documentation.docc/Resources/database.svg")
            for entity in entities {
                let columns = Set(
                    entity.2.split(separator: "\n").map { String($0.split(separator: " ")[1]) })
                #expect(columns.subtracting(schema[String(entity.1)] ?? []) == [])
                for name in columns.union([String(entity.1)]) {
                    #expect(picture.contains(">\(name)</text>"), "make diagram")
                }
            }
        }

        /// Which modules of ours each module imports.
        private func imports(of module: String) throws -> Set<String> {
            let folder = module == "SQLScripts" ? "sql" : "Sources/\(module)"
            let path = Self.project.appending(folder).string
            let files = FileManager.default.enumerator(atPath: path)!.compactMap { $0 as? String }
            var modules: Set<String> = []
            for file in files where file.hasSuffix(".swift") {
                let source = try text(of: "\(folder)/\(file)")
                for line in source.matches(of: /(?m)^ *(?:package )?import (\w+)$/) {
                    modules.insert(String(line.1))
                }
            }
            return modules
        }

        /// The table of modules says what the sources import, and has each module after those that it
        /// depends on: there is no circle.
        @Test func modulesDependOnWhatTheArticleSays() throws {
            var modules: [(name: String, dependencies: Set<String>)] = []
            for row in try article("Architecture").matches(
                of: /(?m)^\| (`\w+`(?:, `\w+`)*) \| [^|]+ \| ([^|]*)\|$/)
            {
                let dependencies = row.2.matches(of: /`(\w+)`/).map { String($0.1) }
                for name in row.1.matches(of: /`(\w+)`/) {
                    modules.append((String(name.1), Set(dependencies)))
                }
            }
            let names = Set(modules.map(\.name))
            #expect(
                names.isSuperset(of: ["CHost", "Text", "Records", "Loading", "Output", "Rules"]))
            var before: Set<String> = []
            for module in modules {
                #expect(module.dependencies.isSubset(of: before), "\(module.name)")
                before.insert(module.name)
                if ["census", "CommitPlugin", "Packaging"].contains(module.name) { continue }
                let imports = try imports(of: module.name).intersection(names)
                #expect(imports == module.dependencies, "\(module.name)")
            }
        }
    }
#endif
