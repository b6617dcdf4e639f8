extension ReleaseFile {
    /// A file that holds no more than the version, `3.4.6` or `bookworm/sid`.
    private static func plain(_ name: String, _ platform: String) -> Parser {
        { bytes in
            firstLine(bytes).map { line in
                // Some put the name in front: `Slackware 13.37.0`.
                let version = line.words.first { $0.beginsWithDigit }.map { String($0) }
                return ReleaseFile(
                    name: name, version: line.hasPrefix(name) ? version : line, platform: platform)
            }
        }
    }

    static func named(_ line: String) -> ReleaseFile? {
        let name = line.prefix { $0 != "(" && $0 != "=" }.trimmingWhitespace()
        if name.isEmpty { return nil }
        // `Check Point SecurePlatform NGX (R65)`.
        let inner = line.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
        return ReleaseFile(name: String(name), version: version(String(inner)))
    }

    /// Arch has an empty file, so that it is there says it.
    private static func rolling(_ name: String, _ platform: String) -> Parser {
        { _ in ReleaseFile(name: name, version: "rolling", platform: platform) }
    }

    /// A file that is such a line: where it has no version, it still has the name.
    private static let line: Parser = { bytes in
        ReleaseFile(line: bytes) ?? firstLine(bytes).flatMap({ named($0) })
    }

    static let files: [(path: String, parse: Parser)] = [
        // Appliances, which are made of a distribution.
        ("etc/Eos-release", line),
        ("etc.defaults/VERSION", { ReleaseFile(synology: $0) }),
        ("etc/VERSION", { ReleaseFile(synology: $0) }),
        ("etc/config/uLinux.conf", { ReleaseFile(qnap: $0) }),
        ("etc/default_config/uLinux.conf", { ReleaseFile(qnap: $0) }),
        ("etc/raidiator_version", { ReleaseFile(raidiator: $0) }),
        ("VERSION", { ReleaseFile(fields: $0) }),
        ("etc/f5-release", line),
        ("etc/cp-release", line),
        ("opt/vyatta/etc/version", { ReleaseFile(fields: $0) }),
        ("etc/vyos-release", line),
        ("etc/vmware-release", line),
        ("etc/photon-release", line),
        ("etc/version", { ReleaseFile(nameAndVersion: $0) }),
        ("etc/openwrt_release", { ReleaseFile(lsbRelease: $0) }),
        ("etc/DISTRO_SPECS", { ReleaseFile(puppy: $0) }),
        // Android: by where its system partition is mounted.
        ("system/build.prop", { ReleaseFile(android: $0) }),
        ("system/system/build.prop", { ReleaseFile(android: $0) }),
        ("build.prop", { ReleaseFile(android: $0) }),
        // Endian's; Solaris'.
        ("etc/release", { ReleaseFile(line: $0) }),
        ("bin/freebsd-version", { ReleaseFile(freeBSD: $0) }),
        // Red Hat's and what is made of it; the derived ones keep redhat-release too, and Oracle's
        // says there that it is Red Hat's.
        ("etc/ovs-release", line), ("etc/oracle-release", line),
        ("etc/enterprise-release", line), ("etc/centos-release", line),
        ("etc/rocky-release", line), ("etc/almalinux-release", line),
        ("etc/sl-release", line), ("etc/virtuozzo-release", line),
        ("etc/cloudlinux-release", line), ("etc/euleros-release", line),
        ("etc/openEuler-release", line), ("etc/asianux-release", line),
        ("etc/fedora-release", line), ("etc/mageia-release", line),
        ("etc/openmandriva-release", line), ("etc/mandriva-release", line),
        ("etc/mandrakelinux-release", line), ("etc/mandrake-release", line),
        ("etc/pclinuxos-release", line), ("etc/rosa-release", line),
        ("etc/altlinux-release", line), ("etc/turbolinux-release", line),
        ("etc/redhat-release", line), ("etc/redhat_version", line), ("etc/system-release", line),
        // SUSE's.
        ("etc/sles-release", { ReleaseFile(suseRelease: $0) }),
        ("etc/novell-release", { ReleaseFile(suseRelease: $0) }),
        ("etc/SuSE-release", { ReleaseFile(suseRelease: $0) }),
        ("etc/SUSE-release", { ReleaseFile(suseRelease: $0) }),
        ("etc/UnitedLinux-release", { ReleaseFile(suseRelease: $0) }),
        // Debian's and the rest.
        ("etc/lsb-release", { ReleaseFile(lsbRelease: $0) }),
        ("etc/knoppix-version", plain("Knoppix", "knoppix")),
        ("etc/knoppix_version", plain("Knoppix", "knoppix")),
        ("etc/devuan_version", plain("Devuan GNU/Linux", "devuan")),
        ("etc/grml_version", line), ("etc/kanotix-version", line),
        ("etc/debian_version", plain("Debian GNU/Linux", "debian")),
        ("etc/alpine-release", plain("Alpine Linux", "alpine")),
        ("etc/openwrt_version", plain("OpenWrt", "openwrt")),
        (
            "etc/unraid-version",
            { bytes in
                Assignments(bytes)["version"].map { ReleaseFile(name: "Unraid OS", version: $0) }
            }
        ),
    ]

    /// Those of which what is made of them has a file beside: /etc/vector-version,
    /// /etc/sabayon-release.
    static let parents: [(path: String, parse: Parser)] = [
        ("etc/slackware-version", plain("Slackware", "slackware")),
        ("etc/slackware-release", plain("Slackware", "slackware")),
        ("etc/gentoo-release", { ReleaseFile(gentoo: $0) }),
        ("etc/manjaro-release", rolling("Manjaro Linux", "manjaro")),
        ("etc/arch-release", rolling("Arch Linux", "arch")),
    ]
}

extension ReleaseFile {
    /// ID as os-release(5) has it, of systems that were there before it.
    static func platform(_ name: String) -> String? {
        platforms.first { name.hasPrefix($0.prefix) }?.platform
    }
}

private let platforms: [(prefix: String, platform: String)] = [
    ("Red Hat Enterprise", "rhel"), ("Red Hat Linux", "redhat"), ("CentOS", "centos"),
    ("Fedora", "fedora"), ("Oracle Solaris", "solaris"), ("Solaris", "solaris"), ("Oracle", "ol"),
    ("Enterprise Linux", "ol"),
    ("Scientific", "scientific"), ("Amazon", "amzn"), ("Rocky", "rocky"),
    ("AlmaLinux", "almalinux"), ("CloudLinux", "cloudlinux"), ("XenServer", "xenenterprise"),
    ("Citrix Hypervisor", "xenenterprise"), ("XCP-ng", "xenenterprise"), ("EulerOS", "euleros"),
    ("openEuler", "openEuler"), ("Mageia", "mageia"), ("Mandriva", "mandriva"),
    ("Mandrake", "mandrake"), ("PCLinuxOS", "pclinuxos"), ("ALT", "altlinux"),
    ("VMware ESX", "vmware"), ("VMware Photon", "photon"), ("Photon", "photon"),
    ("SUSE Linux Enterprise Server", "sles"), ("SUSE Linux Enterprise Desktop", "sled"),
    ("SUSE LINUX Enterprise Server", "sles"), ("openSUSE", "opensuse"), ("SUSE", "suse"),
    ("SuSE", "suse"), ("UnitedLinux", "unitedlinux"), ("Debian", "debian"), ("Ubuntu", "ubuntu"),
    ("LinuxMint", "linuxmint"), ("Raspbian", "raspbian"), ("Gentoo", "gentoo"),
    ("OpenWrt", "openwrt"), ("LEDE", "lede"), ("Arch", "arch"), ("VyOS", "vyos"),
    ("Cumulus", "cumulus-linux"), ("BIG-IP", "bigip"), ("Check Point", "checkpoint"),
    ("TrueNAS", "truenas"), ("FreeNAS", "freenas"), ("ReadyNAS", "readynas"),
]
