import Foundation
import SystemPackage
import TestSupport
import Testing

/// `snap.cmd` of the stick, run by wine's cmd.exe with the collectors for both kinds of Windows.
@Suite(.serialized) struct WindowsStickTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Puts what is on a stick for Windows into a folder.
    private func makeStick(_ folder: String, without missing: String = "") throws {
        let project = fixtures.removingLastComponent()
        let result = try run(
            "bash",
            [
                "-c",
                #"""
                mkdir -p "$2" && sed 's/$/\r/' "$1/Sources/Packaging/stick/snap.cmd" >"$2/snap.cmd"
                for program in windows-x86_64.exe windows-i686.exe; do
                    [ $program = "$3" ] || cp "$1/dist/collectors/$program" "$2" || exit
                done
                """#, "-", project.string, folder, missing,
            ], in: directory.path)
        #expect((result.status, result.error) == (0, ""), "run make test, which builds them")
    }

    private func snapshots(in folder: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: directory.path.appending(folder).string)
            .filter { $0.hasSuffix(".gz") || $0.hasSuffix(".partial") }
    }

    private static let onTheStick =
        "snap.cmd: the snapshot is on the stick. Eject the stick before you pull it out.\r\n"
    private static let none = "snap.cmd: not everything was written; see the message above.\r\n"

    /// From the stick's own folder, and from another.
    @Test(
        arguments: [
            "stick", "a stick", "a & b", "a (1)", "wow!y!", "Grüße 日本 𝄞", "x;y,z=1", "a^b", "it's",
        ], [true, false])
    func theSnapshotIsBesideTheScript(folder: String, isCurrent: Bool) throws {
        try makeStick(folder)
        let result =
            isCurrent
            ? try Wine.run(["cmd", "/c", "snap.cmd"], in: directory.path.appending(folder))
            : try Wine.run([folder + "/snap.cmd"], in: directory.path)
        #expect(result.status == 0)
        let names = try snapshots(in: folder)
        #expect(names.count == 1)
        #expect(result.output.hasSuffix(#"\\#(folder)\\#(names.first ?? "")"# + "\n"))
        #expect(result.error.hasSuffix(Self.onTheStick))
        let verification = try run(census, ["verify", folder], in: directory.path)
        #expect(verification.error.hasPrefix("2 files: 2 complete"))
    }

    @Test func argumentsArePassedOn() throws {
        try makeStick("a stick")
        func snap(_ arguments: String...) throws -> RunResult {
            try Wine.run(["a stick/snap.cmd"] + arguments, in: directory.path)
        }
        let result = try snap("-o", "a (1) & b!.gz", "--host-id", "x y)")
        #expect((result.status, result.output) == (0, "a (1) & b!.gz\n"))
        #expect(!result.error.contains("snap.cmd"))
        #expect(try directory.names() == ["a (1) & b!.gz", "a stick"])
        let wrong = try snap("--nothing")
        #expect(wrong.status == 64)
        #expect(wrong.error.hasPrefix("census: Unknown option '--nothing'\n"))
        #expect(try snap("-o", "a (1) & b!.gz").status == 1)
        // The program for this Windows.
        let version = try snap("--version")
        #expect(version.output.hasSuffix("collector for windows-\(Wine.systemProcessor)\n"))
    }

    /// A prompt for 32-bit programs on a Windows of 64 bits, and Windows of other processors.
    @Test(arguments: [
        ("x86", "AMD64", "windows-x86_64.exe"), ("amd64", "", "windows-x86_64.exe"),
        ("x86", "", "windows-i686.exe"), ("ARM64", "", "windows-i686.exe"),
        ("ARM", "", "windows-i686.exe"), ("x86", "ARM64", "windows-i686.exe"),
    ])
    func theProgramIsThatOfTheProcessor(own: String, system: String, program: String) throws {
        try makeStick("stick", without: program)
        try directory.write(
            Array(
                """
                @set PROCESSOR_ARCHITECTURE=\(own)\r
                @set PROCESSOR_ARCHITEW6432=\(system)\r
                @call stick\\snap.cmd %*\r

                """.utf8), to: "script.cmd")
        for arguments in [[], ["--version"]] {
            let result = try Wine.run(["cmd", "/c", "script.cmd"] + arguments, in: directory.path)
            #expect((result.status, result.output) == (1, ""))
            #expect(result.error == "snap.cmd: \(program) is missing; see README.txt\r\n")
        }
    }

    /// The command that Explorer starts has another form where it asks for an administrator's rights.
    @Test(
        arguments: [
            (#"C:\Windows\system32\cmd.exe /c ""E:\a&b (x!y)\snap.cmd" ""#, true),
            (#""C:\Windows\System32\cmd.exe" /C "E:\a&b (x!y)\snap.cmd" "#, true),
            (#"C:\Windows\system32\cmd.exe"#, false),
            (#""C:\Windows\system32\cmd.exe" "#, false),
            (#"C:\Windows\system32\cmd.exe /k "cd /d E:\c""#, false),
        ], [true, false])
    func aDoubleClickWaitsForAKey(
        form: (command: String, isDoubleClick: Bool), isMissing: Bool
    ) throws {
        try makeStick(
            "stick", without: isMissing ? "windows-\(Wine.systemProcessor).exe" : "")
        // Wine's cmd.exe has no such variable of its own.
        let running = try Wine.start(
            ["cmd", "/c", "snap.cmd"], in: directory.path.appending("stick"),
            environment: ["CMDCMDLINE": form.command])
        defer { try? running.closeInput() }
        if form.isDoubleClick {
            for _ in 0..<600 where running.isRunning {
                if try running.outputSoFar().contains("Press any key") { break }
                Thread.sleep(forTimeInterval: 0.1)
            }
            #expect(running.isRunning)
            try running.closeInput()
        }
        let result = try running.wait()
        #expect(result.status == (isMissing ? 1 : 0), "\(result.error)")
        #expect(result.output.contains("Press any key") == form.isDoubleClick)
        #expect(try snapshots(in: "stick").count == (isMissing ? 0 : 1))
    }

    /// In a Windows of its own: what serves the files of the others does not see this mount.
    @Test(
        .enabled("mount namespaces are not allowed here") {
            try run("bash", ["-c", "\(ownMounts) true"]).status == 0
        })
    func aReadOnlyStick() throws {
        try makeStick("a stick")
        try directory.write(
            Array(
                """
                # A new Windows writes its registry after half a minute.
                for attempt in $(seq 90); do
                    test -e "$WINEPREFIX/system.reg" -a -e "$WINEPREFIX/user.reg" && break
                    sleep 1
                done
                mkdir prefix && cp -R "$WINEPREFIX"/*.reg "$WINEPREFIX/dosdevices" \
                    "$WINEPREFIX/.update-timestamp" prefix && ln -s "$WINEPREFIX/drive_c" prefix ||
                    exit
                export WINEPREFIX=$PWD/prefix
                mount --bind 'a stick' 'a stick' && mount -o remount,bind,ro 'a stick' || exit
                wine 'a stick/snap.cmd'
                status=$?
                wineserver --kill
                exit $status
                """.utf8), to: "script")
        let result = try Wine.bash("exec \(ownMounts) bash script", in: directory.path)
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.error.hasPrefix("census: cannot create "))
        #expect(result.error.hasSuffix(Self.none))
        #expect(try snapshots(in: "a stick") == [])
    }
}
