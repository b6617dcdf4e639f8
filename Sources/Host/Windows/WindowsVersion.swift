import Records

/// The version of Windows as the system itself has it: numbers of RtlGetVersion, and values of the
/// registry under `SOFTWARE\Microsoft\Windows NT\CurrentVersion`.
struct WindowsVersion: Equatable {
    /// Since Windows 10 it stays 10.
    var major = 0
    var minor = 0
    /// `22631`.
    var build = 0
    /// `wProductType` of OSVERSIONINFOEXW: VER_NT_WORKSTATION; else it is a server.
    var isWorkstation = true
    /// `Windows 10 Pro`. That of Windows 11 says 10 too.
    var productName: String?
    /// `Professional`, `Core`, `ServerStandard`.
    var editionID: String?
    /// `23H2`, since Windows 10 20H2.
    var displayVersion: String?
    /// `1809`, of Windows 10 1511 to 20H2. Later ones keep 2009.
    var releaseID: String?
    /// `Service Pack 1`, before Windows 8.
    var servicePack: String?
    /// The revision, UBR: which monthly update is installed. Unknown before Windows 8.1.
    var revision: Int64?

    /// The first build of Windows 11 (article "Windows 11 release information").
    private static let windows11 = 22_000

    /// `Microsoft Windows 11 Pro`, as Win32_OperatingSystem has it; of a server without the maker,
    /// `Windows Server 2022 Standard`.
    var name: String {
        // Bytes, because a collector has no use for the characters of a text.
        var name = Array((filledIn(productName) ?? nameByNumbers).utf8)
        let maker = Array("Microsoft ".utf8)
        if name.index(of: "Microsoft ") == 0 { name.removeFirst(maker.count) }
        if build >= Self.windows11, name.index(of: "Windows 10") == 0,
            name.count == 10 || name[10] == UInt8(ascii: " ")
        {
            name[9] = UInt8(ascii: "1")
        }
        let blank = [UInt8(ascii: " ")]
        let isServer = (blank + name + blank).index(of: " Server ") != nil
        return String(decoding: isServer ? name : maker + name, as: UTF8.self)
    }

    /// `10.0.22631.4317`.
    var version: String {
        kernel + (revision.map { ".\($0)" } ?? "")
    }

    /// `10.0.22631`.
    var kernel: String { "\(major).\(minor).\(build)" }

    /// What the system's own dialogs call the release: `23H2`, `1809`, `Service Pack 1`.
    var release: String? {
        filledIn(displayVersion) ?? filledIn(releaseID) ?? filledIn(servicePack)
    }

    /// The name where the registry has none, by the article "Operating System Version" and the
    /// builds of "Windows Server release information".
    private var nameByNumbers: String {
        let family: String
        switch (major, minor, isWorkstation) {
        case (6, 1, true): family = "Windows 7"
        case (6, 2, true): family = "Windows 8"
        case (6, 3, true): family = "Windows 8.1"
        case (10, _, true): family = "Windows 10"
        case (6, 1, false): family = "Windows Server 2008 R2"
        case (6, 2, false): family = "Windows Server 2012"
        case (6, 3, false): family = "Windows Server 2012 R2"
        case (10, _, false):
            switch build {
            case 26_100...: family = "Windows Server 2025"
            case 20_348..<25_000: family = "Windows Server 2022"
            case 17_763: family = "Windows Server 2019"
            case 14_393: family = "Windows Server 2016"
            default: family = "Windows Server"
            }
        default: return "Windows"
        }
        guard let editionID = filledIn(editionID) else { return family }
        guard let edition = editions.first(where: { $0.id == editionID })?.name else {
            return family
        }
        return edition.isEmpty ? family : "\(family) \(edition)"
    }

    /// The record.
    var record: OSVersionRecord {
        var record = OSVersionRecord(name: name)
        record.version = version
        record.platform = "windows"
        record.build = String(build)
        record.displayVersion = release
        return record
    }
}

/// What an EditionID is called (article "Windows editions and EditionID", and the table of
/// GetProductInfo).
private let editions: [(id: String, name: String)] = [
    ("Core", "Home"), ("CoreN", "Home N"), ("CoreSingleLanguage", "Home Single Language"),
    ("CoreCountrySpecific", "Home China"), ("Professional", "Pro"), ("ProfessionalN", "Pro N"),
    ("ProfessionalWorkstation", "Pro for Workstations"), ("ProfessionalEducation", "Pro Education"),
    ("Education", "Education"), ("EducationN", "Education N"), ("Enterprise", "Enterprise"),
    ("EnterpriseN", "Enterprise N"), ("EnterpriseS", "Enterprise LTSC"),
    ("EnterpriseSN", "Enterprise N LTSC"), ("IoTEnterprise", "IoT Enterprise"),
    ("IoTEnterpriseS", "IoT Enterprise LTSC"), ("IoTUAP", "IoT Core"), ("Ultimate", "Ultimate"),
    ("HomePremium", "Home Premium"), ("HomeBasic", "Home Basic"), ("Starter", "Starter"),
    ("ServerStandard", "Standard"), ("ServerStandardCore", "Standard"),
    ("ServerDatacenter", "Datacenter"), ("ServerDatacenterCore", "Datacenter"),
    ("ServerEnterprise", "Enterprise"), ("ServerWeb", "Web"), ("ServerSolution", "Essentials"),
    ("ServerTurbine", "Datacenter Azure Edition"),
]
