import Foundation
public import SystemPackage

/// What a command did.
public struct RunResult: Sendable {
    public var status: Int32
    public var outputBytes: [UInt8]
    public var errorBytes: [UInt8]

    public var output: String { String(decoding: outputBytes, as: UTF8.self) }
    public var error: String { String(decoding: errorBytes, as: UTF8.self) }
}

/// Runs a command to its end.
/// - Parameters:
///   - command: a path, or a name that is looked up in `PATH`.
///   - environment: variables beside, or in place of, those of the test.
public func run(
    _ command: String, _ arguments: [String], in directory: FilePath? = nil, input: [UInt8] = [],
    environment: [String: String] = [:]
) throws -> RunResult {
    try RunningCommand(
        command, arguments, in: directory, input: input, environment: environment
    ).wait()
}

/// A command that runs while the test goes on.
public final class RunningCommand {
    private let process = Process()
    private let input: Pipe?
    private let scratch: TemporaryDirectory

    /// `$SHELL`, in which script(1) runs its command, is `/bin/sh`, whoever runs the tests; and what
    /// is shown on a terminal is shown without a pager. A broken pipe ends the command, as in a
    /// terminal: the tests' own process ignores it.
    ///
    /// - Parameter input: nil for one that stays open, with nothing in it, until `closeInput`.
    public init(
        _ command: String, _ arguments: [String], in directory: FilePath? = nil,
        input: [UInt8]? = [], environment: [String: String] = [:]
    ) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--default-signal=PIPE", command] + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SWIFT_BACKTRACE": "enable=no", "SHELL": "/bin/sh", "PAGER": "cat"]) { $1 }
            .merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(filePath: directory.string) }

        // Through files: a pipe would have to be emptied while the command runs.
        let scratch = try TemporaryDirectory()
        func handle(_ name: String) -> String { scratch.path.appending(name).string }
        try scratch.write([], to: "output")
        try scratch.write([], to: "error")
        if let input {
            try scratch.write(input, to: "input")
            process.standardInput = FileHandle(forReadingAtPath: handle("input"))
            self.input = nil
        } else {
            let pipe = Pipe()
            process.standardInput = pipe
            self.input = pipe
        }
        process.standardOutput = FileHandle(forWritingAtPath: handle("output"))
        process.standardError = FileHandle(forWritingAtPath: handle("error"))
        self.scratch = scratch
        try process.run()
    }

    public var isRunning: Bool { process.isRunning }

    public func closeInput() throws { try input?.fileHandleForWriting.close() }

    /// What it has written to standard output by now.
    public func outputSoFar() throws -> String {
        String(decoding: try scratch.read("output"), as: UTF8.self)
    }

    /// Waits for the command's end.
    public func wait() throws -> RunResult {
        process.waitUntilExit()
        return RunResult(
            status: process.terminationStatus, outputBytes: try scratch.read("output"),
            errorBytes: try scratch.read("error"))
    }
}

/// The census that was built together with the tests, or the program that `$CENSUS_TEST_PROGRAM`
/// names.
public let census: String = {
    if let program = ProcessInfo.processInfo.environment["CENSUS_TEST_PROGRAM"] { return program }
    // The test runner is `.build-test/…/censusPackageTests.xctest`, the program lies beside it.
    let runner = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(filePath: runner).deletingLastPathComponent().appending(path: "census").path()
}()
