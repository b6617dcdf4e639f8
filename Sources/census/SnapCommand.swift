import ArgumentParser
import Files
import Snap
import SystemPackage

struct SnapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snap",
        abstract: "\(SnapOptions.abstract)",
        discussion: """
            \(SnapOptions.discussion)

            Examples:
              census snap -d /media/usb
              census snap -o - | ssh desk 'cat > web-01.jsonl.gz'
              census snap --root /mnt/disk --host-id disk-0417
              census snap -d /media/usb --without user,package
              census snap -d /media/usb -R desk.txt
            """)

    @Option(
        name: [.customShort("d"), .customLong("output-dir")],
        help: ArgumentHelp(SnapOptions.directoryHelp), completion: .directory)
    var directory: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp(SnapOptions.outputHelp), completion: .file())
    var output: String?

    @Option(help: ArgumentHelp(SnapOptions.rootHelp), completion: .directory)
    var root: String?

    @Option(name: .customLong("host-id"), help: ArgumentHelp(SnapOptions.hostIDHelp))
    var hostID: String?

    @Option(
        help: ArgumentHelp(SnapOptions.onlyHelp),
        completion: .list(["process", "user", "package"]))
    var only: String?

    @Option(
        help: ArgumentHelp(SnapOptions.withoutHelp),
        completion: .list(["process", "user", "package"]))
    var without: String?

    @Flag(name: .customLong("no-sign"), help: ArgumentHelp(SnapOptions.noSignHelp))
    var omitsSignature = false

    @OptionGroup(title: "Encryption") var recipients: RecipientOptions

    private var options: SnapOptions {
        var options = SnapOptions()
        options.directory = directory
        options.output = output
        if let root { options.root = root }
        options.hostID = hostID
        options.only = only
        options.without = without
        options.signs = !omitsSignature
        options.recipients = recipients.recipient
        options.recipientsFiles = recipients.files
        return options
    }

    func validate() throws {
        if let fault = options.fault { throw ValidationError(fault) }
    }

    func run() throws {
        let taken = try take()
        if let path = taken.path { try Console.output().write(Array("\(path)\n".utf8)) }
        Console.note(taken.summary)
        Console.note(taken.digestLine)
        if let fault = taken.fault { throw Failure(message: fault) }
    }

    private func take() throws -> TakenSnapshot {
        do throws(SnapError) {
            return try Snap.take(options)
        } catch {
            switch error {
            case .file(let operation, let path, let code):
                throw FileError(operation, FilePath(path), Errno(rawValue: code))
            case .other(let reason): throw Failure(message: reason)
            case .usage(let fault): throw ValidationError(fault)
            }
        }
    }
}

/// The options that say for whom a snapshot is encrypted.
struct RecipientOptions: ParsableArguments {
    @Option(help: ArgumentHelp(SnapOptions.recipientHelp))
    var recipient: [String] = []

    @Option(
        name: [.customShort("R"), .customLong("recipients-file")],
        help: ArgumentHelp(SnapOptions.recipientsFileHelp), completion: .file())
    var files: [String] = []
}

extension ArgumentHelp {
    /// The help of an option that collectors have too.
    fileprivate init(_ help: SnapOptions.Help) {
        self.init(
            "\(help.meaning)",
            valueName: help.value.utf8CodeUnitCount == 0 ? nil : "\(help.value)")
    }
}
