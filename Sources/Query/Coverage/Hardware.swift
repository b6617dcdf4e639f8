import Text

/// What tells the machine of an execution from other machines. Each fact is nil if unknown, as the
/// UUID and the serial number are to others than root.
///
/// No fact is proof by itself: a new mainboard has another UUID and often other addresses, a network
/// card moves with a docking station from one machine to the next, a virtual machine that was imported
/// anew has another UUID, and makers give one serial number to many boards. So at least two facts must
/// differ, and none agree, before two executions are of two machines.
struct Hardware {
    var uuid: String?
    var serial: String?
    var vendor: String?
    var model: String?
    /// `eth0 52:54:00:12:34:56, eth1 52:54:00:12:34:57`.
    var interfaces: String?

    /// Whether another machine's would differ from it.
    var isKnown: Bool { uuid != nil || serial != nil }

    /// The MAC addresses.
    private var addresses: Set<ExactText> {
        let interfaces = interfaces?.split(separator: ", ") ?? []
        return Set(
            interfaces.compactMap { interface in
                interface.split(separator: " ").last.map { ExactText($0.lowercased()) }
            })
    }

    /// The facts that are known of both: true for each that agrees.
    private func agreements(with other: Hardware) -> [Bool] {
        var agreements: [Bool] = []
        func compare(_ one: String?, _ other: String?) {
            guard let one, let other else { return }
            agreements.append(ExactText(one) == ExactText(other))
        }
        compare(uuid, other.uuid)
        compare(serial, other.serial)
        // Mostly they are the same, and need not be taken apart.
        if let interfaces, !interfaces.isEmpty, interfaces == other.interfaces {
            return agreements + [true]
        }
        let (own, others) = (addresses, other.addresses)
        if !own.isEmpty && !others.isEmpty { agreements.append(!own.isDisjoint(with: others)) }
        return agreements
    }

    /// Whether both are of one machine, as far as can be known; nil if it cannot.
    func isSame(as other: Hardware) -> Bool? {
        guard isKnown, other.isKnown else { return nil }
        let agreements = agreements(with: other)
        if !agreements.contains(true) { return agreements.count > 1 ? false : nil }
        return agreements.contains(false) ? nil : true
    }

    /// What tells it from the other, in words: `serial B5R2S72`.
    func text(besides other: Hardware) -> String? {
        if let serial, let otherSerial = other.serial, ExactText(serial) != ExactText(otherSerial) {
            return "serial \(serial)"
        }
        return uuid.map { "UUID \($0)" }
    }
}
