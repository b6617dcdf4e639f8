import Glibc

/// The program that shows standard output on a terminal page by page, as git(1) starts it.
///
/// While it runs, standard output leads to it, and so does standard error if that is a terminal, too.
/// At the end of this process, also by a signal, it is waited for.
package enum Pager {
    /// The command: `$PAGER`, or `less`; nil if it is empty or `cat`.
    private static var command: String? {
        let command = getenv("PAGER").map { String(cString: $0) } ?? "less"
        return command.isEmpty || command == "cat" ? nil : command
    }

    /// Starts the pager, if there is one and standard output is a terminal.
    package static func start() {
        guard process == 0, isatty(1) == 1, let command else { return }
        setenv("LESS", "FRX", 0)
        setenv("LV", "-c", 0)
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { for end in ends { close(end) } }
        guard let pager = spawn(command, input: ends[0]) else { return }
        process = pager
        dup2(ends[1], 1)
        if isatty(2) == 1 { dup2(ends[1], 2) }
        atexit { waitForPager() }
        for number in [SIGINT, SIGHUP, SIGTERM, SIGQUIT] {
            // The pager handles these itself. Without waiting, the shell would take its terminal.
            signal(number) { number in
                closefrom(3)  // also copies of standard output
                waitForPager()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// Runs a command whose standard input is `input`: by the shell if it has more than a name.
    /// - Returns: its process id; nil if it could not be started.
    private static func spawn(_ command: String, input: CInt) -> pid_t? {
        let isName = command.allSatisfy { $0.isLetter || $0.isNumber || "/-_.+,".contains($0) }
        let words = isName ? [command] : ["/bin/sh", "-c", command]
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        // This process ignores it, and a child would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
        return error == 0 ? process : nil
    }
}

/// The pager's id; 0 if there is none. Only the main thread changes it.
nonisolated(unsafe) private var process: pid_t = 0

/// Ends the pager's input and waits until it has ended. It calls only what a handler of signals may,
/// signal-safety(7).
private func waitForPager() {
    if process == 0 { return }
    // Nothing else must get these descriptors.
    let nowhere = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    dup2(nowhere, 1)
    dup2(nowhere, 2)
    var status: CInt = 0
    while waitpid(process, &status, 0) == -1 && errno == EINTR {}
    process = 0
}
