/// What a collector does with a host, for `make embedded-check`: a generic function is compiled as
/// Embedded Swift only where it is called.
@main struct Collect {
    static func main() {
        do throws(HostError) {
            let tree = try HostTree(root: "/")
            guard let collector = LinuxCollector(tree) else {
                print("nothing identifies the host")
                return
            }
            var names = Names()
            collector.yield(to: &names)
            print("\(collector.head.host.hostID): \(names.processes.count) processes")
            print("\(names.users.count) logins")
        } catch {
            print(error.description)
        }
    }
}

private struct Names: RecordSink {
    var processes: [String] = []
    var users: [String] = []

    mutating func add(_ process: ProcessRecord) { processes.append(process.name.repaired) }
    mutating func add(_ user: UserRecord) { users.append(user.user.repaired) }
}
