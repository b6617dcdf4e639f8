extension Coverage {
    /// The kind of a finding, in the order of output.
    package enum Kind: String, Sendable, CaseIterable {
        /// Expected but never seen.
        case missing
        /// Seen but not expected.
        case unexpected
        /// Several list entries that match one host, or one that matches several.
        case ambiguous
        /// A rejected file that was not replaced by a valid one.
        case rejected
        /// A custody log with lines that were lost, changed or added, or with files that were not there or
        /// were others.
        case custody
        /// Not seen for too long.
        case stale
        /// One name, or one machine, under several ids.
        case severalIDs = "several_ids"
        /// Several hosts under one id, such as clones of a disk with its machine-id.
        case sharedID = "shared_id"
        /// A key of SSH that has changed, or that several hosts have.
        case hostKey = "host_key"
        /// A file signed by a key that is not known as the host's.
        case unknownKey = "unknown_key"
        /// A file without a signature, while others have one or are known to have a key.
        case unsigned
        /// Implausible times.
        case clock
        /// The collector did not see everything.
        case partial
    }
}

extension Coverage.Kind {
    /// How much such a finding weighs beside violations of rules.
    package var severity: Severity {
        switch self {
        case .missing, .rejected, .sharedID, .hostKey, .unknownKey, .custody: .high
        case .unsigned, .unexpected, .ambiguous, .stale, .severalIDs, .clock: .medium
        case .partial: .low
        }
    }

    /// What such a finding means, in one sentence.
    package var meaning: String {
        switch self {
        case .missing: "An expected host was never seen."
        case .unexpected: "A host was seen that is not in the list of expected hosts."
        case .ambiguous: "The list of expected hosts and the hosts do not match one to one."
        case .rejected: "A file was rejected, and no valid file has replaced it."
        case .custody:
            "Lines of a custody log were lost, changed or added, or files in it are missing or differ."
        case .stale: "A host was not seen for too long."
        case .severalIDs: "One name or one machine has several ids."
        case .sharedID: "Several hosts may be under one id."
        case .hostKey: "A host key of SSH has changed, or several hosts have it."
        case .unknownKey: "A file is signed by a key that is not known as the host's."
        case .unsigned: "A file is not signed, while others are, or the host is in a known_hosts."
        case .clock: "Times are implausible."
        case .partial: "The collector did not see everything."
        }
    }
}
