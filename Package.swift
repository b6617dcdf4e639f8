// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error), .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Unsafe uses of pointers are marked with `unsafe`.
let safe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// Modules that read hosts and snapshots, and that load, are optimised in debug builds, too: the tests give
/// them gigabytes.
let quick: [SwiftSetting] = safe + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Tests are not optimised in release builds, as in the one that `make test` runs: it would take longer
/// than it saves.
let tests: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
/// A dependency of swift-crypto, listed to pin its version.
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let mysql: Target.Dependency = .target(name: "MySQL", condition: .when(traits: ["MySQL"]))

let rules: Target.Dependency = .target(name: "Rules", condition: .when(traits: ["Rules"]))

let spreadsheet: Target.Dependency = .target(
    name: "Spreadsheet", condition: .when(traits: ["Spreadsheet"]))

let package = Package(
    name: "census",
    traits: [
        .trait(name: "MySQL", description: "Databases on MySQL and MariaDB; needs libmariadb."),
        .trait(name: "Rules", description: "census check; Yams brings all of Foundation with it."),
        .trait(name: "Spreadsheet", description: "--format xlsx; needs libxlsxwriter."),
        .default(enabledTraits: ["MySQL", "Rules", "Spreadsheet"]),
    ],
    // Exact versions of all dependencies, including indirect ones: the same commit builds the same
    // program.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .target(name: "CHost", linkerSettings: [.linkedLibrary("z")]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(
            name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Text", dependencies: ["CHost"], swiftSettings: quick),
        .target(name: "Files", dependencies: ["CHost", "Text", system], swiftSettings: strict),
        .target(name: "SSH", dependencies: ["Text"], swiftSettings: quick),
        .target(name: "Age", dependencies: ["SSH", "Text", crypto], swiftSettings: quick),
        .target(
            name: "Records", dependencies: ["CHost", "Text"], swiftSettings: quick),
        .target(
            name: "Host", dependencies: ["CHost", "Records", "Text"], swiftSettings: quick),
        .target(
            name: "Snap", dependencies: ["Age", "CHost", "Host", "Records", "SSH", "Text", crypto],
            swiftSettings: quick),
        .target(
            name: "Evidence",
            dependencies: [
                "Age", "CDeflate", "CZlib", "Files", "Records", "SSH", "Text", asn1, crypto, deque,
                system,
            ],
            swiftSettings: quick),
        .target(name: "Database", dependencies: ["Files", "Text", system], swiftSettings: safe),
        .target(
            name: "SQLite",
            dependencies: ["CSQLite", "Database", "Files", "SQLScripts", "Text", system],
            swiftSettings: strict),
        .target(
            name: "MySQL",
            dependencies: ["CMariaDB", "Database", "Files", "SQLScripts", "Text", system],
            swiftSettings: strict),
        .target(
            name: "SQLScripts", path: "sql", exclude: ["clickhouse", "datasette", "spark"],
            resources: [
                .embedInCode("list"), .embedInCode("mysql"), .embedInCode("page"),
                .embedInCode("query"), .embedInCode("reports"), .embedInCode("sqlite"),
            ], swiftSettings: safe),
        .target(
            name: "Loading",
            dependencies: [
                "Database", "Evidence", "Files", "Query", "Records", "SQLScripts", "Text", system,
            ],
            swiftSettings: quick),
        .target(
            name: "Query",
            dependencies: [
                "Database", "Evidence", "Files", "Records", "SQLScripts", "Text", system,
            ],
            swiftSettings: safe),
        .target(
            name: "Output",
            dependencies: [
                "Database", "Evidence", "Files", "Query", "Records", "SQLScripts", "Text", crypto,
                system,
            ],
            resources: [.embedInCode("Page/page.css"), .embedInCode("Page/page.js")],
            swiftSettings: safe),
        .target(
            name: "Rules",
            dependencies: [
                "Database", "Files", "Output", "Query", "Records", "SQLScripts", "Text", system,
                yams,
            ],
            swiftSettings: safe),
        .target(
            name: "Spreadsheet",
            dependencies: [
                "CXLSXWriter", "CZlib", "Database", "Files", "Output", "Text", system,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "census",
            dependencies: [
                "Age", "Database", "Evidence", "Files", "Host", "Loading", mysql, "Output", "Query",
                "Records", rules, "SQLite", "Snap", spreadsheet, "Text", argumentParser, system,
            ],
            swiftSettings: safe, plugins: ["Commit"]),
        .plugin(name: "Commit", capability: .buildTool(), path: "Sources/CommitPlugin"),

        .target(
            name: "TestSupport",
            dependencies: ["Evidence", "Host", "Records", "Text", crypto, system],
            path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "DatabaseSupport",
            dependencies: [
                "Database", "Evidence", "Loading", mysql, "Output", "Query", "SQLite",
                "TestSupport", system,
            ],
            path: "Tests/DatabaseSupport", swiftSettings: strict),
        .target(
            name: "FuzzChecks",
            dependencies: [
                "Age", "Evidence", "Files", "Host", "Records", "SSH", "TestSupport", "Text", crypto,
                system,
            ],
            path: "Tests/FuzzChecks", swiftSettings: strict),
        .executableTarget(
            name: "benchmark",
            dependencies: [
                "CSQLite", "Evidence", "Files", "Records", "SQLScripts", "TestSupport", "Text",
                argumentParser, system,
            ],
            path: "Tests/Benchmark",
            exclude: [
                "benchmark.py", "clickhouse_ingest.py", "contents.py", "duckdb_ingest.py",
                "duckdb_packages.py", "hosts.py", "loading.py", "measurements.py",
                "original_agent.py", "progress.py", "questions.py", "row_by_row.py", "servers.py",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzChecks", "TestSupport", system],
            swiftSettings: tests),
        .testTarget(
            name: "TextTests", dependencies: ["Text", "TestSupport", crypto], swiftSettings: tests),
        .testTarget(
            name: "FilesTests", dependencies: ["Files", "TestSupport", system],
            swiftSettings: tests),
        .testTarget(
            name: "SSHTests", dependencies: ["SSH", "TestSupport", "Text", crypto, system],
            swiftSettings: tests),
        .testTarget(
            name: "RecordsTests", dependencies: ["Evidence", "Records", "TestSupport", "Text"],
            swiftSettings: tests),
        .testTarget(
            name: "AgeTests",
            dependencies: ["Age", "CZlib", "Evidence", "TestSupport", "Text", crypto, system],
            swiftSettings: tests),
        .testTarget(
            name: "HostTests",
            dependencies: ["Host", "Records", "TestSupport", "Text", crypto, system],
            swiftSettings: tests),
        .testTarget(
            name: "SnapTests",
            dependencies: ["Snap", "SSH", "TestSupport", "Text", crypto, system],
            swiftSettings: tests),
        .testTarget(
            name: "EvidenceTests",
            dependencies: [
                "Evidence", "Files", "Records", "SSH", "TestSupport", "Text", crypto, system,
            ],
            swiftSettings: tests),
        .testTarget(
            name: "MySQLTests",
            dependencies: ["Database", mysql, "SQLScripts", "TestSupport", system],
            swiftSettings: tests),
        .testTarget(
            name: "LoadingTests",
            dependencies: [
                "Database", "DatabaseSupport", "Evidence", "Files", "Loading", mysql, "Records",
                "SQLScripts", "SQLite", "TestSupport", "Text", system,
            ],
            swiftSettings: tests),
        .testTarget(
            name: "QueryTests",
            dependencies: [
                "Database", "DatabaseSupport", "Evidence", mysql, "Query", "Records", "SQLScripts",
                "TestSupport", "Text", system,
            ],
            swiftSettings: tests),
        .testTarget(
            name: "OutputTests",
            dependencies: [
                "Database", "DatabaseSupport", "Evidence", "Output", "Query", "TestSupport", "Text",
                system,
            ],
            swiftSettings: tests),
        .testTarget(
            name: "RulesTests",
            dependencies: [
                "Database", "DatabaseSupport", "Files", "Query", "Records", rules, "TestSupport",
                "Text", system,
            ],
            swiftSettings: tests),
        .testTarget(
            name: "SpreadsheetTests",
            dependencies: [
                "Database", "Files", "Output", spreadsheet, "TestSupport", system,
            ],
            swiftSettings: tests),
        .testTarget(
            name: "CensusTests",
            dependencies: ["Evidence", "Output", "Query", "TestSupport", "census", system],
            exclude: ["browser.py", "hostile_server.py"], swiftSettings: tests),
        .testTarget(
            name: "CollectorTests",
            dependencies: ["Age", "Evidence", "Records", "TestSupport", "Text", "census", system],
            exclude: ["children.c", "old-kernel.c"], swiftSettings: tests),
        .testTarget(
            name: "ClusterTests", dependencies: ["TestSupport", "census", system],
            swiftSettings: tests),
    ],
    swiftLanguageModes: [.v6]
)

// `make sanitize-quick` builds only the tests of code that reads untrusted bytes, and the fuzzer.
if Context.environment["CENSUS_READERS_ONLY"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzChecks"], path: "Tests/Fuzz",
            swiftSettings: strict, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
    var needed: Set = [
        "AgeTests", "EvidenceTests", "FilesTests", "FuzzTests", "HostTests", "RecordsTests",
        "SSHTests", "TextTests", "fuzz",
    ]
    var before = 0
    while needed.count > before {
        before = needed.count
        for target in package.targets where needed.contains(target.name) {
            for case .byNameItem(let name, _) in target.dependencies { needed.insert(name) }
        }
    }
    package.targets.removeAll { !needed.contains($0.name) }
}
