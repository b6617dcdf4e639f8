import ArgumentParser
import Evidence
import Files

/// What is said of that which lies in directories and is not read.
struct SearchOptions: ParsableArguments {
    @Flag(help: "Name each file that is passed over, and why.")
    var verbose = false

    /// How many of those that one would expect to be read are named without being asked for.
    private static let unaskedFor = 10

    func search(_ paths: [String], isQuiet: Bool = false) throws(FileError) -> EvidenceSearch {
        var notable = 0
        let search = try EvidenceSearch(paths) { item in
            if item.isNotable { notable += 1 }
            if isQuiet || !verbose && !(item.isNotable && notable <= Self.unaskedFor) { return }
            Console.note("passed over \(item.path.text): \(item.reason)")
        }
        if !isQuiet && !verbose && notable > Self.unaskedFor {
            Console.note(
                "passed over \(notable - Self.unaskedFor) more that are named like snapshots "
                    + "(see --verbose)")
        }
        return search
    }
}
