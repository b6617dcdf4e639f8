import Foundation
import SystemPackage
import TestSupport
import Testing

/// Where ip(8) is.
private let path = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]

/// The interfaces of a host and their MAC addresses, against ip(8).
@Suite(
    .enabled("ip or jq is not here") {
        try run("bash", ["-c", "ip -j -d link && jq -n 1"], environment: path).status == 0
    })
struct InterfaceCommandTests {
    /// Runs a command as root of a network and of mounts of its own.
    private static let ownNetwork =
        getuid() == 0 ? "unshare --net --mount" : "unshare --user --map-root-user --net --mount"

    /// What `ip` has of the interfaces, and what a snapshot has. A card of a bond has the address of
    /// the bond, and its own beside it.
    private static let lists = #"""
        ip -j -d link >links
        own='"\(.ifname) \(if .linkinfo.info_slave_kind == "bond"
            then .permaddr // .address else .address end)"'
        echo '== devices'; jq -r ".[] | select(.parentdev) | $own" links
        echo '== possible'
        jq -r ".[] | select(.linkinfo.info_kind | IN(null, \"veth\")) | $own" links
        echo '== all'; jq -r '.[] | .ifname' links
        echo '== census'
        "$census" snap --only user --host-id a -o - 2>snap.txt | zcat |
            jq -r 'select(.record == "host").interfaces[]?'
        """#

    private func output(_ script: String) throws -> [String: Set<String>] {
        let directory = try TemporaryDirectory()
        try directory.write(Array((script + "\n" + Self.lists).utf8), to: "script")
        let result = try run(
            "bash", ["-c", script.isEmpty ? "bash script" : "\(Self.ownNetwork) bash -e script"],
            in: directory.path,
            environment: path.merging(["census": census]) { $1 })
        try #require(result.status == 0, "\(result.error)")
        var parts: [String: Set<String>] = [:]
        var name = ""
        for line in result.output.split(separator: "\n").map(String.init) {
            if line.hasPrefix("== ") {
                name = String(line.dropFirst(3))
                parts[name] = []
            } else {
                parts[name, default: []].insert(line)
            }
        }
        return parts
    }

    @Test func ofThisHost() throws {
        let output = try output("")
        let (devices, possible) = try (#require(output["devices"]), #require(output["possible"]))
        let interfaces = try #require(output["census"])
        #expect(interfaces.isSuperset(of: devices))
        #expect(interfaces.isSubset(of: possible))
    }

    /// The end of a pair is what a container has for a card. All else is made by software, whatever it
    /// is called, and has no place in the record. The kernel may lack some kinds.
    @Test(
        .enabled("network namespaces are not allowed here, or there are no pairs") {
            try run(
                "bash", ["-c", "\(ownNetwork) ip link add a type veth peer name b"],
                environment: path
            ).status == 0
        },
        arguments: ["", "ip link set eth0 master br0", "ip link set eth0 up; ip link set br0 up"])
    func ofAContainer(_ more: String) throws {
        let output = try output(
            """
            mount -t sysfs none /sys
            ip link add eth0 address 52:54:00:aa:bb:cc type veth peer name veth1a2b3c
            ip link add br0 type bridge
            \(more)
            for one in 'link eth0 name eth0.5 type vlan id 5' 'dummy0 type dummy' 'bond0 type bond' \\
                'link eth0 name inner type macvlan' 'wg0 type wireguard' \\
                'vxlan7 type vxlan id 7 dev eth0 dstport 4789' 'link eth0 name ip0 type ipvlan'
            do
                ip link add $one 2>/dev/null || true
            done
            ip tuntap add dev tap0 mode tap 2>/dev/null || true
            """)
        #expect(output["all"]?.isSuperset(of: ["lo", "eth0", "veth1a2b3c", "br0"]) == true)
        #expect(output["possible"]?.contains("eth0 52:54:00:aa:bb:cc") == true)
        #expect(output["census"] == ["eth0 52:54:00:aa:bb:cc"])
    }
}
