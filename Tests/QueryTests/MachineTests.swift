import DatabaseSupport
import TestSupport
import Testing

// What the hardware and the keys of SSH say of hosts.
extension CoverageTests {
    /// A machine with a host on it.
    private static func machine(
        uuid: String? = nil, serial: String? = nil, interfaces: [String]? = nil,
        container: String = "none", boot: Int? = nil
    ) -> String {
        var text = #","container":"\#(container)""#
        if let uuid { text += #","uuid":"\#(uuid)""# }
        if let serial { text += #","hardware_serial":"\#(serial)""# }
        if let interfaces {
            let list = interfaces.map { "\"\($0)\"" }.joined(separator: ",")
            text += #","interfaces":[\#(list)]"#
        }
        if let boot { text += #","boot_time":\#(boot)"# }
        return text
    }

    private static let first = machine(
        uuid: "u-1", serial: "S1", interfaces: ["eth0 52:54:00:00:00:01"])
    private static let other = machine(
        uuid: "u-2", serial: "S2", interfaces: ["eth0 52:54:00:00:00:02"])
    private static let user = machine(interfaces: ["eth0 52:54:00:00:00:01"])
    private static let days = ("2026-01-01 00:00:00", "2026-02-01 00:00:00", "2026-03-01 00:00:00")
    private static let moved =
        "two machines under one id, or one whose disk was moved to other hardware"

    private static let machines: [Case] = [
        Case(
            "clones with one name, seen once each",
            [Seen(more: first), Seen(ip: "192.0.2.2", at: second, more: other)],
            "shared_id 1 web-01: web-01 192.0.2.1 [serial S1] on \(days.0), "
                + "web-01 192.0.2.2 [serial S2] on \(days.1): \(moved)"),
        Case(
            "clones with one address",
            [Seen(more: first), Seen(name: "db-01", at: second, more: other)],
            "shared_id 1 db-01: web-01 192.0.2.1 [serial S1] on \(days.0), "
                + "db-01 192.0.2.1 [serial S2] on \(days.1): \(moved)"),
        Case(
            "virtual machines without serial numbers",
            [
                Seen(more: machine(uuid: "u-1", interfaces: ["eth0 52:54:00:00:00:01"])),
                Seen(
                    ip: "192.0.2.2", at: second,
                    more: machine(uuid: "u-2", interfaces: ["ens3 52:54:00:00:00:02"])),
            ],
            "shared_id 1 web-01: web-01 192.0.2.1 [UUID u-1] on \(days.0), "
                + "web-01 192.0.2.2 [UUID u-2] on \(days.1): \(moved)"),
        Case(
            "clones that are alike but for the hardware, and take turns",
            [Seen(more: first), Seen(at: second, more: other), Seen(at: third, more: first)],
            "shared_id 1 web-01: web-01 192.0.2.1 [serial S1] on \(days.0), "
                + "web-01 192.0.2.1 [serial S2] on \(days.1), "
                + "web-01 192.0.2.1 [serial S1] on \(days.2)"),
        Case(
            "clones that are alike but for the hardware, and up at the same time",
            [
                Seen(
                    at: "2026-01-10T00:00:00Z",
                    more: machine(uuid: "u-1", serial: "S1", boot: 1_767_225_600)),
                Seen(
                    at: "2026-01-11T00:00:00Z",
                    more: machine(uuid: "u-2", serial: "S2", boot: 1_767_571_200)),
            ],
            "shared_id 1 web-01: web-01 192.0.2.1 [serial S1] up from 2026-01-01 00:00:00 to "
                + "2026-01-10 00:00:00, web-01 192.0.2.1 [serial S2] up from "
                + "2026-01-05 00:00:00 to 2026-01-11 00:00:00"),
        Case(
            "clones at the same second",
            [Seen(more: first), Seen(more: other)],
            "shared_id 1 web-01: web-01 192.0.2.1 [serial S1] and web-01 192.0.2.1 [serial S2] "
                + "at the same second, \(days.0)"),
        Case(
            "clones, between whose visits there is one without rights",
            [
                Seen(more: first), Seen(ip: "192.0.2.2", at: second, more: user),
                Seen(ip: "192.0.2.3", at: third, more: other),
            ],
            "shared_id 1 web-01: web-01 192.0.2.1 [serial S1] on \(days.0), "
                + "web-01 192.0.2.3 [serial S2] on \(days.2): \(moved)"),
        // What happens to one host.
        Case(
            "repaired: other hardware at the same place",
            [
                Seen(more: first), Seen(at: second, more: other),
            ]),
        Case(
            "a new mainboard in a chassis that keeps its number",
            [
                Seen(more: first),
                Seen(
                    ip: "192.0.2.2", at: second,
                    more: machine(
                        uuid: "u-2", serial: "S1", interfaces: ["eth0 52:54:00:00:00:02"])),
            ]),
        Case(
            "a new network card",
            [
                Seen(more: first),
                Seen(
                    ip: "192.0.2.2", at: second,
                    more: machine(
                        uuid: "u-1", serial: "S1", interfaces: ["eth0 52:54:00:00:00:09"])),
            ]),
        Case(
            "a virtual machine imported anew that keeps its address",
            [
                Seen(more: first),
                Seen(
                    ip: "192.0.2.2", at: second,
                    more: machine(
                        uuid: "u-2", serial: "S2", interfaces: ["eth1 52:54:00:00:00:01"])),
            ]),
        Case(
            "only the UUID is known of both",
            [
                Seen(more: machine(uuid: "u-1")),
                Seen(ip: "192.0.2.2", at: second, more: machine(uuid: "u-2", serial: "S2")),
            ]),
        Case(
            "a container, which has the hardware of the machine that it is on",
            [
                Seen(more: machine(uuid: "u-1", serial: "S1", container: "lxc")),
                Seen(
                    ip: "192.0.2.2", at: second,
                    more: machine(uuid: "u-2", serial: "S2", container: "lxc")),
            ]),
        Case(
            "renamed and moved, and the same hardware",
            [Seen(more: first), Seen(name: "db-01", ip: "192.0.2.2", at: second, more: first)]),
        // One machine under several ids.
        Case(
            "set up anew under another name",
            [
                Seen(id: "a", more: first),
                Seen(id: "b", name: "db-01", ip: "192.0.2.2", at: second, more: first),
            ],
            "several_ids 1 web-01: 2 servers are on this machine (S1): 1 (a), 2 (b)"),
        Case(
            "set up anew under its name, which says it already",
            [Seen(id: "a", more: first), Seen(id: "b", at: second, more: first)],
            "several_ids 1 web-01: 2 servers have this name: 1 (a), 2 (b)"),
        Case(
            "an imported virtual machine with the address of the first",
            [
                Seen(id: "a", more: machine(uuid: "u-1", interfaces: ["e 52:54:00:00:00:01"])),
                Seen(
                    id: "b", name: "db-01", ip: "192.0.2.2",
                    more: machine(uuid: "u-1", interfaces: ["f 52:54:00:00:00:01"])),
                Seen(
                    id: "c", name: "db-02", ip: "192.0.2.3",
                    more: machine(uuid: "u-1", interfaces: ["g 52:54:00:00:00:01"])),
            ],
            "several_ids 1 web-01: 3 servers are on this machine (u-1): 1 (a), 2 (b), 3 (c)"),
        Case(
            "a UUID that a maker gave to two boards",
            [
                Seen(id: "a", more: machine(uuid: "u-1", interfaces: ["e 52:54:00:00:00:01"])),
                Seen(
                    id: "b", name: "db-01", ip: "192.0.2.2",
                    more: machine(uuid: "u-1", interfaces: ["e 52:54:00:00:00:02"])),
            ]),
        Case(
            "containers on one machine",
            [
                Seen(id: "a", more: machine(uuid: "u-1", serial: "S1", container: "lxc")),
                Seen(
                    id: "b", name: "db-01", ip: "192.0.2.2",
                    more: machine(uuid: "u-1", serial: "S1", container: "docker")),
                Seen(
                    id: "c", name: "db-02", ip: "192.0.2.3",
                    more: machine(uuid: "u-1", serial: "S1")),
            ]),
    ]

    @Test(arguments: Engine.allCases, machines)
    func machines(engine: Engine, one: Case) throws {
        let test = try TestDatabase(engine)
        try load(one.seen, into: test)
        #expect(try findings(test) == one.findings)
    }

    // MARK: Keys of SSH

    private static let keys: [Case] = [
        Case("the same", [Seen(keys: [("rsa", "A")]), Seen(at: second, keys: [("rsa", "A")])]),
        Case(
            "changed",
            [
                Seen(keys: [("ed", "E"), ("rsa", "A")]),
                Seen(at: second, keys: [("ed", "E"), ("rsa", "B")]),
                Seen(at: third, keys: [("ed", "E"), ("rsa", "B")]),
            ],
            "host_key 1 web-01: rsa was A on \(days.0), is B since \(days.1)"),
        Case(
            "changed twice: the newest counts",
            [
                Seen(keys: [("rsa", "A")]), Seen(at: second, keys: [("rsa", "B")]),
                Seen(at: third, keys: [("rsa", "C")]),
            ],
            "host_key 1 web-01: rsa was B on \(days.1), is C since \(days.2)"),
        Case(
            "all at once",
            [
                Seen(keys: [("ed", "E"), ("rsa", "A")]),
                Seen(at: second, keys: [("ed", "F"), ("rsa", "B")]),
            ],
            "host_key 1 web-01: ed was E on \(days.0), is F since \(days.1); "
                + "rsa was A on \(days.0), is B since \(days.1)"),
        Case(
            "unknown in between",
            [
                Seen(keys: [("rsa", "A")]), Seen(at: second), Seen(at: third, keys: [("rsa", "B")]),
            ],
            "host_key 1 web-01: rsa was A on \(days.0), is B since \(days.2)"),
        Case(
            "one more, and one less",
            [
                Seen(keys: [("dsa", "D"), ("rsa", "A")]),
                Seen(at: second, keys: [("ed", "E"), ("rsa", "A")]),
            ]),
        Case(
            "of two hosts",
            [
                Seen(id: "a", keys: [("ed", "E"), ("rsa", "A")]),
                Seen(
                    id: "b", name: "db-01", ip: "192.0.2.2", keys: [("ed", "E"), ("rsa", "A")]),
                Seen(id: "c", name: "db-02", ip: "192.0.2.3", keys: [("ed", "F"), ("rsa", "A")]),
                Seen(id: "d", name: "db-03", ip: "192.0.2.4", keys: [("ed", "G"), ("rsa", "H")]),
            ],
            "host_key 1 web-01: 2 servers have the key ed E: 1 (a), 2 (b)",
            "host_key 1 web-01: 3 servers have the key rsa A: 1 (a), 2 (b), 3 (c)"),
        Case(
            "of two hosts, both of all keys",
            [
                Seen(id: "a", keys: [("ed", "E"), ("rsa", "A")]),
                Seen(
                    id: "b", name: "db-01", ip: "192.0.2.2", keys: [("ed", "E"), ("rsa", "A")]),
            ],
            "host_key 1 web-01: 2 servers have the key ed E and 1 more: 1 (a), 2 (b)"),
        Case(
            "of two hosts, of which one has a new one since",
            [
                Seen(id: "a", keys: [("rsa", "A")]),
                Seen(id: "b", name: "db-01", ip: "192.0.2.2", keys: [("rsa", "A")]),
                Seen(id: "b", name: "db-01", ip: "192.0.2.2", at: second, keys: [("rsa", "B")]),
            ],
            "host_key 2 db-01: rsa was A on \(days.0), is B since \(days.1)"),
    ]

    @Test(arguments: Engine.allCases, keys)
    func hostKeys(engine: Engine, one: Case) throws {
        let test = try TestDatabase(engine)
        try load(one.seen, into: test)
        #expect(try findings(test) == one.findings)
    }
}
