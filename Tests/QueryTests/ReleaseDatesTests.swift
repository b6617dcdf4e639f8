import Testing

@testable import Query

/// The versions with an earliest possible day, and that day.
@Suite struct ReleaseDatesTests {
    private func day(
        _ name: String, _ version: String? = nil, platform: String? = nil, kernel: String? = nil,
        generator: String? = nil
    ) -> String? {
        var dates = ReleaseDates()
        return dates.bound(
            of: ReleaseDates.System(
                name: name, version: version, platform: platform, kernel: kernel,
                generator: generator))?.day
    }

    @Test(
        arguments: [
            ("CentOS Stream", "9", "centos", "2020-08-11"),
            ("CentOS Stream", "10", "centos", "2023-11-08"),
            ("AlmaLinux", "10.0", "almalinux", "2023-11-08"),
            ("Red Hat Enterprise Linux Server", "8.4", "rhel", "2018-04-02"),
            ("Oracle Linux Server", "9.2", "ol", "2020-08-11"),
            ("Fedora Linux", "37", "fedora", "2021-10-11"),
            ("openSUSE Leap", "16.0", "opensuse-leap", "2024-08-27"),
            ("SLES", "15.7", "sles", "2024-05-13"),
            ("Raspbian GNU/Linux", "11", "raspbian", "2020-07-10"),
            ("Windows Server 2022 Standard", "10.0.20348", nil, "2020-07-14"),
            ("Microsoft Windows 11 Pro", "10.0.26200", "windows", "2023-05-15"),
            ("Windows 10", "10.0.19045.4412", "windows", "2021-09-13"),
            ("Windows 11", "11", nil, "2020-08-30"),
        ] as [(String, String, String?, String)])
    func boundOfAVersion(name: String, version: String, platform: String?, first: String) {
        #expect(day(name, version, platform: platform) == first)
    }

    /// Such numbers have another meaning there.
    @Test(
        arguments: [
            ("antiX", "13", "debian"), ("Peppermint", "22.04", "ubuntu"),
            ("Red Hat Linux", "9", nil),
            ("Red Hat Linux", "8.0", "redhat"), ("Oracle VM server", "8.1", "ol"),
            ("Oracle Solaris", "10", nil), ("Windows 10", "10", "windows"),
            ("Windows Server 2019", "2019", "windows"), ("Windows Server 2019", "10.0.17763", nil),
            ("Windows for Workgroups", "3.11", nil), ("Windows 11", "24H2", "windows"),
            ("Alpine Linux", "3.23_alpha20250612", "alpine"),
            ("Debian GNU/Linux", "trixie/sid", nil),
            ("openSUSE Tumbleweed", "20260101", "opensuse-tumbleweed"),
            ("SUSE Linux Enterprise Micro", "5.5", "sle-micro"),
            ("Ubuntu Core", "24", "ubuntu-core"),
            ("Fedora Linux Asahi Remix", "40", "fedora-asahi-remix"),
            ("Fedora Core", "6", "fedora"),
            ("CentOS", "6.10", "centos"), ("CentOS Linux", "7", "centos"), ("Rockylinux", "9", nil),
        ] as [(String, String, String?)])
    func otherNumbersHaveNone(name: String, version: String, platform: String?) {
        #expect(day(name, version, platform: platform) == nil)
    }

    @Test(
        arguments: [
            ("5.14.0-503.el9.x86_64", "2021-06-27"), ("6.6.0-rc1", "2023-08-27"),
            ("7.0.0", "2026-02-08"), ("5.10.0-28-amd64", "2020-10-11"),
            ("5.15.90.1-microsoft-standard-WSL2", "2021-08-29"), ("4.4.302+", nil),
            ("4.19.0-26-amd64", nil), ("6.1-custom", nil), ("61.1.0", nil),
        ] as [(String, String?)])
    func boundOfAKernel(kernel: String, first: String?) {
        #expect(day("Linux", kernel: kernel, generator: "census 0.1.0") == first)
        #expect(day("Debian GNU/Linux", kernel: kernel) == first)
        #expect(day("windows", kernel: kernel) == nil)
    }

    @Test func theLaterOfTwoBoundsCounts() {
        #expect(day("Fedora Linux", "37", platform: "fedora", kernel: "6.1.0") == "2022-10-02")
        #expect(day("Fedora Linux", "43", platform: "fedora", kernel: "6.1.0") == "2024-09-23")
    }
}
