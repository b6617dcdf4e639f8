/// The host itself.
package struct HostRecord: Record, Equatable {
    /// `host`.
    package static let kind: StaticString = "host"

    /// What stays the same from one execution to the next.
    package var hostID = ""
    /// Where `host_id` comes from: `machine-id`, `machine-guid` of Windows, `dmi`, `hostname` or
    /// `option`. Nil if unknown.
    package var hostIDSource: String?
    /// The host's name. Nil if unknown.
    package var hostname: String?
    /// The domain of Windows that the host is joined to. Nil if there is none, or it is unknown.
    package var domain: String?
    /// The workgroup of Windows that a host without a domain is in. Nil if unknown.
    package var workgroup: String?
    /// The address that a person would call the host's. Nil if unknown.
    package var ip: String?
    /// Every address but loopback and link-local ones. Nil if unknown.
    package var addresses: [String]?
    /// When the system was started, in Unix seconds. Nil if unknown.
    package var bootTime: Int64?
    /// The kernel's release: `6.1.0-28-amd64`. Nil if unknown.
    package var kernel: String?
    /// The machine's hardware name: `x86_64`. Nil if unknown.
    package var arch: String?
    /// What systemd-detect-virt(1) calls the container: `docker`, `lxc`, …; `none` outside of one.
    /// Nil if unknown.
    package var container: String?
    /// What systemd-detect-virt(1) calls the virtual machine: `kvm`, `vmware`, `wsl`, …; `none` on
    /// real hardware. Nil if unknown.
    package var virtualization: String?
    /// The UUID of the hardware from SMBIOS, in lower case. Nil if unknown.
    package var uuid: String?
    /// Who made the hardware. Nil if unknown.
    package var hardwareVendor: String?
    /// The maker's name of the model. Nil if unknown.
    package var hardwareModel: String?
    /// The serial number of the hardware. Nil if unknown.
    package var hardwareSerial: String?
    /// The memory that the system can use, in bytes. Nil if unknown.
    package var physicalMemory: Int64?
    /// The network interfaces of hardware, or of a virtual machine, each with its MAC address:
    /// `eth0 52:54:00:12:34:56`. Nil if unknown.
    package var interfaces: [String]?

    /// A record with no facts.
    package init() {}
    /// A record with its required fields.
    package init(hostID: String) { self.hostID = hostID }

    /// Declares the fields, in the order of a line.
    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(
            &hostID, .required("host_id", "What stays the same from one execution to the next"))
        try visitor.visit(
            &hostIDSource,
            .optional(
                "host_id_source",
                """
                Where `host_id` comes from: `machine-id`, `machine-guid` of Windows, `dmi`, `hostname` \
                or `option`
                """
            ).column("Host_ID_source"))
        try visitor.visit(
            &hostname, .nullable("hostname", "The host's name").column("Hostname"))
        try visitor.visit(
            &domain, .optional("domain", "The domain of Windows that the host is joined to"))
        try visitor.visit(
            &workgroup,
            .optional("workgroup", "The workgroup of Windows that a host without a domain is in"))
        try visitor.visit(
            &ip,
            .nullable("ip", "The address that a person would call the host's").column("IP"))
        try visitor.visit(
            &addresses,
            .optional("addresses", "Every address but loopback and link-local ones"))
        try visitor.visit(
            &bootTime,
            .optional("boot_time", "When the system was started, in Unix seconds")
                .column("Boot_time", isMoment: true))
        try visitor.visit(
            &kernel,
            .optional("kernel", "The kernel's release: `6.1.0-28-amd64`")
                .column("Kernel").compared(as: "kernel"))
        try visitor.visit(
            &arch, .optional("arch", "The machine's hardware name: `x86_64`").column("Arch"))
        try visitor.visit(
            &container,
            .optional(
                "container",
                """
                What systemd-detect-virt(1) calls the container: `docker`, `lxc`, …; `none` outside of \
                one
                """
            ).column("Container"))
        try visitor.visit(
            &virtualization,
            .optional(
                "virtualization",
                """
                What systemd-detect-virt(1) calls the virtual machine: `kvm`, `vmware`, `wsl`, …; \
                `none` on real hardware
                """
            ).column("Virtualization").compared(as: "virtualization"))
        try visitor.visit(
            &uuid,
            .optional("uuid", "The UUID of the hardware from SMBIOS, in lower case")
                .column("Hardware_UUID").compared(as: "hardware UUID"))
        try visitor.visit(
            &hardwareVendor,
            .optional("hardware_vendor", "Who made the hardware").column("Hardware_vendor")
                .compared(as: "hardware vendor"))
        try visitor.visit(
            &hardwareModel,
            .optional("hardware_model", "The maker's name of the model").column("Hardware_model")
                .compared(as: "hardware model"))
        try visitor.visit(
            &hardwareSerial,
            .optional("hardware_serial", "The serial number of the hardware")
                .column("Hardware_serial").compared(as: "hardware serial"))
        try visitor.visit(
            &physicalMemory,
            .optional("physical_memory", "The memory that the system can use, in bytes")
                .range(.counts).column("Physical_memory"))
        try visitor.visit(
            &interfaces,
            .optional(
                "interfaces",
                """
                The network interfaces of hardware, or of a virtual machine, each with its MAC \
                address: `eth0 52:54:00:12:34:56`
                """
            ).column("Interfaces").compared(as: "interfaces"))
    }
}
