#if Rules
    import ArgumentParser
    import Files
    import Rules

    /// The option that names a rules file, where a command can do without.
    struct RulesOption: ParsableArguments {
        @Option(
            name: .customLong("rules"),
            help: ArgumentHelp("The rules file; - for standard input.", valueName: "file"),
            completion: .file())
        var path: String?

        func validate() throws {
            if path?.isEmpty == true { throw ValidationError("--rules is empty.") }
        }

        /// What no output overwrites.
        var lists: [(path: String, use: String)] {
            path.map { [(path: $0, use: "the file of --rules")] } ?? []
        }

        /// The rules of the file; none without one.
        func read() throws -> [Rule] { try path.map(Self.rules(at:)) ?? [] }

        /// Reads a file. Each fault is reported.
        /// - Throws: also `ExitCode` 64 if the file has faults.
        static func rules(at path: String) throws -> [Rule] {
            do {
                return try RulesFile(OpenFile(readingOrStandardInput: path)).rules
            } catch let error as RulesFile.Refusal {
                for fault in error.faults { Console.note(fault.description) }
                throw ExitCode(64)
            }
        }
    }
#endif
