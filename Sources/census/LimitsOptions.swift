import ArgumentParser
import Database
import Evidence
import Records

/// The limits of the reader, each of which may be set.
struct LimitsOptions: ParsableArguments {
    @Option(
        name: .customLong("max-line"),
        help: ArgumentHelp("Bytes of one line. (default: 1M)", valueName: "size"))
    var line: Quantity?

    @Option(
        name: .customLong("max-snapshot"),
        help: ArgumentHelp("Bytes of one snapshot, inflated. (default: 1G)", valueName: "size"))
    var snapshot: Quantity?

    @Option(
        name: .customLong("max-records"),
        help: ArgumentHelp(
            "Processes and users of one snapshot. (default: 1000000)", valueName: "count"))
    var records: Quantity?

    @Option(
        name: .customLong("max-memory"),
        help: ArgumentHelp(
            "Bytes of memory for the names in one snapshot. (default: 16M)", valueName: "size"))
    var memory: Quantity?

    @Option(
        name: .customLong("max-name"),
        help: ArgumentHelp("Characters of one name. (default: 380)", valueName: "count"))
    var name: Quantity?

    @Option(
        name: .customLong("max-text"),
        help: ArgumentHelp("Bytes of a path or terminal. (default: 16K)", valueName: "size"))
    var text: Quantity?

    @Option(
        name: .customLong("max-depth"),
        help: ArgumentHelp(
            "How deep arrays and objects may nest. (default: 32)", valueName: "count"))
    var depth: Quantity?

    private var given: [(limit: SnapshotLimits.Limit, quantity: Quantity?, highest: Int)] {
        [
            (.line, line, 1 << 30), (.snapshot, snapshot, 1 << 40), (.records, records, 1 << 30),
            (.memory, memory, 1 << 30), (.name, name, 1 << 20), (.text, text, 1 << 30),
            (.depth, depth, 1 << 20),
        ]
    }

    func validate() throws {
        for (limit, quantity, highest) in given {
            if let quantity, !(1...highest).contains(quantity.number) {
                throw ValidationError("--max-\(limit.rawValue) is 1 to \(highest).")
            }
        }
    }

    /// - Throws: where the database cannot hold what the limits let through.
    func require(in database: any Database) throws {
        if let most = database.maxNameScalars, limits.nameScalars > most {
            throw Failure(message: "--max-name: \(database.name) holds \(most) characters")
        }
    }

    var limits: SnapshotLimits {
        var limits = SnapshotLimits()
        for case (let limit, let quantity?, _) in given { limits[limit] = quantity.number }
        return limits
    }
}

/// A whole number, with K, M or G behind it for 2¹⁰, 2²⁰ or 2³⁰.
struct Quantity: ExpressibleByArgument {
    let number: Int

    init?(argument: String) {
        let factors = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let factor = argument.last.flatMap { factors[$0.uppercased()] }
        guard let digits = Int(factor == nil ? argument[...] : argument.dropLast()) else {
            return nil
        }
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor ?? 1)
        if overflow { return nil }
        number = product
    }
}

extension SnapshotError {
    /// What is wrong, and which option helps.
    var explanation: String {
        guard case .tooLarge(let limit) = code else { return description }
        return "\(description) (see --max-\(limit.rawValue))"
    }
}
