import Testing

@testable import Host

@Suite struct WindowsVersionTests {
    private func version(
        _ product: String?, _ edition: String?, _ build: Int, major: Int = 10, minor: Int = 0,
        isWorkstation: Bool = true
    ) -> WindowsVersion {
        var version = WindowsVersion()
        (version.major, version.minor, version.build) = (major, minor, build)
        version.isWorkstation = isWorkstation
        (version.productName, version.editionID) = (product, edition)
        return version
    }

    /// ProductName as the registry has it, build, and the name that a person would give.
    @Test(arguments: [
        ("Windows 7 Professional", 7601, "Microsoft Windows 7 Professional"),
        ("Windows 7 Professional N", 7601, "Microsoft Windows 7 Professional N"),
        ("Windows 7 Ultimate", 7600, "Microsoft Windows 7 Ultimate"),
        ("Windows 7 Home Premium ", 7601, "Microsoft Windows 7 Home Premium"),
        ("Windows 7 Starter", 7601, "Microsoft Windows 7 Starter"),
        ("Windows Embedded Standard", 7601, "Microsoft Windows Embedded Standard"),
        ("Windows 8", 9200, "Microsoft Windows 8"),
        ("Windows 8 Pro", 9200, "Microsoft Windows 8 Pro"),
        ("Windows 8.1", 9600, "Microsoft Windows 8.1"),
        ("Windows 8.1 Enterprise", 9600, "Microsoft Windows 8.1 Enterprise"),
        ("Windows 8.1 Single Language", 9600, "Microsoft Windows 8.1 Single Language"),
        ("Windows Embedded 8.1 Industry Pro", 9600, "Microsoft Windows Embedded 8.1 Industry Pro"),
        ("Windows 10 Home", 10_240, "Microsoft Windows 10 Home"),
        ("Windows 10 Pro", 19_045, "Microsoft Windows 10 Pro"),
        ("Windows 10 Pro N", 19_044, "Microsoft Windows 10 Pro N"),
        ("Windows 10 Education", 18_363, "Microsoft Windows 10 Education"),
        ("Windows 10 Enterprise 2015 LTSB", 10_240, "Microsoft Windows 10 Enterprise 2015 LTSB"),
        ("Windows 10 Enterprise LTSC 2019", 17_763, "Microsoft Windows 10 Enterprise LTSC 2019"),
        ("Windows 10 Enterprise LTSC 2021", 19_044, "Microsoft Windows 10 Enterprise LTSC 2021"),
        ("Windows 10 IoT Core", 17_763, "Microsoft Windows 10 IoT Core"),
        ("Windows 10 IoT Enterprise", 19_045, "Microsoft Windows 10 IoT Enterprise"),
        ("Windows 10 Pro", 21_999, "Microsoft Windows 10 Pro"),
        ("Windows 10 Pro", 22_000, "Microsoft Windows 11 Pro"),
        ("Windows 10 Pro", 22_631, "Microsoft Windows 11 Pro"),
        ("Windows 10 Home", 22_621, "Microsoft Windows 11 Home"),
        ("Windows 10 Home Single Language", 26_100, "Microsoft Windows 11 Home Single Language"),
        ("Windows 10 Enterprise", 26_200, "Microsoft Windows 11 Enterprise"),
        ("Windows 10 Enterprise N", 22_631, "Microsoft Windows 11 Enterprise N"),
        ("Windows 10 Pro for Workstations", 22_631, "Microsoft Windows 11 Pro for Workstations"),
        ("Windows 10 Pro Education", 22_631, "Microsoft Windows 11 Pro Education"),
        ("Windows 10 SE", 22_621, "Microsoft Windows 11 SE"),
        ("Windows 10 Enterprise LTSC 2024", 26_100, "Microsoft Windows 11 Enterprise LTSC 2024"),
        ("Windows 10 IoT Enterprise LTSC", 26_100, "Microsoft Windows 11 IoT Enterprise LTSC"),
        (
            "Windows 10 Enterprise multi-session", 22_631,
            "Microsoft Windows 11 Enterprise multi-session"
        ),
        ("Windows 11 Pro", 26_100, "Microsoft Windows 11 Pro"),
        ("Windows 10", 22_000, "Microsoft Windows 11"),
        ("Windows 100", 22_000, "Microsoft Windows 100"),
        ("Microsoft Windows 10", 19_043, "Microsoft Windows 10"),
        ("Microsoft Windows 10 Pro", 22_631, "Microsoft Windows 11 Pro"),
        ("Windows Server 2008 R2 Enterprise", 7601, "Windows Server 2008 R2 Enterprise"),
        ("Windows Server 2012 Datacenter", 9200, "Windows Server 2012 Datacenter"),
        ("Windows Server 2012 R2 Standard", 9600, "Windows Server 2012 R2 Standard"),
        ("Windows Server 2016 Standard", 14_393, "Windows Server 2016 Standard"),
        ("Windows Server 2016 Essentials", 14_393, "Windows Server 2016 Essentials"),
        ("Windows Server Datacenter", 19_042, "Windows Server Datacenter"),
        ("Windows Server 2019 Standard", 17_763, "Windows Server 2019 Standard"),
        ("Windows Server 2022 Standard", 20_348, "Windows Server 2022 Standard"),
        (
            "Windows Server 2022 Datacenter Azure Edition", 20_348,
            "Windows Server 2022 Datacenter Azure Edition"
        ),
        (
            "Windows Server 2022 Standard Evaluation", 20_348,
            "Windows Server 2022 Standard Evaluation"
        ),
        ("Windows Server 2025 Standard", 26_100, "Windows Server 2025 Standard"),
        ("Hyper-V Server 2019", 17_763, "Hyper-V Server 2019"),
    ])
    func name(product: String, build: Int, expected: String) {
        #expect(version(product, nil, build).name == expected)
        #expect(version(product, "Anything", build, isWorkstation: false).name == expected)
    }

    @Test func nameWithoutProductName() {
        func name(_ version: WindowsVersion) -> String { version.name }
        #expect(name(version(nil, "Professional", 22_631)) == "Microsoft Windows 11 Pro")
        #expect(name(version("", "Core", 19_045)) == "Microsoft Windows 10 Home")
        #expect(name(version("  ", "CoreN", 19_045)) == "Microsoft Windows 10 Home N")
        #expect(name(version(nil, "EnterpriseS", 26_100)) == "Microsoft Windows 11 Enterprise LTSC")
        #expect(name(version(nil, nil, 19_045)) == "Microsoft Windows 10")
        #expect(name(version(nil, "Unheard", 19_045)) == "Microsoft Windows 10")
        #expect(
            name(version(nil, "Ultimate", 7601, major: 6, minor: 1))
                == "Microsoft Windows 7 Ultimate")
        #expect(name(version(nil, nil, 9200, major: 6, minor: 2)) == "Microsoft Windows 8")
        #expect(name(version(nil, nil, 9600, major: 6, minor: 3)) == "Microsoft Windows 8.1")
        for (build, major, minor, expected) in [
            (7601, 6, 1, "2008 R2"), (9200, 6, 2, "2012"), (9600, 6, 3, "2012 R2"),
            (14_393, 10, 0, "2016"), (17_763, 10, 0, "2019"), (20_348, 10, 0, "2022"),
            (26_100, 10, 0, "2025"),
        ] {
            let server = version(
                nil, "ServerStandard", build, major: major, minor: minor, isWorkstation: false)
            #expect(server.name == "Windows Server \(expected) Standard")
        }
        #expect(
            name(version(nil, "ServerDatacenterCore", 19_042, isWorkstation: false))
                == "Windows Server Datacenter")
        #expect(name(version(nil, nil, 6002, major: 6, minor: 0)) == "Microsoft Windows")
    }

    @Test func numbers() {
        var eleven = version("Windows 10 Pro", "Professional", 22_631)
        #expect(eleven.version == "10.0.22631")
        eleven.revision = 4317
        #expect(eleven.version == "10.0.22631.4317")
        #expect(eleven.kernel == "10.0.22631")
        #expect(version("Windows 7 Ultimate", nil, 7601, major: 6, minor: 1).version == "6.1.7601")
    }

    @Test func release() {
        var version = version("Windows 10 Pro", nil, 22_631)
        #expect(version.release == nil)
        version.servicePack = "Service Pack 1"
        #expect(version.release == "Service Pack 1")
        version.releaseID = "2009"
        #expect(version.release == "2009")
        version.displayVersion = " "
        #expect(version.release == "2009")
        version.displayVersion = "23H2"
        #expect(version.release == "23H2")
    }

    @Test func record() {
        var version = version("Windows 10 Pro", nil, 22_631)
        (version.revision, version.displayVersion) = (4317, "23H2")
        let record = version.record
        #expect(record.name == "Microsoft Windows 11 Pro")
        #expect(record.version == "10.0.22631.4317")
        #expect(record.platform == "windows")
        #expect(record.build == "22631")
        #expect(record.displayVersion == "23H2")
    }
}
