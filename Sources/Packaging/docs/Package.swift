// swift-tools-version: 6.2
import PackageDescription

// What `make docs` builds: the articles alone, so that no other build resolves DocC's plugin. Both at
// one version, as in the project's Package.swift. SwiftPM warns that no target uses the second: the
// plugin does, and would take a newer one.
let package = Package(
    name: "census-documentation",
    dependencies: [
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-symbolkit", exact: "1.0.0"),
    ],
    targets: [.target(name: "census", path: "census")]
)
