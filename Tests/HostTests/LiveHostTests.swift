import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing

/// The host that runs the tests, against its own tools.
@Suite(.serialized) struct LiveHostTests {
    private let facts: HostFacts

    init() throws {
        facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
    }

    private func output(_ command: String, _ arguments: String...) throws -> String {
        let result = try run(command, arguments, environment: ["LC_ALL": "C", "TZ": "UTC"])
        try #require(result.status == 0)
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func kernelAndSystem() throws {
        #expect(try facts.host.arch == output("uname", "-m"))
        #expect(try facts.host.kernel == output("uname", "-r"))
        #expect(try facts.host.hostname == output("uname", "-n"))
        // A shell reads os-release too.
        let script = ". /etc/os-release 2> /dev/null; echo \"${NAME-Linux}|$ID\""
        let name = try output("sh", "-c", script).split(
            separator: "|", omittingEmptySubsequences: false)
        #expect(facts.osVersion.name == name[0])
        #expect(facts.osVersion.platform ?? "" == name[1])
    }

    @Test func processors() throws {
        #expect(facts.cpuInfo.model?.isEmpty == false)
        #expect(try facts.cpuInfo.logicalProcessors == Int64(output("nproc", "--all")))
    }

    @Test func processes() throws {
        let test = try TemporaryDirectory()
        let name = "a-program-with-a-long-name"
        let program = test.path.appending(name).string
        let child = try startSleep(as: program)
        defer { stop(child) }
        let childID = Int64(child.processIdentifier)

        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let record = try #require(facts.processes.first { $0.pid == childID })
        #expect(record.name.text == name)
        #expect(record.parent == Int64(getpid()))
        #expect(record.path?.text == program)
        #expect(try record.user?.text ?? "" == output("id", "-nu"))
        let started = try output(
            "date", "-d", output("ps", "-o", "lstart=", "-p", "\(childID)"), "+%s")
        // ps reckons with its own idea of the boot time, a second off at the most.
        #expect(abs(try #require(record.startTime) - (try #require(Int64(started)))) <= 1)

        // Those that live as long as the test.
        let listing = try output("ps", "-eo", "pid=,ppid=,euid=,comm=")
        var compared: Set<Int64> = []
        for line in listing.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 3)
            let pid = try #require(Int64(fields[0]))
            guard [1, 2, Int64(getpid()), childID].contains(pid) else { continue }
            let process = try #require(facts.processes.first { $0.pid == pid })
            #expect(process.parent == Int64(fields[1]))
            #expect(process.uid == Int64(fields[2]))
            // ps has the kernel's name, and " <defunct>" behind a zombie's.
            #expect(process.name.text?.hasPrefix(String(fields[3])) == true)
            compared.insert(pid)
        }
        #expect(compared.isSuperset(of: [1, Int64(getpid()), childID]))
        #expect(facts.collection.processesHidden == !compared.contains(2))
    }

    /// The kernel does not say where such a program lies, ENAMETOOLONG; any user can start one.
    @Test func aProgramTooDeepForAPathDoesNotEndTheReading() throws {
        let test = try TemporaryDirectory()
        let child = try startSleep(as: test.path.appending("too-deep").string)
        defer { stop(child) }
        // A running program is where its directory has moved to.
        let script = """
            set -e; half=$(printf '%0200d/' $(seq 11))
            mkdir -p "inner/$half" "outer/$half"
            mv too-deep "inner/$half"; mv inner "outer/$half"
            """
        #expect(try run("sh", ["-c", script], in: test.path).status == 0)
        defer { _ = try! run("rm", ["-rf", test.path.appending("outer").string]) }

        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let record = try #require(facts.processes.first { $0.pid == child.processIdentifier })
        #expect(record.name == "too-deep")
        #expect(record.path == nil)
    }

    private func startSleep(as program: String) throws -> Process {
        let sleep = try output("sh", "-c", "command -v sleep")
        try FileManager.default.copyItem(atPath: sleep, toPath: program)
        let child = Process()
        child.executableURL = URL(filePath: program)
        child.arguments = ["600"]
        try child.run()
        return child
    }

    /// Not with `terminate`: the child has its thread's mask of signals, which may hold SIGTERM.
    private func stop(_ child: Process) {
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
    }

    private static let hasIP =
        FileManager.default.isExecutableFile(atPath: "/usr/sbin/ip")
        || FileManager.default.isExecutableFile(atPath: "/sbin/ip")

    @Test(.enabled(if: hasIP, "iproute2 is not here")) func addresses() throws {
        let listing = try output("env", "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "ip", "-o", "addr")
        let addresses = listing.split(separator: "\n").compactMap { line -> String? in
            let fields = line.split(separator: " ")
            guard fields.count > 5, let scope = fields.firstIndex(of: "scope"),
                fields[scope + 1] == "global"
            else { return nil }
            return String(fields[3].prefix { $0 != "/" })
        }
        #expect(Set(try #require(facts.host.addresses)) == Set(addresses))
        let primary = try #require(facts.host.ip)
        #expect(addresses.isEmpty || addresses.contains(primary))
    }
}
