package import Text

/// One installed package.
package struct PackageRecord: ListedRecord, Equatable {
    /// `package`.
    package static let kind: StaticString = "package"
    /// A package is identified by its type, name and architecture: of two versions one is an
    /// upgrade of the other.
    package static let list = ListDeclaration(
        name: "packages", noun: "package", state: "installed", table: "Packages",
        idColumn: "Package_ID", linkTable: "PACKAGES_PER_SET", knownColumn: "Packages_known",
        itemDigestColumn: "Package_SHA256",
        sets: SetDeclaration(table: "PACKAGE_SETS", idColumn: "Package_Set_ID"))

    /// The name of the package.
    package var name: RawText = ""
    /// Which system of packages it is of: `deb`, `rpm`, `apk`, `pacman`, `portage`, `slackware`,
    /// `flatpak`, `snap`, or `windows`.
    package var type = ""
    /// The version as the system's own tool prints it, with epoch and release. Nil if unknown.
    package var version: RawText?
    /// The architecture, in the words of the system. Nil if unknown.
    package var arch: RawText?
    /// The source package. Nil if it is named as the package, or unknown.
    package var source: RawText?
    /// The version of the source package. Nil if it is that of the package, or unknown.
    package var sourceVersion: RawText?
    /// Who made the package: the maintainer of `deb`, the vendor of `rpm`. Nil if unknown.
    package var publisher: RawText?
    /// When it was installed, in Unix seconds. Nil if unknown.
    package var installTime: Int64?

    /// A record with no facts.
    package init() {}

    /// A record with its required fields.
    package init(type: String, name: RawText) {
        self.type = type
        self.name = name
    }

    /// Counts the record in `end`.
    package static func count(in end: inout EndRecord) { end.packages = (end.packages ?? 0) + 1 }

    /// True if the packages of the system itself were read. Those of flatpak and snap come beside
    /// them: alone they are not all.
    package static func areAll(_ collection: CollectionRecord?, isEmpty: Bool) -> Bool? {
        guard let collection, !collection.lacks("\(kind)") else {
            return collection != nil ? false : isEmpty ? nil : true
        }
        let systems = ["dpkg", "rpm", "apk", "pacman", "portage", "slackware", "windows"]
        if systems.contains(where: { collection.hasRead("\(kind) \($0) ") }) { return true }
        if isEmpty { return nil }
        return collection.hasRead("\(kind) ") ? false : true
    }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &name, .required("name", "The name of the package").column("Package_Name"))
        try visitor.visit(
            &type,
            .required(
                "type",
                """
                Which system of packages it is of: `deb`, `rpm`, `apk`, `pacman`, `portage`, \
                `slackware`, `flatpak`, `snap`, or `windows`
                """
            ).column("Package_Type"))
        try visitor.visit(
            &version,
            .nullable(
                "version",
                "The version as the system's own tool prints it, with epoch and release"
            ).column("Version").compared(as: "version"))
        try visitor.visit(
            &arch,
            .optional("arch", "The architecture, in the words of the system").column("Package_Arch")
        )
        try visitor.visit(
            &source,
            .optional("source", "The source package, if it is not named as the package")
                .column("Source").compared(as: "source"))
        try visitor.visit(
            &sourceVersion,
            .optional(
                "source_version",
                "The version of the source package, if it is not that of the package"
            ).column("Source_version").compared(as: "source version"))
        try visitor.visit(
            &publisher,
            .optional(
                "publisher",
                "Who made the package: the maintainer of `deb`, the vendor of `rpm`"
            ).column("Publisher").compared(as: "publisher"))
        try visitor.visit(
            &installTime, .optional("install_time", "When it was installed, in Unix seconds"))
    }
}
