/// The host's name: the kernel's, or what the system's own files say it is to be.
struct Hostname: Equatable {
    var text: String

    /// - Returns: nil if `text` is no name: empty, the kernel's word for none, or a pattern of
    ///   hostname(5), whose question marks systemd replaces by digits made of the machine-id.
    init?(_ text: String) {
        var text = String(text.trimmingWhitespace())
        // The root of the DNS is no part of it.
        if text.hasSuffix(".") { text.removeLast() }
        guard !text.isEmpty, text != "(none)", !Self.isPattern(text) else { return nil }
        self.text = text
    }

    /// A name but for its question marks.
    private static func isPattern(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "?"))
            && text.utf8.allSatisfy {
                0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 | 0x20 || "?-._".utf8.contains($0)
            }
    }

    /// Whether it is a default name, which does not distinguish one host from another.
    /// - Parameter release: os-release(5), which may name the system's own default.
    func isDefault(_ release: Assignments?) -> Bool {
        let name = text.lowercasedASCII()
        return isPlaceholder || imageNames.contains(name)
            || name == release?["DEFAULT_HOSTNAME"]?.lowercasedASCII()
    }

    /// Whether it is what stands where a name should, so that a better one is looked for.
    private var isPlaceholder: Bool {
        let name = text.lowercasedASCII()
        let first = name.prefix { $0 != "." }
        return placeholders.contains(String(first)) || name.hasSuffix(".localhost")
            || name.hasSuffix(".localdomain") && first.hasPrefix("localhost")
    }

    /// The best name that the tree has.
    static func read(_ tree: borrowing HostTree) -> Hostname? {
        let kernel = fileText(tree, "proc/sys/kernel/hostname").flatMap { Hostname($0) }
        var names: [Hostname] = []
        for file in hostnameFiles {
            guard let bytes = tree.contents(file.path),
                let name = file.name(bytes).flatMap({ Hostname($0) })
            else { continue }
            names.append(name)
        }
        // The kernel tells the reader's own name, which is not the host's where the reader is in a
        // container and the tree is its host.
        if let kernel, tree.isLive || names.isEmpty { names.insert(kernel, at: 0) }
        return names.first { !$0.isPlaceholder } ?? names.first
    }
}

/// What the kernel, systemd and distributions take for a name.
private let placeholders: Set<String> = [
    "localhost", "localhost4", "localhost6", "localhost-live", "linux", "unknown", "none",
    "openwrt", "lede", "dd-wrt", "darkstar", "buildroot", "livecd",
]

/// What installers, images and appliances are called until somebody calls them otherwise.
private let imageNames: Set<String> = [
    "debian", "ubuntu", "raspberrypi", "archlinux", "archiso", "nixos", "void-live", "kali",
    "diskstation", "rackstation", "freenas", "truenas",
]

/// The files in which systems keep the host's name, and what each has it as.
private let hostnameFiles: [(path: String, name: @Sendable ([UInt8]) -> String?)] = [
    // hostname(5).
    ("etc/hostname", firstName),
    // SUSE and Slackware; Solaris.
    ("etc/HOSTNAME", firstName), ("etc/nodename", firstName),
    // Red Hat's, before systemd.
    ("etc/sysconfig/network", { Assignments($0)["HOSTNAME"] }),
    // OpenRC, Arch before systemd, FreeBSD.
    ("etc/conf.d/hostname", assignedHostname), ("etc/rc.conf", assignedHostname),
    // OpenWrt: `option hostname 'gateway'`.
    ("etc/config/system", openWrtHostname),
    // QNAP.
    ("etc/config/uLinux.conf", { Assignments(section: "System", $0)["Server Name"] }),
]

@Sendable private func firstName(_ bytes: [UInt8]) -> String? {
    // A file that was being written when the power failed may end in NULs.
    for line in textLines(bytes.filter { $0 != 0 }) {
        let line = line.trimmingWhitespace()
        if line.isEmpty || line.begins(with: "#") { continue }
        var isBehindSpace = false
        let name = line.unicodeScalars.prefix { scalar in
            defer { isBehindSpace = scalar == " " }
            return scalar != "#" || !isBehindSpace
        }
        return String(name)
    }
    return nil
}

@Sendable private func assignedHostname(_ bytes: [UInt8]) -> String? {
    let assignments = Assignments(bytes)
    return assignments["hostname"] ?? assignments["HOSTNAME"]
}

@Sendable private func openWrtHostname(_ bytes: [UInt8]) -> String? {
    for line in textLines(bytes) {
        let words = line.words
        if words.count > 2, words[0] == "option", words[1] == "hostname" {
            let value = line[words[2].startIndex...].trimmingWhitespace()
            return String(
                String.UnicodeScalarView(value.unicodeScalars.filter { $0 != "'" && $0 != "\"" }))
        }
    }
    return nil
}
