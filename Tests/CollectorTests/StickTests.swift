import Foundation
import SystemPackage
import TestSupport
import Testing

/// `snap.sh` of the stick, with the collector for the processor of this machine.
@Suite(.serialized) struct StickTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let project = fixtures.removingLastComponent()
        let result = try run(
            "bash",
            [
                "-c",
                """
                mkdir stick && cp '\(project)/Sources/Packaging/stick/snap.sh' \
                    '\(project)/dist/collectors/linux-x86_64' stick
                """,
            ], in: directory.path)
        #expect((result.status, result.error) == (0, ""), "run make test, which builds it")
    }

    private func bash(_ script: String) throws -> RunResult {
        try run("bash", ["-c", script], in: directory.path, environment: ["census": census])
    }

    private static let onTheStick =
        "snap.sh: the snapshot is on the stick. Eject the stick before you pull it out.\n"

    @Test(arguments: [
        ("sh stick/snap.sh", "stick/"), ("cd stick; sh snap.sh", "./"),
        ("stick/snap.sh", "stick/"), (#"dash "$PWD/stick/snap.sh""#, ""),
        ("mv stick 'a stick'; sh 'a stick/snap.sh'", "a stick/"),
    ])
    func theSnapshotIsBesideTheScript(command: String, place: String) throws {
        let result = try bash(command)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix(place) && result.output.hasSuffix(".jsonl.gz\n"))
        #expect(result.error.hasSuffix(Self.onTheStick))
        let verify = try bash(#""$census" verify *stick*"#)
        #expect(verify.error.hasPrefix("2 files: 2 complete"))
    }

    @Test func argumentsArePassedOn() throws {
        let result = try bash("sh stick/snap.sh -o 'a b.jsonl.gz' --host-id 'x y'; ls")
        #expect(result.output == "a b.jsonl.gz\na b.jsonl.gz\nstick\n")
        let wrong = try bash("sh stick/snap.sh --nothing")
        #expect(wrong.status == 64)
        #expect(wrong.error.hasPrefix("census: Unknown option '--nothing'\n"))
    }

    /// As README.txt has it.
    @Test func aStickThatMayBeLost() throws {
        let result = try bash(
            """
            age-keygen -o key 2>/dev/null; age-keygen -y key >stick/desk.txt
            cd stick; sh snap.sh -R desk.txt | grep -c '^./.*[.]jsonl[.]gz[.]age$'
            ls | grep -c '[.]jsonl[.]gz$'; age -d -i ../key *.jsonl.gz.age | "$census" verify -
            """)
        #expect(result.output == "1\n0\ncomplete    -: 1 snapshot\n", "\(result.error)")
    }

    /// What cannot run is said, and nothing stays behind.
    @Test(arguments: [
        (
            "mips64", "Linux",
            "snap.sh: there is no collector for Linux on mips64; see README.txt\n"
        ),
        (
            "amd64", "FreeBSD",
            "snap.sh: there is no collector for FreeBSD on amd64; see README.txt\n"
        ),
        ("armv7b", "Linux", "snap.sh: there is no collector for Linux on armv7b; see README.txt\n"),
        ("aarch64", "Linux", "snap.sh: stick/linux-aarch64 is missing; see README.txt\n"),
        ("riscv64", "Linux", "snap.sh: stick/linux-riscv64 is missing; see README.txt\n"),
        ("ppc64le", "Linux", "snap.sh: stick/linux-ppc64le is missing; see README.txt\n"),
        ("armv6l", "Linux", "snap.sh: stick/linux-arm is missing; see README.txt\n"),
        ("i586", "Linux", "snap.sh: this host does not run stick/linux-i686; see README.txt\n"),
    ])
    func otherHosts(processor: String, system: String, message: String) throws {
        let result = try bash(
            """
            printf '%s\\n' '#!/bin/sh' 'case $1 in -m) echo \(processor) ;; *) echo \(system) ;; esac' \
                >uname
            chmod 755 uname; echo 'not a program' >stick/linux-i686; chmod 755 stick/linux-i686
            before=$(ls /dev/shm /run /tmp /var/tmp | grep -c '^census[.]')
            PATH=$PWD:$PATH sh stick/snap.sh; status=$?
            after=$(ls /dev/shm /run /tmp /var/tmp | grep -c '^census[.]')
            [ $after -le $before ] || echo left behind
            exit $status
            """)
        #expect((result.status, result.output, result.error) == (1, "", message))
    }

    @Test(
        .enabled("mount namespaces are not allowed here") {
            try run("bash", ["-c", "\(ownMounts) true"]).status == 0
        })
    func aStickThatMayNotRunPrograms() throws {
        try directory.write(
            Array(
                """
                mount -t tmpfs -o noexec tmpfs mnt && cp stick/* mnt && sh mnt/snap.sh
                echo $?; ls mnt | grep -vc '[.]sig$'; "$census" verify mnt
                """.utf8), to: "script")
        let result = try bash("mkdir mnt; \(ownMounts) bash script")
        #expect(result.output.contains("\n0\n4\n"))
        #expect(result.error.contains(Self.onTheStick))
        #expect(result.error.contains("\n2 files: 2 complete"))
    }

    @Test func aReadOnlyStick() throws {
        let result = try bash(
            """
            mkdir no; rmdir no
            chmod 500 stick
            if [ "$(id -u)" = 0 ]; then
                chmod 755 .; as='setpriv --reuid=65534 --regid=65534 --clear-groups'; chmod 555 stick
            fi
            $as sh stick/snap.sh
            """)
        #expect(result.status == 1)
        #expect(result.error.contains(/^census: cannot create stick\/.*: Permission denied\n/))
        #expect(
            result.error.hasSuffix("snap.sh: not everything was written; see the message above.\n"))
    }
}

/// Runs a command in a mount namespace of its own, in which it is root.
let ownMounts = getuid() == 0 ? "unshare --mount" : "unshare --user --map-root-user --mount"
