import ArgumentParser
import Files
import Query
import Text

/// The option that names the list of expected hosts.
struct ExpectedOption: ParsableArguments {
    @Option(
        name: .customLong("expected"),
        help: ArgumentHelp(
            "CSV or tab-separated list of host names, ids or addresses, with or without a header; - for standard input.",
            valueName: "file"), completion: .file())
    var path: String?

    func validate() throws {
        if path?.isEmpty == true { throw ValidationError("--expected is empty.") }
    }

    /// What no output overwrites.
    var lists: [(path: String, use: String)] {
        path.map { [(path: $0, use: "the list of --expected")] } ?? []
    }

    /// The list; nil without one. What is odd in it is reported.
    func read() throws -> ExpectedHosts? {
        guard let path else { return nil }
        let file = try OpenFile(readingOrStandardInput: path)
        let name = file.path.text
        let bytes = try file.contents()
        do throws(ExpectedHosts.InvalidList) {
            let list = try ExpectedHosts(bytes)
            if let line = list.firstLineInWindows1252 {
                Console.note("\(name):\(line): not UTF-8; read as Windows-1252")
            }
            if let line = list.linesWithoutHost.first {
                let more = list.linesWithoutHost.count - 1
                Console.note(
                    "\(name):\(line): no host in this row; skipped"
                        + (more > 0 ? ", and \(counted(more, "more row"))" : ""))
            }
            return list
        } catch {
            let place = error.line.map { "\(name):\($0)" } ?? name
            throw Failure(message: "\(place): \(error.reason)")
        }
    }
}

extension Coverage {
    /// `4 hosts seen; 1 rejected; missing hosts are not reported without --expected`.
    var summary: String {
        var parts = [counted(hosts.count, "host") + " seen"]
        if let expectedCount { parts[0] += ", \(expectedCount) expected" }
        for kind in Kind.allCases {
            let count = anomalies.count { $0.kind == kind }
            if count > 0 { parts.append("\(count) \(kind.rawValue)") }
        }
        if parts.count == 1 && !hosts.isEmpty { parts.append("no findings") }
        if expectedCount == nil {
            parts.append("missing hosts are not reported without --expected")
        }
        return parts.joined(separator: "; ")
    }
}
