/// What a file says of the operating system that is not os-release(5): one of those that
/// distributions had before it, or that makers of appliances have in its place.
struct ReleaseFile: Equatable {
    typealias Parser = @Sendable ([UInt8]) -> ReleaseFile?

    var name: String
    var version: String?
    /// What os-release(5) has as ID, where the file's kind or name says it.
    var platform: String?
    var codename: String?
    var build: String?
    /// The point release, where the version has less.
    var release: String?

    init(
        name: String, version: String? = nil, platform: String? = nil, codename: String? = nil,
        build: String? = nil
    ) {
        self.name = name
        self.version = version
        self.platform = platform ?? Self.platform(name)
        self.codename = codename
        self.build = build
    }

    /// The first of the files that the tree has and that says something, the more particular first:
    /// a derived distribution has its parent's file too.
    static func read(_ tree: borrowing HostTree) -> ReleaseFile? {
        read(files, tree) ?? other(tree) ?? read(parents, tree)
    }

    private static func read(
        _ files: [(path: String, parse: Parser)], _ tree: borrowing HostTree
    ) -> ReleaseFile? {
        for file in files {
            if let bytes = tree.contents(file.path), let release = file.parse(bytes) {
                return release
            }
        }
        return nil
    }

    /// Whatever else is called as such files are: /etc/NAME-release, /etc/NAME_version.
    private static func other(_ tree: borrowing HostTree) -> ReleaseFile? {
        var names: [[UInt8]] = []
        for entry in tree.entries("etc") ?? [] where entry.kind != .directory {
            names.append(entry.bytes)
        }
        sort(&names)
        for name in names {
            let name = String(decoding: name, as: UTF8.self)
            guard let stem = stem(name), let bytes = tree.contents("etc/\(name)") else { continue }
            // `2.0 PLD Linux (Ac)`, `7.0 STD built on 20111128`.
            let word = firstLine(bytes)?.words.first
            if let version = word,
                version.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") })
            {
                return ReleaseFile(name: stem, version: String(version), platform: stem)
            }
            if let release = ReleaseFile(line: bytes) { return release }
            if let version = word, version.beginsWithDigit {
                return ReleaseFile(name: stem, version: String(version), platform: stem)
            }
        }
        return nil
    }

    private static func stem(_ name: String) -> String? {
        for end in ["-release", "_release", "-version", "_version", ".version"] {
            guard name.hasSuffix(end), name.count > end.count else { continue }
            let stem = String(name.dropLast(end.count))
            // Not the system's own.
            let others = [
                "os", "lsb", "oem", "initrd", "upstream", "plesk", "iredmail", "ec2", "board",
                "slackware", "gentoo", "manjaro", "arch",
            ]
            return others.contains(stem) ? nil : stem
        }
        return nil
    }

    static func firstLine(_ bytes: [UInt8]) -> String? {
        textLines(bytes.filter { $0 != 0 }).lazy.map { String($0.trimmingWhitespace()) }
            .first { !$0.isEmpty && !$0[...].begins(with: "#") }
    }
}

// MARK: A line of text

extension ReleaseFile {
    /// Reads `NAME release VERSION (CODENAME)` and what is like it: `CentOS Linux release 7.5.1804
    /// (Core)`, `Mandriva Linux release 2010.1 (Official) for x86_64`, `VMware ESX 4.0 (Kandinsky)`,
    /// `Check Point Gaia R80.10`.
    /// - Returns: nil if the first line that has text has no name and no version.
    init?(line bytes: [UInt8]) {
        guard let line = Self.firstLine(bytes) else { return nil }
        let words = line.words.map { String($0) }
        let isVersion = { (word: String) in Self.version(word) != nil }
        let place: Int
        let label = words.firstIndex { $0.lowercasedASCII() == "release" || $0 == "version" }
        // `grml 2010.12 Release Codename x` has it in front.
        if let number = words.dropFirst().firstIndex(where: isVersion), number < label ?? .max {
            place = number
        } else if let label, label > 0 {
            place = label
        } else {
            return nil
        }
        let rest = words[place...].drop { $0.lowercasedASCII() == "release" || $0 == "version" }
        guard let version = rest.first.flatMap({ Self.version($0) ?? Self.word($0) }) else {
            return nil
        }
        var codename: String?
        if let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")") {
            codename = String(line[line.index(after: open)..<close].trimmingWhitespace())
        }
        // Neither is a processor's name one, nor is the system's, nor another's release.
        if let code = codename,
            code.isEmpty || architectures.contains(code) || code.utf8.contains(" release ".utf8)
        {
            codename = nil
        }
        self.init(
            name: words[..<place].joined(separator: " "), version: version, codename: codename,
            build: Assignments(bytes)["PHOTON_BUILD_NUMBER"])
        // `Red Hat Enterprise Linux AS release 4 (Nahant Update 9)`.
        let parts = codename?.words ?? []
        if parts.count > 1, parts[parts.count - 2] == "Update", let update = Int64(parts.last!) {
            release = "\(version).\(update)"
        }
    }

    /// `7.5.1804`; of `v1.0` what is behind the v, of `R80.10` all.
    static func version(_ word: String) -> String? {
        let rest = Substring(word.unicodeScalars.dropFirst())
        let digits = word[...].begins(with: "v") || word[...].begins(with: "V") ? rest : word[...]
        if digits.beginsWithDigit {
            return String(digits.unicodeScalars.prefix { $0 != "," && $0 != ";" })
        }
        if word[...].begins(with: "R"), rest.beginsWithDigit { return word }
        return nil
    }

    /// `Rawhide`, but not what stands in parentheses.
    private static func word(_ word: String) -> String? {
        word[...].beginsWithLetter ? word : nil
    }
}

private let architectures: Set<String> = [
    "x86_64", "x86-64", "i386", "i486", "i586", "i686", "ia64", "ppc", "ppc64", "ppc64le", "s390",
    "s390x", "aarch64", "alpha", "sparc", "noarch", "AMD64",
]

// MARK: Assignments

extension ReleaseFile {
    /// lsb-release: `DISTRIB_ID=Ubuntu`. Some have no more in it than which standard they follow.
    init?(lsbRelease bytes: [UInt8]) {
        let values = Assignments(bytes)
        if let name = values["CHROMEOS_RELEASE_NAME"] {
            self.init(
                name: name, version: values["CHROMEOS_RELEASE_VERSION"], platform: "chromeos",
                build: values["CHROMEOS_RELEASE_BUILD_NUMBER"])
            return
        }
        guard let name = values["DISTRIB_ID"] else { return nil }
        self.init(
            name: name, version: values["DISTRIB_RELEASE"], codename: values["DISTRIB_CODENAME"],
            build: values["DISTRIB_REVISION"])
        // `Ubuntu 8.04.4 LTS`.
        if let version {
            release = values["DISTRIB_DESCRIPTION"]?.words
                .first { $0.hasPrefix(version + ".") }.map { String($0) }
        }
    }

    /// SuSE-release and its like: the name, then `VERSION = 11` and `PATCHLEVEL = 3`, which
    /// os-release has as `11.3`.
    init?(suseRelease bytes: [UInt8]) {
        guard let line = Self.firstLine(bytes),
            let parsed = ReleaseFile(line: bytes) ?? Self.named(line)
        else { return nil }
        let values = Assignments(bytes)
        self = parsed
        if let version = values["VERSION"] { self.version = version }
        // Novell's own has it in both: `VERSION = 11.3`, `PATCHLEVEL = 3`.
        if let level = values["PATCHLEVEL"], level != "0", let version,
            !version.hasSuffix(".\(level)")
        {
            self.version = "\(version).\(level)"
        }
        codename = values["CODENAME"] ?? codename
    }

    /// Synology's VERSION.
    init?(synology bytes: [UInt8]) {
        let values = Assignments(bytes)
        let major = values["majorversion"].map { "\($0).\(values["minorversion"] ?? "0")" }
        guard let version = values["productversion"] ?? major, values["buildnumber"] != nil else {
            return nil
        }
        let name = values["os_name"] ?? "DSM"
        self.init(
            name: name.hasPrefix("Synology") ? name : "Synology \(name)", version: version,
            platform: "synology", build: values["buildnumber"])
    }

    /// QNAP's uLinux.conf; QuTS hero has an `h` before its version.
    init?(qnap bytes: [UInt8]) {
        let values = Assignments(section: "System", bytes)
        guard let version = values["Version"],
            values["Model"] != nil || values["Build Number"] != nil
        else { return nil }
        self.init(
            name: version.hasPrefix("h") ? "QNAP QuTS hero" : "QNAP QTS", version: version,
            platform: "qts", build: values["Build Number"])
    }

    /// Android's build.prop.
    init?(android bytes: [UInt8]) {
        let values = Assignments(bytes)
        guard
            let version = values["ro.build.version.release"]
                ?? values["ro.system.build.version.release"]
        else { return nil }
        self.init(
            name: "Android", version: version, platform: "android",
            build: values["ro.build.display.id"] ?? values["ro.build.id"])
    }

    /// Puppy's DISTRO_SPECS.
    init?(puppy bytes: [UInt8]) {
        let values = Assignments(bytes)
        guard let name = values["DISTRO_NAME"] else { return nil }
        self.init(name: name, version: values["DISTRO_VERSION"], platform: "puppy")
    }

    /// F5's and Vyatta's: `Product: BIG-IP`, `Version: 13.1.0`.
    init?(fields bytes: [UInt8]) {
        var values: [String: String] = [:]
        for line in textLines(bytes) {
            guard let field = line.divided(at: ":") else { continue }
            let key = String(field.before)
            if values[key] == nil { values[key] = String(field.behind) }
        }
        guard let version = values["Version"] else { return nil }
        if let product = values["Product"] {
            self.init(name: product, version: version, build: values["Build"])
        } else if let parsed = ReleaseFile(line: Array(version.utf8)) {
            self = parsed  // `VyOS 1.1.8`
        } else {
            return nil
        }
    }

    /// NETGEAR's raidiator_version: `RAIDiator!!version=4.2.31,time=1467…`.
    init?(raidiator bytes: [UInt8]) {
        guard let line = Self.firstLine(bytes) else { return nil }
        let parts = line[...].parts { $0 == "!" || $0 == "," || $0 == "=" }.map { String($0) }
        guard parts.count > 2, let place = parts.firstIndex(of: "version"), place > 0,
            place + 1 < parts.count
        else { return nil }
        self.init(name: "NETGEAR \(parts[0])", version: parts[place + 1], platform: "readynas")
    }

    /// The /etc/version of FreeNAS, TrueNAS and others: `TrueNAS-SCALE-22.02.4`, `ReadyNASOS 6.10.3`.
    /// Others have but a number, or a date, in a file of that name.
    init?(nameAndVersion bytes: [UInt8]) {
        guard let line = Self.firstLine(bytes), line[...].beginsWithLetter else { return nil }
        let parts = line[...].parts { $0 == "-" || isBlank($0) }
        guard let place = parts.firstIndex(where: { $0.beginsWithDigit }), place > 0,
            parts[place].contains(".")
        else { return nil }
        self.init(
            name: parts[..<place].map { String($0) }.joined(separator: " "),
            version: String(line[parts[place].startIndex...]))
    }

    /// FreeBSD's freebsd-version(1), a script that has `USERLAND_VERSION="13.2-RELEASE-p3"`.
    init?(freeBSD bytes: [UInt8]) {
        guard let release = Assignments(bytes)["USERLAND_VERSION"] else { return nil }
        self.init(
            name: "FreeBSD", version: String(release.prefix { $0 != "-" }), platform: "freebsd")
        self.release = release
    }

    /// Gentoo's, and Funtoo's, which has `Funtoo Linux - baselayout 2.1.8`.
    init?(gentoo bytes: [UInt8]) {
        guard let line = Self.firstLine(bytes) else { return nil }
        if line.hasPrefix("Gentoo") {
            self.init(name: "Gentoo", version: ReleaseFile(line: bytes)?.version)
        } else {
            self.init(name: String(line.prefix { $0 != "-" }.trimmingWhitespace()))
        }
    }
}
