import Text

/// Evidence that executions under one host id are from two hosts, such as clones of a disk with its
/// machine-id.
///
/// A host that moves keeps its name, and one that is renamed keeps its address: a change of only
/// one of them is no evidence. Neither is a fact that is unknown in one of the executions.
struct SharedID {
    /// The evidence, in words.
    let detail: String

    private enum Likeness { case same, different, unknown }

    private struct Comparison {
        let name: Likeness
        let address: Likeness
        let processor: Likeness

        init(_ one: Sighting, _ other: Sighting) {
            name = SharedID.likeness(one.comparableName, other.comparableName) {
                $0.isNameOf(sameHostAs: $1)
            }
            address = SharedID.addresses(one, other)
            processor = SharedID.likeness(
                one.processor.map(ExactText.init), other.processor.map(ExactText.init), ==)
        }

        var differences: Int { [name, address, processor].count { $0 == .different } }
    }

    /// - Parameter seen: sorted by date.
    /// - Returns: nil if all executions can be from one host.
    init?(_ seen: [Sighting]) {
        // The strongest evidence comes first.
        var together: String?
        var overlapping: String?
        var returning: String?
        var apart: String?
        var firstLikeIt: [Appearance: Int] = [:]
        for (index, one) in seen.enumerated() {
            defer {
                if firstLikeIt[Appearance(one)] == nil { firstLikeIt[Appearance(one)] = index }
            }
            if index == 0 { continue }
            let other = seen[index - 1]
            let comparison = Comparison(other, one)
            let pair = Self.texts(other, one, comparison)
            if together == nil, one.date == other.date,
                comparison.differences > 0 || Self.startsDiffer(other, one)
            {
                together = "\(pair.0) and \(pair.1) at the same second, \(one.date)"
            }
            if overlapping == nil, comparison.address != .same,
                comparison.name == .different || comparison.processor == .different,
                let boot = one.bootTime, let otherBoot = other.bootTime,
                ClockTolerance.isLater(other.date, than: boot), Self.startsDiffer(other, one)
            {
                overlapping =
                    "\(pair.0) up from \(otherBoot) to \(other.date), "
                    + "\(pair.1) up from \(boot) to \(one.date)"
            }
            if returning == nil,
                comparison.differences > 1
                    || comparison.name == .different && comparison.address == .unknown,
                let first = firstLikeIt[Appearance(one)], first < index - 1
            {
                let earlier = seen[first]
                let text = Self.texts(earlier, other, comparison).0
                returning =
                    "\(text) on \(earlier.date), \(pair.0) on \(other.date), "
                    + "\(pair.1) on \(one.date)"
            }
            if apart == nil, comparison.name == .different, comparison.address == .different {
                apart =
                    "\(pair.0) on \(other.date), \(pair.1) on \(one.date): two hosts under one id, "
                    + "or one that was renamed and moved"
            }
        }
        guard let detail = together ?? overlapping ?? returning ?? apart else { return nil }
        self.detail = detail
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

    /// The descriptions of both, with their processors if these differ.
    private static func texts(
        _ one: Sighting, _ other: Sighting, _ comparison: Comparison
    ) -> (String, String) {
        func text(_ one: Sighting) -> String {
            guard comparison.processor == .different, let processor = one.processor else {
                return one.text
            }
            return "\(one.text) [\(processor)]"
        }
        return (text(one), text(other))
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
