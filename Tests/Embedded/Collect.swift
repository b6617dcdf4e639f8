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
            let head = collector.head
            let header = SnapshotHeader(
                id: "00000000-0000-4000-8000-000000000000", takenAt: Timestamp(unixSeconds: 0)!)
            var encoder = SnapshotEncoder(
                header, head.host, head.osVersion, head.cpuInfo, head.collection)
            collector.yield(to: &encoder)
            let name = SnapshotName(header, hostname: head.host.hostname).text
            print("\(name): \(encoder.finish().count) bytes")
        } catch {
            print(error.description)
        }
    }
}
