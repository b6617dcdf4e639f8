import Evidence
import Foundation
import Records
import SystemPackage
import TestSupport
import Testing
import Text

/// A collector for Windows, run by wine: that for 64 bits, or what `make test-windows` asks for.
///
/// Wine is not Windows: it has no sessions, no protected processes, no other users, no elevation
/// that can be lost, and no console.
@Suite(.serialized) struct WineTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func wine(_ arguments: [String]) throws -> RunResult {
        try Wine.run(arguments, in: directory.path)
    }

    private func collect(_ arguments: String...) throws -> RunResult {
        try wine([Wine.collector.string] + arguments)
    }

    /// The snapshot that is in a file, as `census` reads it.
    private func snapshot(_ name: String) throws -> [[String: Any]] {
        let verified = try run(census, ["verify", name], in: directory.path)
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
        let text = try run("gzip", ["--decompress", "--stdout", name], in: directory.path).output
        return try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private func record(_ kind: String, _ records: [[String: Any]]) throws -> [String: Any] {
        try #require(records.first { $0["record"] as? String == kind })
    }

    /// A value of wine's registry, as its own program shows it.
    private func registry(_ key: String, _ value: String) throws -> String? {
        let output = try wine(["reg", "query", #"HKLM\"# + key, "/v", value]).output
        let line = output.split(whereSeparator: \.isNewline).first {
            $0.split(separator: " ").first.map(String.init) == value
        }
        return try line.map {
            let text = try #require($0.firstMatch(of: /REG_\w+ +(.*)/)).1
            return text.trimmingCharacters(in: .whitespaces)
        }
    }

    @Test func snapshotAgreesWithTheRegistry() throws {
        let result = try collect("-o", "x.jsonl.gz")
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output == "x.jsonl.gz\n")
        let records = try snapshot("x.jsonl.gz")

        let windows = #"Software\Microsoft\Windows NT\CurrentVersion"#
        let system = try record("os_version", records)
        let product = try #require(try registry(windows, "ProductName"))
        #expect(system["name"] as? String == product)
        #expect(system["platform"] as? String == "windows")
        let version = try #require(system["version"] as? String)
        let build = try #require(try registry(windows, "CurrentBuildNumber"))
        #expect(version.hasSuffix(".\(build)"))
        #expect(system["build"] as? String == build)

        let processor = try record("cpu_info", records)
        let key = #"Hardware\Description\System\CentralProcessor\0"#
        #expect(processor["model"] as? String == (try registry(key, "ProcessorNameString")))
        #expect(processor["manufacturer"] as? String == (try registry(key, "VendorIdentifier")))
        let clock = try #require(try registry(key, "~MHz")).dropFirst(2)
        #expect(processor["max_clock_speed_mhz"] as? Int == Int(clock, radix: 16))
        #expect(
            processor["logical_processors"] as? Int == ProcessInfo.processInfo.activeProcessorCount)

        let host = try record("host", records)
        #expect(host["host_id_source"] as? String == "machine-guid")
        #expect(
            host["hostname"] as? String
                == (try registry(#"System\CurrentControlSet\Services\Tcpip\Parameters"#, "Hostname"))
        )
        #expect(host["arch"] as? String == Wine.systemProcessor)
        #expect(host["container"] as? String == "none")
        #expect(host["workgroup"] as? String != nil)
        let start = try #require(host["boot_time"] as? Int)
        let uptime = String(decoding: try contents(of: "/proc/uptime"), as: UTF8.self)
        let seconds = try #require(Double(uptime.prefix { $0 != " " }))
        #expect(abs(Date.now.timeIntervalSince1970 - seconds - Double(start)) < 60)
        // Addresses as Linux has them: no loopback, no link-local ones.
        let addresses = try run("hostname", ["-I"]).output.split { $0 == " " || $0 == "\n" }
        #expect(Set(host["addresses"] as? [String] ?? []) == Set(addresses.map(String.init)))

        let collection = try record("collection", records)
        #expect(collection["elevated"] as? Bool == true)
        #expect(collection["session_source"] as? String == "wts")
        #expect(collection["processes_hidden"] as? Bool == false)
        #expect(collection["processes_unreadable"] as? Int == 0)

        let own = try #require(
            records.first { ($0["name"] as? String) == Wine.collector.lastComponent?.string })
        #expect(
            (own["path"] as? String)?.hasSuffix(
                #"\dist\collectors\windows-\#(Wine.processor).exe"#) == true)
        #expect((own["user"] as? String)?.contains(#"\"#) == true)
        let started = try #require(own["start_time"] as? Int)
        #expect(abs(Date.now.timeIntervalSince1970 - Double(started)) < 60)
    }

    @Test func theIDIsTheSameEachTime() throws {
        let ids = try ["a.gz", "b.gz"].map { name in
            _ = try collect("-o", name)
            return try record("host", snapshot(name))["host_id"] as? String
        }
        #expect(ids[0] != nil)
        #expect(ids[0] == ids[1])
        _ = try collect("-o", "c.gz", "--host-id", "büro-7")
        #expect(try record("host", snapshot("c.gz"))["host_id"] as? String == "büro-7")
    }

    /// 501 processes of a name that is not ASCII, in a folder whose name is not.
    @Test func childrenAreSeen() throws {
        let name = "Grüße 日本 𝄞 \(getpid()).exe"
        try directory.write(contents(of: Wine.children), to: "Ordner – папка/\(name)")
        let parent = try Wine.start(["Ordner – папка/\(name)", "500"], in: directory.path)
        defer { try? parent.closeInput() }
        var ids: [Int] = []
        for _ in 0..<1200 where parent.isRunning {
            let lines = try parent.outputSoFar().split(whereSeparator: \.isNewline)
            ids = lines.compactMap { Int($0) }
            if lines.last == "ready" { break }
            Thread.sleep(forTimeInterval: 0.1)
        }
        #expect(ids.count == 501)
        let result = try collect("-d", ".")
        try parent.closeInput()
        #expect(result.status == 0, "\(result.error)")
        let file = try #require(result.output.split(whereSeparator: \.isNewline).first)
        let records = try snapshot(String(file))
        let found = records.filter { $0["name"] as? String == name }
        #expect(Set(found.compactMap { $0["pid"] as? Int }) == Set(ids))
        for record in found where record["pid"] as? Int != ids.first {
            #expect(record["parent"] as? Int == ids.first)
            #expect((record["path"] as? String)?.hasSuffix(#"\Ordner – папка\"# + name) == true)
            #expect(record["name_base64"] == nil)
        }
        let end = try parent.wait()
        #expect(end.status == 0, "\(end.error)")

        let loaded = try run(
            census, ["ingest", "--db", "x.sqlite", String(file)], in: directory.path)
        #expect(loaded.status == 0, "\(loaded.error)")
        for report in 1...5 {
            let output = try run(
                census, ["report", "\(report)", "--db", "x.sqlite"], in: directory.path)
            #expect(output.status == 0, "\(output.error)")
        }
    }

    @Test func aProcessMayEndMeanwhile() throws {
        let parent = try Wine.start([Wine.children.string, "brief"], in: directory.path)
        defer { try? parent.closeInput() }
        for index in 0..<5 {
            let result = try collect("-o", "\(index).gz")
            #expect(result.status == 0, "\(result.error)")
            let records = try snapshot("\(index).gz")
            let ids = records.compactMap { $0["pid"] as? Int }
            #expect(Set(ids).count == ids.count)
            let collection = try record("collection", records)
            #expect(collection["processes_unreadable"] as? Int == 0)
        }
    }

    @Test func nothingIsOverwritten() throws {
        try directory.write(Array("mine".utf8), to: "x.gz")
        let result = try collect("-o", "x.gz")
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.error.hasPrefix("census: cannot create x.gz: "))
        #expect(try directory.read("x.gz") == Array("mine".utf8))
        #expect(try directory.names() == ["x.gz"])
    }

    @Test func aPathMayBeLongAndOfAnyAlphabet() throws {
        let folder = (0..<6).map { "\($0) " + String(repeating: "ä", count: 60) }
            .joined(separator: "/")
        try directory.write([], to: folder + "/empty")
        let result = try collect("-o", folder + "/日本.gz")
        #expect(result.status == 0, "\(result.error)")
        #expect(try snapshot(folder + "/日本.gz").count > 5)
        let windows = try collect("-d", folder.replacing("/", with: "\\"))
        #expect(windows.status == 0, "\(windows.error)")
    }

    /// Without a mixture of separators, and without a `.` between them.
    @Test(arguments: [
        (nil, ""), (".", ""), (#".\"#, #".\"#), ("a b", #"a b\"#), (#"a b\"#, #"a b\"#),
        (#"a b\."#, #"a b\"#), ("a b/", "a b/"), ("a b/c", "a b/c/"), (#"a b\c"#, #"a b\c\"#),
        ("a b/c/.", "a b/c/"), (#"a b\.."#, #"a b\..\"#), ("Z:", "Z:"), ("Z:.", "Z:"),
    ])
    func pathsThatArePrinted(directory: String?, beginning: String) throws {
        try self.directory.write([], to: "a b/c/empty")
        let result = try wine(
            [Wine.collector.string] + (directory.map { ["-d", $0] } ?? []))
        #expect(result.status == 0, "\(result.error)")
        let name = try #require(result.output.wholeMatch(of: /(.*[\\\/:])?(\w+\.jsonl\.gz)\n/))
        #expect(String(name.1 ?? "") == beginning)
        let place = beginning.replacing("\\", with: "/").replacing("Z:", with: "")
        #expect(try snapshot(place + name.2).count > 5)
    }

    @Test(arguments: [
        "nowhere/x.gz", "x.gz:stream", "what?.gz", "nul", "NUL.gz", "com1", "x.", "x ", "<x>",
    ])
    func namesThatAreNoFiles(name: String) throws {
        let result = try collect("-o", name)
        #expect(result.status == 1, "\(name)")
        #expect(result.error.hasPrefix("census: cannot create"))
        #expect(try directory.names() == [])
    }

    @Test func theStreamIsBinary() throws {
        let result = try collect("-o", "-")
        #expect(result.status == 0)
        try directory.write(result.outputBytes, to: "stream.gz")
        #expect(try snapshot("stream.gz").count > 5)
        // Another test may have planted a program.
        #expect(
            result.error.contains(/logins, \d+ packages?, 1 account, \d+ listeners?, unsigned:/))
    }

    /// Without the C library's splitting: quotes, backslashes, what is not ASCII.
    @Test(arguments: [
        "plain", "with space", #"q"uote"#, #"back\slash\"#, #"\"both\\"#, "ü 日本 𝄞", "",
    ])
    func arguments(text: String) throws {
        let result = try collect("-o", "x.gz", "--host-id", text + "|")
        #expect(result.status == 0, "\(result.error)")
        #expect(try record("host", snapshot("x.gz"))["host_id"] as? String == text + "|")
    }

    @Test func mistakesAreSaid() throws {
        let result = try collect("--bogus")
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("census: Unknown option '--bogus'\n"))
        let help = try collect("--help")
        #expect(help.status == 0)
        #expect(help.output.contains("USAGE: windows-\(Wine.processor).exe [--output-dir <dir>]"))
        #expect(help.output.contains("rights"))
        // What Windows does not have.
        for word in ["root", "user id", "machine-id"] { #expect(!help.output.contains(word)) }
        let meant = try collect("--hots-id", "x")
        #expect(
            meant.error.hasPrefix("census: Unknown option '--hots-id'. Did you mean '--host-id'?\n")
        )
    }

    @Test func theProgramIsSmallAndNeedsNoRunTime() throws {
        #expect(try contents(of: Wine.collector).count <= 300 << 10)
        let objdump = "\(Wine.processor)-w64-mingw32-objdump"
        let imports = try run(objdump, ["-p", Wine.collector.string]).output
            .split(separator: "\n").filter { $0.contains("DLL Name:") }
            .map { $0.split(separator: " ").last!.lowercased() }
        // All are KnownDLLs, which are not looked for beside the program.
        #expect(Set(imports) == ["advapi32.dll", "kernel32.dll", "msvcrt.dll"])
    }
}
