import Host
import Records
import Text

/// Whether a source of packages is among these.
private func hasPackages(_ sources: [String]?) -> Bool {
    for source in sources ?? [] where source.utf8.starts(with: "package ".utf8) { return true }
    return false
}

/// The facts in one line.
/// - Parameter signature: a last part; empty for none.
func summary(
    _ facts: SnapshotHead, _ counts: EndRecord, _ choice: RecordChoice, signature: String
) -> String {
    var parts = [
        facts.osVersion.name + (facts.osVersion.version.map { " " + $0 } ?? ""),
        facts.cpuInfo.model ?? "processor unknown", facts.host.ip ?? "address unknown",
    ]
    if !choice.contains(.processes) {
        parts.append("processes omitted")
    } else if facts.collection.processesHidden == nil {
        parts.append("processes unknown")
    } else {
        parts.append(counted(counts.processes, "process"))
    }
    if let unreadable = facts.collection.processesUnreadable, unreadable > 0 {
        // Of Windows they are among the others.
        let more = facts.collection.elevated == nil ? " more" : ""
        parts.append("\(unreadable)\(more) unreadable")
    }
    if facts.collection.processesHidden == true { parts.append("other processes hidden") }
    if !choice.contains(.users) {
        parts.append("users omitted")
    } else if facts.collection.sessionSource == "none" {
        parts.append("users unknown")
    } else {
        parts.append(counted(counts.users, "login"))
    }
    if !choice.contains(.packages) {
        parts.append("packages omitted")
    } else if !hasPackages(facts.collection.sources) && !hasPackages(facts.collection.failedSources)
    {
        parts.append("packages unknown")
    } else {
        parts.append(counted(counts.packages ?? 0, "package"))
    }
    if let accounts = counts.accounts { parts.append(counted(accounts, "account")) }
    if let listeners = counts.listeningPorts { parts.append(counted(listeners, "listener")) }
    if let sources = facts.collection.failedSources {
        parts.append("could not read \(sources.prefix(3).joined(separator: "; "))")
        if sources.count > 3 { parts.append("and \(sources.count - 3) more") }
    }
    if let files = facts.collection.unreadable {
        parts.append("could not read \(files.prefix(3).joined(separator: "; "))")
        if files.count > 3 { parts.append("and \(files.count - 3) more") }
    }
    if let user = facts.collection.euid, user != 0 { parts.append("not run as root") }
    if facts.collection.elevated == false { parts.append("not run as administrator") }
    if !signature.isEmpty { parts.append(signature) }
    return "\(facts.host.hostname ?? facts.host.hostID): \(parts.joined(separator: ", "))"
}
