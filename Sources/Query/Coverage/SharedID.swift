import Text

/// Evidence that executions under one host id are from two hosts, such as clones of a disk with its
/// machine-id.
///
/// A host that moves keeps its name, and one that is renamed keeps its address: a change of only
/// one of them is no evidence. Neither is a fact that is unknown in one of the executions.
///
/// Other hardware (`Hardware`) is evidence together with another name or another address: a host with
/// both of them unchanged was repaired, or its disk is in a spare machine. Where the hardware is the
/// same, it was renamed and moved.
struct SharedID {
    /// The evidence, in words.
    let detail: String

    private enum Likeness { case same, different, unknown }

    private struct Similarity {
        let name: Likeness
        let address: Likeness
        let processor: Likeness
        let hardware: Likeness

        init(_ one: Sighting, _ other: Sighting) {
            name = SharedID.likeness(one.comparableName, other.comparableName) {
                $0.isNameOf(sameHostAs: $1)
            }
            address = SharedID.addresses(one, other)
            processor = SharedID.likeness(
                one.processor.map(ExactText.init), other.processor.map(ExactText.init), ==)
            hardware =
                switch one.hardware.isSame(as: other.hardware) {
                case true?: .same
                case false?: .different
                case nil: .unknown
                }
        }

        var differences: Int {
            [name, address, processor, hardware].count { $0 == .different }
        }

        /// Whether it is another host, if both were up at one time.
        var canBeBeside: Bool {
            hardware == .different
                || address != .same && (name == .different || processor == .different)
        }

        /// Whether it seems to be another host, so that its return would be evidence.
        var isOtherHost: Bool {
            hardware == .different || differences > 1 || name == .different && address == .unknown
        }

        /// What may be the cause of the difference, if it is evidence by itself.
        var cause: String? {
            if hardware == .different, name == .different || address == .different {
                return
                    "two machines under one id, or one whose disk was moved to other hardware"
            }
            if hardware != .same, name == .different, address == .different {
                return "two hosts under one id, or one that was renamed and moved"
            }
            return nil
        }
    }

    /// - Parameter seen: sorted by date.
    /// - Returns: nil if all executions can be from one host.
    init?(_ seen: [Sighting]) {
        var evidence = Evidence(seen)
        // Between two executions as root there may be others, which do not know the hardware.
        let known = seen.filter { $0.hardware.isKnown }
        if known.count > 1 && known.count < seen.count { evidence.add(Evidence(known)) }
        guard let detail = evidence.strongest else { return nil }
        self.detail = detail
    }

    /// The first evidence of each kind in a sequence of executions.
    private struct Evidence {
        private var together: String?
        private var overlapping: String?
        private var returning: String?
        private var apart: String?

        /// The strongest evidence comes first.
        var strongest: String? { together ?? overlapping ?? returning ?? apart }

        mutating func add(_ other: Evidence) {
            together = together ?? other.together
            overlapping = overlapping ?? other.overlapping
            returning = returning ?? other.returning
            apart = apart ?? other.apart
        }

        init(_ seen: [Sighting]) {
            var firstLikeIt: [Appearance: Int] = [:]
            var firstOnIt: [ExactText: Int] = [:]
            for (index, one) in seen.enumerated() {
                let machine = (one.hardware.uuid ?? one.hardware.serial).map(ExactText.init)
                defer {
                    if firstLikeIt[Appearance(one)] == nil { firstLikeIt[Appearance(one)] = index }
                    if let machine, firstOnIt[machine] == nil { firstOnIt[machine] = index }
                }
                if index == 0 { continue }
                let other = seen[index - 1]
                let comparison = Similarity(other, one)
                let pair = SharedID.texts(other, one, comparison)
                if together == nil, one.date == other.date,
                    comparison.differences > 0 || SharedID.startsDiffer(other, one)
                {
                    together = "\(pair.0) and \(pair.1) at the same second, \(one.date)"
                }
                if overlapping == nil, comparison.canBeBeside,
                    let boot = one.bootTime, let otherBoot = other.bootTime,
                    ClockTolerance.isLater(other.date, than: boot),
                    SharedID.startsDiffer(other, one)
                {
                    overlapping =
                        "\(pair.0) up from \(otherBoot) to \(other.date), "
                        + "\(pair.1) up from \(boot) to \(one.date)"
                }
                if returning == nil, comparison.isOtherHost,
                    let first = comparison.hardware == .different
                        ? machine.flatMap({ firstOnIt[$0] }) : firstLikeIt[Appearance(one)],
                    first < index - 1
                {
                    let earlier = seen[first]
                    let text = SharedID.texts(earlier, other, comparison).0
                    returning =
                        "\(text) on \(earlier.date), \(pair.0) on \(other.date), "
                        + "\(pair.1) on \(one.date)"
                }
                if apart == nil, let cause = comparison.cause {
                    apart = "\(pair.0) on \(other.date), \(pair.1) on \(one.date): \(cause)"
                }
            }
        }
    }

    /// The facts by which a host is recognized.
    private struct Appearance: Hashable {
        let label: ExactText?
        let ip: ExactText?
        let processor: ExactText?

        init(_ one: Sighting) {
            label = one.comparableName.map { ExactText($0.label) }
            ip = one.ip.map(ExactText.init)
            processor = one.processor.map(ExactText.init)
        }
    }

    /// The descriptions of both, with their processors and their hardware if these differ.
    private static func texts(
        _ one: Sighting, _ other: Sighting, _ comparison: Similarity
    ) -> (String, String) {
        func text(_ one: Sighting, _ other: Sighting) -> String {
            var facts: [String] = []
            if comparison.processor == .different, let processor = one.processor {
                facts.append(processor)
            }
            if comparison.hardware == .different,
                let hardware = one.hardware.text(besides: other.hardware)
            {
                facts.append(hardware)
            }
            return facts.isEmpty ? one.text : "\(one.text) [\(facts.joined(separator: ", "))]"
        }
        return (text(one, other), text(other, one))
    }

    private static func startsDiffer(_ one: Sighting, _ other: Sighting) -> Bool {
        guard let boot = one.bootTime, let otherBoot = other.bootTime else { return false }
        return ClockTolerance.differ(boot, otherBoot)
    }

    private static func likeness<Element>(
        _ one: Element?, _ other: Element?, _ isSame: (Element, Element) -> Bool
    ) -> Likeness {
        guard let one, let other else { return .unknown }
        return isSame(one, other) ? .same : .different
    }

    private static func addresses(_ one: Sighting, _ other: Sighting) -> Likeness {
        guard let first = one.ip, let second = other.ip, !isLocal(first), !isLocal(second) else {
            return .unknown
        }
        let isSame = ExactText(first) == ExactText(second)
        if isSame && !isEverywhere(first, one, other) { return .same }
        // A host with several addresses can appear with another of them.
        let common = one.addresses.union([ExactText(first)])
            .intersection(other.addresses.union([ExactText(second)]))
        if common.contains(where: { !isLocal($0.text) && !isEverywhere($0.text, one, other) }) {
            return .same
        }
        return isSame ? .unknown : .different
    }

    /// Whether it is a loopback or link-local address: the fallback of a host without another one.
    private static func isLocal(_ address: String) -> Bool {
        address.hasPrefix("127.") || address == "::1" || address.hasPrefix("169.254.")
            || address.lowercased().hasPrefix("fe80:")
    }

    /// Whether it is a default address of container or virtual machine software, the same on many
    /// hosts: bridges of Docker, podman, LXC and libvirt, VirtualBox's host-only network and NAT.
    private static func isEverywhere(_ address: String, _ one: Sighting, _ other: Sighting) -> Bool
    {
        let defaults: Set = [
            "172.17.0.1", "10.88.0.1", "10.0.3.1", "192.168.122.1", "192.168.56.1", "10.0.2.15",
        ]
        if defaults.contains(address) { return true }
        // Docker assigns container addresses from the same start.
        let isContainer = [one, other].contains { $0.container.map { $0 != "none" } ?? false }
        return isContainer && address.hasPrefix("172.17.")
    }
}

extension Sighting {
    /// Nil if it has no name that identifies a host.
    fileprivate var comparableName: ComparableHostname? {
        guard let name = hostname.map(ComparableHostname.init), !name.isGeneric else { return nil }
        return name
    }
}
