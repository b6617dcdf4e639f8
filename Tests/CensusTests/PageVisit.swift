import Foundation
import SystemPackage
import TestSupport
import Testing

/// What came of a visit to a page with a browser.
struct PageVisit: Decodable {
    /// The value of an expression of JavaScript.
    enum Value: Decodable, Equatable {
        case flag(Bool)
        case number(Int)
        case text(String)
        case texts([String])
        case null

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .texts(try container.decode([String].self))
            }
        }
    }

    /// What a person does; browser.py says what each means.
    enum Step {
        case evaluate(String)
        case wait(String)
        case click(String)
        case type(String)
        case press(String)
        case size(Int, Int)
        case dark
        case print
        case pdf(String)
        case screenshot(String)

        fileprivate var json: [String: Any] {
            switch self {
            case .evaluate(let expression): ["evaluate": expression]
            case .wait(let expression): ["wait": expression]
            case .click(let selector): ["click": selector]
            case .type(let text): ["type": text]
            case .press(let key): ["press": key]
            case .size(let width, let height): ["size": [width, height]]
            case .dark:
                ["media": ["features": [["name": "prefers-color-scheme", "value": "dark"]]]]
            case .print: ["media": ["media": "print"]]
            case .pdf(let file): ["pdf": file]
            case .screenshot(let file): ["screenshot": file]
            }
        }
    }

    /// The values of `evaluate`, in order.
    let results: [Value]
    /// What the browser had to say.
    let log: [String]
    /// The addresses that it asked for.
    let requests: [String]

    /// Opens a page and takes the steps.
    init(of page: String, in directory: TemporaryDirectory, _ steps: [Step]) throws {
        let browser = FilePath(#filePath).removingLastComponent().appending("browser.py")
        let result = try run(
            "python3", [browser.string, page], in: directory.path,
            input: Array(try JSONSerialization.data(withJSONObject: steps.map(\.json))))
        try #require(result.status == 0, "\(result.error)")
        self = try JSONDecoder().decode(PageVisit.self, from: Data(result.outputBytes))
    }
}

/// The pages of a PDF as text, laid out as they are.
func printedPages(_ file: String, in directory: TemporaryDirectory) throws -> [String] {
    let result = try run("pdftotext", ["-layout", file, "-"], in: directory.path)
    try #require(result.status == 0, "\(result.error)")
    return result.output.split(separator: "\u{C}").map(String.init)
}

/// A database of the reference fleet and a host with hostile names, and pages of it.
struct PageDesk {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let hostile = SnapshotText(
            hostID: "hostile", hostname: "<img src=x onerror=alert(1)>",
            ip: "\\\" onclick='alert(1)",
            processes: [
                #"{"record":"process","pid":1,"name":"<script>alert(1)</script>","user":"</td>&lt;"}"#,
                #"{"record":"process","pid":2,"name":"--><!--","user":"</script><style>"}"#,
            ], users: [#"{"record":"user","user":"<script>alert(1)</script>"}"#])
        try directory.write(hostile.bytes, to: "hostile.jsonl")
        let ingest = try run(
            census, ["ingest", "--quiet", referenceFleet.string, "hostile.jsonl"],
            in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    /// Makes `audit.html`, unless the options say otherwise.
    @discardableResult
    func makePage(
        _ options: [String] = [], environment: [String: String] = [:]
    ) throws -> RunResult {
        try run(
            census,
            ["report", "--format", "html"] + (options.contains("-o") ? [] : ["-o", "audit.html"])
                + options, in: directory.path, environment: environment)
    }

    func visit(_ steps: PageVisit.Step..., page: String = "audit.html") throws -> PageVisit {
        try PageVisit(of: page, in: directory, steps)
    }
}
