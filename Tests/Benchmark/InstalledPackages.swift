import Records
import TestSupport
import Text

/// The packages of a host that is made up: those of a distribution in its state at the host's last
/// upgrade, and some of the host's own.
struct InstalledPackages {
    /// How many packages of the distribution are installed.
    private let count: Int
    /// Which distribution, from 0.
    private let distribution: Int
    /// The revision of each package of the distribution.
    private var revisions: [Int]
    /// The numbers of other packages.
    private let own: [Int]

    init(count: Int, distribution: Int, _ random: inout SplitMix64) {
        self.count = count
        self.distribution = distribution
        // Most hosts of a distribution are at one of few states.
        let state = Int.random(in: 0..<10, using: &random)
        revisions = (0..<count).map { ($0 * 31 + state * 7) % 100 < state * 4 ? state : 0 }
        own = (0..<count / 60).map { _ in Int.random(in: 0..<20_000, using: &random) }
    }

    /// Some packages get a newer revision.
    mutating func upgrade(_ random: inout SplitMix64) {
        for _ in 0..<count / 40 { revisions[Int.random(in: 0..<count, using: &random)] += 1 }
    }

    /// In the order of collectors.
    func records(installed: Int64) -> [PackageRecord] {
        let base = (0..<count).map { record($0, revisions[$0], installed) }
        let more = Set(own).sorted().map { record(count + $0, 0, installed) }
        return (base + more).sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }

    private func record(_ number: Int, _ revision: Int, _ installed: Int64) -> PackageRecord {
        let kinds = ["lib", "python3-", "", "golang-", "fonts-", "r-cran-", ""]
        let words = ["audio", "base", "crypt", "data", "edit", "fuse", "graph", "http", "index"]
        let word = words[number % 9] + words[number / 9 % 9]
        var package = PackageRecord(
            type: "deb", name: RawText("\(kinds[number % 7])\(word)\(number)".utf8))
        package.version = RawText(
            "\(number % 9).\(number % 23).\(number % 11)-\(distribution + 1)+deb\(distribution + 10)u\(revision)"
                .utf8)
        package.arch = number % 4 == 0 ? "all" : "amd64"
        if number % 3 == 0 { package.source = RawText("\(word)-\(number / 30)".utf8) }
        package.publisher = RawText(
            "Maintainers of \(word) <pkg-\(word)-devel@lists.example.org>".utf8)
        package.installTime = installed - Int64(number % 1000) * 3600
        return package
    }
}
