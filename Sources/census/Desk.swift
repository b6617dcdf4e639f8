import Files
import Host
import Loading

extension Ingest.Desk {
    /// The user, machine and program that this is.
    static func here() throws -> Ingest.Desk {
        Ingest.Desk(
            user: loginName(of: LiveSystem.effectiveUserID, try HostTree(root: "/")),
            machine: CallingProcess.hostname, program: "census \(Census.version) (\(commit))",
            directory: CallingProcess.workingDirectory)
    }
}
