import CHost
import Glibc
package import SystemPackage

/// What the kernel knows of the calling process and its clock.
package enum CallingProcess {
    /// What stands behind the program's name on the command line. Unlike `CommandLine.arguments`
    /// it does not need /proc.
    package static var arguments: [String] {
        (1..<max(1, census_argument_count())).map { String(cString: census_argument($0)) }
    }

    /// The same, byte by byte.
    package static var argumentBytes: [[UInt8]] {
        (1..<max(1, census_argument_count())).map { bytes(census_argument($0)) }
    }

    /// The bytes of an environment variable; nil where it is not set.
    package static func environmentBytes(_ name: String) -> [UInt8]? {
        getenv(name).map { bytes($0) }
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        UnsafeRawBufferPointer(start: text, count: strlen(text)).map(\.self)
    }

    /// From now on, large blocks of memory return to the system as soon as they are freed. A load that fills
    /// ever larger tables takes a fifth less memory then.
    package static func returnFreedMemory() { census_return_freed_memory() }

    /// The machine's name among others, gethostname(2); where it is not UTF-8, repaired.
    package static var hostname: String {
        var names = utsname()
        _ = uname(&names)  // fails for a bad address only
        return withUnsafeBytes(of: names.nodename) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The working directory, without symbolic links, getcwd(3); nil where it is not to be found out,
    /// as where it has been removed.
    package static var workingDirectory: FilePath? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return FilePath(platformString: path)
    }

    /// Suspends the calling thread, usleep(3).
    package static func sleep(milliseconds: Int) { usleep(useconds_t(milliseconds * 1000)) }

    /// Sends what would go to standard error to a file that cannot be written to.
    package static func silenceStandardError() {
        let nowhere = Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if nowhere < 0 { return }
        dup2(nowhere, 2)
        close(nowhere)
    }

    /// Whether a descriptor is a terminal, isatty(3).
    package static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

    /// How many characters a line of the terminal has, ioctl_tty(2); nil where that is not known.
    package static func terminalWidth(_ descriptor: CInt) -> Int? {
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : nil
    }

    /// Asks the user at the terminal for a password, which is not shown; getpass(3).
    /// - Returns: nil where the process has no terminal.
    package static func askForPassword(_ prompt: String) -> String? {
        // Without one, getpass would take what comes in at standard input.
        let terminal = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC)
        if terminal < 0 { return nil }
        close(terminal)
        guard let password = Interruption.notExpected({ getpass(prompt) }) else { return nil }
        return String(cString: password)
    }
}
