import Foundation
import SystemPackage
import TestSupport
import Testing

/// A Windows of the tests' own, which is wine's: of 64 bits, with the programs for it. With
/// `$CENSUS_TEST_WINE_ROOT`, a root directory of Debian with wine32, it runs the programs for 32
/// bits, on a Windows of 32 bits or of 64, as `$WINEARCH` says: `win32` or `win64`.
enum Wine {
    private static let root = ProcessInfo.processInfo.environment["CENSUS_TEST_WINE_ROOT"]
    private static let system = ProcessInfo.processInfo.environment["WINEARCH"] ?? "win64"

    /// What the programs are built for.
    static let processor = root == nil ? "x86_64" : "i686"
    /// What Windows runs on.
    static let systemProcessor = system == "win32" ? "i686" : "x86_64"

    private static let project = fixtures.removingLastComponent()
    static let collector = project.appending("dist/collectors/windows-\(processor).exe")
    /// The program of `children.c`.
    static let children = project.appending(".build-collectors/children-\(processor).exe")

    /// Its directory, which is made once.
    static let prefix: Result<String, any Error> = Result {
        for program in [collector, children] {
            try #require(
                FileManager.default.fileExists(atPath: program.string),
                "\(program) is missing: run make test, or make test-windows")
        }
        let name = root == nil ? "wine" : "wine-\(system)"
        let prefix = project.appending(".build-collectors").appending(name).string
        try FileManager.default.createDirectory(
            atPath: prefix, withIntermediateDirectories: true)
        // While a program runs, and with it what belongs to the system, the next starts at once:
        // one that waits until the tests have ended.
        let result = try TestSupport.run(
            "bash",
            [
                "-c",
                closing + entering + """
                    wine wineboot --init || exit
                    (tail --pid="$2" --follow /dev/null | wine "$1" 0) </dev/null >/dev/null 2>&1 &
                    """, "-", children.string, "\(getpid())",
            ], environment: environment(prefix))
        try #require(result.status == 0, "wineboot: \(result.error)")
        return prefix
    }

    /// Runs a program of Windows to its end.
    static func run(_ arguments: [String], in directory: FilePath) throws -> RunResult {
        try bash(running, arguments, in: directory)
    }

    /// Runs a script that starts programs of Windows.
    static func bash(
        _ script: String, _ arguments: [String] = [], in directory: FilePath
    ) throws -> RunResult {
        try TestSupport.run(
            "bash", ["-c", closing + entering + script, "-"] + arguments, in: directory,
            environment: environment(prefix.get()))
    }

    /// Starts a program of Windows whose input stays open.
    /// - Parameter environment: variables beside those of the test.
    static func start(
        _ arguments: [String], in directory: FilePath, environment: [String: String] = [:]
    ) throws -> RunningCommand {
        try RunningCommand(
            "bash", ["-c", entering + running, "-"] + arguments, in: directory,
            input: nil, environment: self.environment(prefix.get()).merging(environment) { $1 })
    }

    /// Runs the program that the arguments name, for Bash. On a busy machine wine now and then cannot start
    /// it, and ends with 49.
    private static let running = """
        for attempt in 1 2 3; do
            wine "$@"
            status=$?
            [ $status = 49 ] || exit $status
        done
        exit $status
        """

    /// Closes what a test has open, for Bash. The system's own processes outlive the command that
    /// started them, and `Process` waits until nobody has its socket any more. Not for a command
    /// beside which others run: `Process` would wait for it alone.
    private static let closing = """
        for file in /proc/self/fd/*; do
            number=${file##*/}
            if ((number > 2)); then eval "exec $number>&-"; fi
        done

        """

    /// Puts the files of the other root beside those of this machine, in a mount namespace of its
    /// own, for Bash. Both are of the same release of Debian.
    private static let entering =
        root == nil
        ? ""
        : """
        if [ -z "${IN_ROOT:-}" ]; then
            IN_ROOT=1 exec \(ownMounts) bash -c "$BASH_EXECUTION_STRING" - "$@"
        fi
        mount -t overlay -o lowerdir="/usr:$CENSUS_TEST_WINE_ROOT/usr" overlay /usr || exit

        """

    private static func environment(_ prefix: String) -> [String: String] {
        // Neither Mono nor Gecko, which wine would ask to download.
        [
            "WINEPREFIX": prefix, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "DISPLAY": "", "LANG": "C.UTF-8",
        ]
    }
}
