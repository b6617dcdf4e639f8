import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census snap` where the host, or whoever starts it, is not as usual.
@Suite struct SnapSurroundingsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func bash(_ script: String) throws -> RunResult {
        try run(
            "bash", ["-c", script], in: directory.path, environment: ["census": TestSupport.census])
    }

    /// Runs a command in a network namespace of its own, in which it is root.
    private static let ownNetwork =
        getuid() == 0 ? "unshare --net --mount" : "unshare --user --map-root-user --net --mount"

    @Test(
        .enabled("network namespaces are not allowed here") {
            try run("bash", ["-c", "\(ownNetwork) true"]).status == 0
        },
        arguments: [
            // The default route decides, not the order of the numbers.
            (
                """
                link eth0 192.168.1.99/24; link wlan0 192.168.1.50/24
                ip route add default via 192.168.1.1 dev eth0 metric 100
                ip route add default via 192.168.1.1 dev wlan0 metric 600
                """, "192.168.1.99"
            ),
            // A second address of the same interface, such as keepalived's.
            (
                """
                link eth0 10.0.0.50/24; ip addr add 10.0.0.10/32 dev eth0
                ip route add default via 10.0.0.1
                """, "10.0.0.50"
            ),
            // A point-to-point address beside a bridge and an anycast address.
            (
                """
                link eth0 10.128.0.2/32; link cni0 10.1.0.1/16; ip addr add 10.1.1.1/32 dev lo
                ip route add 10.128.0.1 dev eth0; ip route add default via 10.128.0.1 dev eth0
                """, "10.128.0.2"
            ),
            // An address with a label.
            (
                """
                link eth0 10.0.0.5/24; link eth1 10.1.0.5/24
                ip addr add 192.168.1.5/24 dev eth1 label eth1:0; ip addr del 10.1.0.5/24 dev eth1
                ip route add default via 192.168.1.1 dev eth1
                """, "192.168.1.5"
            ),
            // A default route that says that there is none.
            (
                """
                link eth0 10.9.0.2/24; link wlan0 10.8.0.2/24; ip route add unreachable default metric 5
                ip route add default via 10.8.0.1 metric 5000
                """, "10.8.0.2"
            ),
            // The address that the route says.
            (
                """
                link eth0 192.0.2.5/24; ip addr add 192.0.2.9/24 dev eth0
                ip route add default via 192.0.2.1 src 192.0.2.9
                """, "192.0.2.9"
            ),
            (
                """
                link eth0 192.0.2.5/24; ip link set lo up; ip addr add 198.51.100.7/32 dev lo
                ip route add default via 192.0.2.1 src 198.51.100.7
                """, "198.51.100.7"
            ),
            (
                """
                ip link add eth0 type veth peer name peer; ip link set eth0 up; ip link set peer up
                for n in 5 9; do ip -6 addr add 2001:db8::$n/64 dev eth0 nodad; done
                ip -6 route add default via 2001:db8::1 dev eth0 src 2001:db8::5
                """, "2001:db8::5"
            ),
            // Several ways, one behind the other and one beside the other.
            (
                """
                link eth0 192.0.2.5/24; link eth1 10.0.0.5/24
                ip route add default nexthop via 10.0.0.1 nexthop via 192.0.2.1
                """, "10.0.0.5"
            ),
            // Another table is for some packets only.
            (
                """
                link eth1 10.0.0.5/24; link eth0 192.0.2.5/24; ip route add default via 192.0.2.1
                ip route add default via 10.0.0.1 table 100; ip rule add from 10.0.0.5 table 100
                """, "192.0.2.5"
            ),
            // An address that a host gives itself leads no further than the link.
            (
                """
                link eth1 169.254.7.7/16; ip route add default dev eth1 metric 1
                link eth0 192.0.2.5/24; ip route add default via 192.0.2.1 metric 100
                """, "192.0.2.5"
            ),
            // No default route: a card before a bridge, whatever their age and names.
            (
                """
                ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0
                ip link set docker0 up; link eth0 192.0.2.5/24
                """, "192.0.2.5"
            ),
            (
                """
                mount -t sysfs sysfs /sys; ip link add lan type bridge
                ip addr add 172.17.0.1/16 dev lan; ip link set lan up; link eth0 192.0.2.5/24
                """, "192.0.2.5"
            ),
            ("link eth0 10.9.0.2/24", "10.9.0.2"),
            (
                "link eth0 2001:db8::7/64; ip -6 route add default via 2001:db8::1 dev eth0",
                "2001:db8::7"
            ),
            ("ip link set lo up", "127.0.0.1"),
            ("true", "null"),
        ])
    func theAddressIsThatOfTheDefaultRoute(setUp: String, expected: String) throws {
        let result = try bash(
            """
            set -e
            cat > setup <<'END'
            link() {
                ip link add name "$1" type veth peer name "peer-$1"
                ip addr add "$2" dev "$1"
                ip link set dev "$1" up && ip link set dev "peer-$1" up
            }
            \(setUp)
            "$census" snap -o - | zcat | jq -r 'select(.record == "host").ip'
            END
            \(Self.ownNetwork) bash setup 2>error || cat error >&2
            """)
        #expect(result.error == "")
        #expect(result.output == "\(expected)\n")
    }

    /// No character and no name that FAT or DOS would not take, nothing that is an option or hidden.
    @Test(arguments: [
        ("web-01.example.com", "web-01.example.com"),
        ("a b/c\\d:e*f?g\"h<i>j|k", "a_b_c_d_e_f_g_h_i_j_k"),
        ("con", "_con"), ("AUX.example.com", "_AUX.example.com"), ("console", "console"),
        ("-rf", "_-rf"), (".hidden", "_.hidden"), ("hôte", "h_te"), ("x\u{1B}[2J", "x__2J"),
        (String(repeating: "long", count: 40), String(repeating: "long", count: 16)),
    ])
    func theNameOfTheFileIsSafe(hostname: String, expected: String) throws {
        try directory.write(Array(hostname.utf8), to: "tree/etc/hostname")
        let result = try bash(#""$census" snap --root tree -d . 2>/dev/null"#)
        let name = try #require(result.output.split(separator: "/").last)
        #expect(name.hasPrefix("\(expected)_20"))
        #expect(name.dropFirst(expected.count).contains(/^_\d{8}T\d{6}Z_[0-9a-f]{8}\.jsonl\.gz\n$/))
    }

    @Test func closedStreamsDoNotEndUpInTheFile() throws {
        let result = try bash(#""$census" snap -o x.jsonl.gz <&- >&- 2>&-"#)
        #expect(result.status == 1)  // nobody could be told the path
        let ingest = try bash(#""$census" ingest --quiet x.jsonl.gz"#)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    /// What any user can do to their own process must not cost the host its snapshot.
    @Test func aProcessCannotSpoilTheSnapshot() throws {
        let result = try bash(
            """
            cp "$(command -v sleep)" aaaaaaaaaaaaaaaaaaa
            (exec -a "$(printf 'a%.0s' {1..60000})" ./aaaaaaaaaaaaaaaaaaa 60) & long=$!
            (exec -a $'aaaaaaaaaaaaaaa\\x01\\xff"\\\\' ./aaaaaaaaaaaaaaaaaaa 60) & ugly=$!
            for pid in $long $ugly; do until grep -q aaa /proc/$pid/comm; do :; done; done
            "$census" snap -o x.jsonl.gz 2>/dev/null
            zcat x.jsonl.gz | jq -c "select(.pid == $long or .pid == $ugly) | [.name, .name_base64]"
            disown -a
            kill -9 $long $ugly
            "$census" ingest --quiet x.jsonl.gz
            """)
        #expect(
            result.output == #"""
                x.jsonl.gz
                ["aaaaaaaaaaaaaaaaaaa",null]
                ["aaaaaaaaaaaaaaa\u0001�\"\\","YWFhYWFhYWFhYWFhYWFhAf8iXA=="]

                """#)
        #expect(result.error == "")
    }

    /// A medium that fails. The first bytes of a process's memory cannot be read, EIO; here they are
    /// in the place of two of the host's files.
    @Test(
        .enabled("mount namespaces are not allowed here") {
            try run("bash", ["-c", "\(ownNetwork) true"]).status == 0
        })
    func whatTheMediumDoesNotGiveIsNamed() throws {
        for file in ["etc/passwd", "etc/machine-id", "etc/hostname", "proc/1/status"] {
            try directory.write([], to: "tree/\(file)")
        }
        let stat = "1 (init) S 0" + String(repeating: " 0", count: 40)
        try directory.write(Array(stat.utf8), to: "tree/proc/1/stat")
        try directory.write(
            Array(
                """
                cd tree
                for file; do mount --bind /proc/$$/mem $file; done
                "$census" snap --root . -o - | zcat | jq -c 'select(.record == "collection").unreadable'
                """.utf8), to: "script")
        func snap(_ files: String) throws -> RunResult {
            try bash("\(Self.ownNetwork) bash script \(files)")
        }
        try directory.write(Array("web-01".utf8), to: "tree/etc/hostname")
        let some = try snap("etc/passwd etc/machine-id proc/1/status")
        #expect(
            some.output
                == #"["etc/passwd: Input/output error","proc/1/status: Input/output error","#
                + #""etc/machine-id: Input/output error"]"# + "\n")
        #expect(
            some.error.contains(
                ", could not read etc/passwd: Input/output error; proc/1/status: Input/output error; "
                    + "etc/machine-id: Input/output error"))
        let all = try snap("etc/hostname etc/machine-id")
        #expect(
            all.error.contains(
                "no hostname of its own; could not read etc/hostname: Input/output error; "
                    + "etc/machine-id: Input/output error): give --host-id\n"))
    }

    @Test func whatATreeHoldsIsAlwaysIngested() throws {
        for (file, text) in [
            ("etc/hostname", "# by hand\nweb-01\n\0\0\0"),
            ("etc/os-release", "NAME=\"a\0b\"\nID=\0"),
            ("etc/passwd", "root:x:0:0::/:\n\0\0"),
            ("proc/stat", "btime 9223372036854775807\n"),
            ("proc/cpuinfo", "ncpus active : 9223372036854775807\nprocessor : 1\nmodel name : \0"),
            (
                "proc/1/stat",
                "1 (a\0b) S 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9223372036854775807 0"
            ),
            ("proc/1/status", "Uid:\t0\t0\t0\t0\n"), ("proc/-1/stat", "-1 (x) S 0 0"),
            ("proc/007/stat", "7 (x) S 0 0"), ("proc/5/stat/x", ""),
            ("sys/class/dmi/id/product_uuid", "no uuid"),
        ] { try directory.write(Array(text.utf8), to: "tree/\(file)") }
        let result = try bash(
            """
            "$census" snap --root tree -o x.jsonl.gz >/dev/null && "$census" ingest --quiet x.jsonl.gz
            zcat x.jsonl.gz | jq -c 'select(.record == "process" or .record == "collection")'
            """)
        let damaged = ["account", "privilege", "authorized_key"].map {
            "\($0) passwd etc/passwd: it has a line that the C library cannot use"
        }.joined(separator: "; ")
        #expect(
            result.error.contains(
                "web-01: a\u{FFFD}b, \u{FFFD}, address unknown, 1 process, 1 more unreadable, "
                    + "other processes hidden, users unknown, packages unknown, 1 account, "
                    + "could not read \(damaged)\(asWhom), "
                    + "unsigned: not the running system\n"
            ))
        #expect(
            result.output.contains(#""processes_unreadable":1"#)
                && result.output.hasSuffix(
                    #"{"record":"process","pid":1,"name":"a�b","name_base64":"YQBi","#
                        + #""parent":0,"uid":0,"user":"root"}"# + "\n")
        )
    }
}
