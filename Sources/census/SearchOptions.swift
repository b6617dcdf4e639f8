import ArgumentParser
import Evidence
import Files

/// The search for snapshot files, and the messages about skipped files.
struct SearchOptions: ParsableArguments {
    @Flag(help: "Report each skipped file and the reason.")
    var verbose = false

    /// Without `--verbose`, the number of skipped files named like snapshots that are reported.
    private static let unaskedFor = 10

    func search(_ paths: [String], isQuiet: Bool = false) throws(FileError) -> EvidenceSearch {
        var notable = 0
        let search = try EvidenceSearch(paths) { item in
            if item.isNotable { notable += 1 }
            if isQuiet || !verbose && !(item.isNotable && notable <= Self.unaskedFor) { return }
            Console.note("skipped \(item.path.text): \(item.reason)")
        }
        if !isQuiet && !verbose && notable > Self.unaskedFor {
            Console.note(
                "skipped \(notable - Self.unaskedFor) more files named like snapshots "
                    + "(see --verbose)")
        }
        return search
    }
}
