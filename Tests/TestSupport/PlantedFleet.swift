/// 200 hosts, each seen ten times, a month apart and always the same, but for what was planted.
public struct PlantedFleet {
    public static let hosts = 200
    public static let executions = 10

    /// Hosts to which something happened before their last execution.
    public enum Plant {
        public static let miner = 17
        public static let restarted = 23
        public static let stranger = 42
        public static let newKernel = 77
        public static let moved = 88
        /// Not seen in the last three months.
        public static let lost = 100
        /// Two machines with one id.
        public static let cloned = 120
        /// Two ids with one name.
        public static let twins = (121, 122)
        public static let beforeBoot = 130
        public static let fromTheFuture = 131
        public static let notRoot = 140
        public static let hidden = 141
        public static let unexpected = 160
    }

    /// Writes the files, one for each host with all that was seen of it.
    /// - Parameter withLists: whether there are hardware, packages, accounts and so on, with what is
    ///   planted in them: see `ListPlant`.
    public static func write(to directory: TemporaryDirectory, withLists: Bool = false) throws {
        for host in 0..<hosts {
            var bytes: [UInt8] = []
            for execution in 0..<executions where host != Plant.lost || execution < 7 {
                bytes += text(host, execution, withLists).bytes
            }
            try directory.write(bytes, to: "fleet/\(name(host)).jsonl")
        }
        let expected = (0..<hosts).filter { $0 != Plant.unexpected }.map { "\(name($0)),rack" }
        let list = (["Host,Place"] + expected + ["ghost-1,attic", "\"ghost-2\",cellar"])
            .joined(separator: "\r\n")
        try directory.write(list.utf8, to: "hosts.csv")
    }

    public static func name(_ host: Int) -> String { "web-\(1000 + host)" }

    /// `2026-01-15T06:00:00Z` and so on.
    public static func date(_ execution: Int) -> String {
        let month = execution + 1
        return "2026-\(month < 10 ? "0" : "")\(month)-15T06:00:00Z"
    }

    private static func text(_ host: Int, _ execution: Int, _ withLists: Bool) -> SnapshotText {
        let isLast = execution == executions - 1
        var processes = (1...12).map { process($0 * 10, "daemon-\($0)", "root") }
        var users = [#"{"record":"user","user":"anna"}"#]
        var takenAt = date(execution)
        var hostname = name(host)
        var ip = "10.0.\(host / 100).\(host % 100)"
        var kernel = "6.1.0-1"
        var boot = "1700000000"
        var collection = #""euid":0,"session_source":"utmp","processes_hidden":false"#
        switch host {
        case Plant.miner where isLast:
            processes += [process(666, "xmrig", "www-data"), process(667, "xmrig", "www-data")]
        case Plant.restarted where isLast: processes[3] = process(4711, "daemon-4", "root")
        case Plant.stranger where isLast: users.append(#"{"record":"user","user":"mallory"}"#)
        case Plant.newKernel where isLast: kernel = "6.1.0-2"
        case Plant.moved where isLast: ip = "172.16.0.9"
        case Plant.cloned where execution % 2 == 1:
            hostname = "copy"
            ip = "10.9.9.9"
        case Plant.twins.1: hostname = name(Plant.twins.0)
        case Plant.beforeBoot where isLast: boot = "1900000000"
        case Plant.fromTheFuture where isLast: takenAt = "2106-01-01T00:00:00Z"
        case Plant.notRoot where isLast:
            collection = #""euid":1000,"session_source":"utmp","processes_hidden":false"#
        case Plant.hidden where isLast:
            collection = #""euid":0,"session_source":"none","processes_hidden":true"#
        default: break
        }
        let lists = withLists ? Lists(host, isLast: isLast) : nil
        if isLast, withLists, host == ListPlant.otherHardware.rawValue { hostname = "spare" }
        let number = host * executions + execution
        var text = SnapshotText(
            id: "00000000-0000-4000-8000-\(100_000_000_000 + number)", takenAt: takenAt,
            hostID: "id-\(host)", processes: processes, users: users)
        text.lines[1] = """
            {"record":"host","host_id":"id-\(host)","hostname":"\(hostname)","ip":"\(ip)",\
            "kernel":"\(kernel)","boot_time":\(boot)\(lists?.hardware ?? "")}
            """
        text.lines.insert(
            #"{"record":"collection",\#(collection)\#(lists?.sources ?? "")}"#, at: 4)
        text.lines += lists?.lines ?? []
        return text
    }

    private static func process(_ pid: Int, _ name: String, _ user: String) -> String {
        #"{"record":"process","pid":\#(pid),"name":"\#(name)","user":"\#(user)"}"#
    }
}
