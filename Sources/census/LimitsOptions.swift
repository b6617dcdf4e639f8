import ArgumentParser
import Database
import Evidence
import Records

/// The options that set the limits of the snapshot reader.
struct LimitsOptions: ParsableArguments {
    @Option(
        name: .customLong("max-line"),
        help: ArgumentHelp("Maximum bytes of a line. (default: 1M)", valueName: "size"))
    var line: Quantity?

    @Option(
        name: .customLong("max-snapshot"),
        help: ArgumentHelp(
            "Maximum bytes of a snapshot, uncompressed. (default: 1G)", valueName: "size"))
    var snapshot: Quantity?

    @Option(
        name: .customLong("max-records"),
        help: ArgumentHelp(
            "Maximum processes, logins and other items in a snapshot. (default: 1000000)",
            valueName: "count"))
    var records: Quantity?

    @Option(
        name: .customLong("max-memory"),
        help: ArgumentHelp(
            "Maximum bytes of memory for the names in a snapshot. (default: 16M)", valueName: "size"
        ))
    var memory: Quantity?

    @Option(
        name: .customLong("max-name"),
        help: ArgumentHelp("Maximum characters of a name. (default: 380)", valueName: "count"))
    var name: Quantity?

    @Option(
        name: .customLong("max-text"),
        help: ArgumentHelp(
            "Maximum bytes of a path or terminal name. (default: 16K)", valueName: "size"))
    var text: Quantity?

    @Option(
        name: .customLong("max-depth"),
        help: ArgumentHelp(
            "Maximum nesting depth of arrays and objects. (default: 32)", valueName: "count"))
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
                throw ValidationError("--max-\(limit.rawValue) must be 1 to \(highest).")
            }
        }
    }

    /// - Throws: if the limits allow values that the database cannot store.
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

/// An integer with an optional suffix K, M or G for 2¹⁰, 2²⁰ or 2³⁰.
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
    /// The error message, with the option that raises the limit.
    var explanation: String {
        guard case .tooLarge(let limit) = code else { return description }
        return "\(description) (see --max-\(limit.rawValue))"
    }
}
