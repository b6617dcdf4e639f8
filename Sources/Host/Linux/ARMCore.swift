/// A kind of ARM core, by the numbers in its main ID register (MIDR_EL1) as /proc/cpuinfo has them.
struct ARMCore: Equatable, CustomStringConvertible {
    /// `0x41`.
    var implementer: String
    /// `0xd08`.
    var part: String

    var manufacturer: String? { names.manufacturer }

    /// `ARM Cortex-A72`; nil if the core is not known here.
    var name: String? {
        guard case (let manufacturer?, let core?) = names else { return nil }
        return core.hasPrefix(manufacturer) ? core : "\(manufacturer) \(core)"
    }

    private var names: (manufacturer: String?, core: String?) {
        let implementer = implementer.lowercasedASCII() + " "
        let part = "  \(part.lowercasedASCII()) "
        var manufacturer: String?
        for line in armCores.split(separator: "\n") {
            if line.hasPrefix(" ") {
                if manufacturer != nil, line.hasPrefix(part) {
                    return (manufacturer, String(line.dropFirst(part.count)))
                }
            } else if manufacturer != nil {
                break
            } else if line.hasPrefix(implementer) {
                manufacturer = String(line.dropFirst(implementer.count))
            }
        }
        return (manufacturer, nil)
    }

    var description: String {
        "\(manufacturer ?? "ARM implementer \(implementer)") part \(part)"
    }
}

/// Implementers, and the parts of each. It is a text, because a dictionary of this size is 20 KB of
/// code in a collector.
private let armCores = """
    0x41 ARM
      0x810 ARM810
      0x920 ARM920T
      0x922 ARM922T
      0x926 ARM926EJ-S
      0x940 ARM940T
      0x946 ARM946E-S
      0xa20 ARM1020
      0xa22 ARM1022
      0xa26 ARM1026
      0xb02 ARM11 MPCore
      0xb36 ARM1136
      0xb56 ARM1156
      0xb76 ARM1176
      0xc05 Cortex-A5
      0xc07 Cortex-A7
      0xc08 Cortex-A8
      0xc09 Cortex-A9
      0xc0d Cortex-A17
      0xc0e Cortex-A17
      0xc0f Cortex-A15
      0xd01 Cortex-A32
      0xd02 Cortex-A34
      0xd03 Cortex-A53
      0xd04 Cortex-A35
      0xd05 Cortex-A55
      0xd06 Cortex-A65
      0xd07 Cortex-A57
      0xd08 Cortex-A72
      0xd09 Cortex-A73
      0xd0a Cortex-A75
      0xd0b Cortex-A76
      0xd0c Neoverse-N1
      0xd0d Cortex-A77
      0xd0e Cortex-A76AE
      0xd40 Neoverse-V1
      0xd41 Cortex-A78
      0xd42 Cortex-A78AE
      0xd43 Cortex-A65AE
      0xd44 Cortex-X1
      0xd46 Cortex-A510
      0xd47 Cortex-A710
      0xd48 Cortex-X2
      0xd49 Neoverse-N2
      0xd4a Neoverse-E1
      0xd4b Cortex-A78C
      0xd4c Cortex-X1C
      0xd4d Cortex-A715
      0xd4e Cortex-X3
      0xd4f Neoverse-V2
      0xd80 Cortex-A520
      0xd81 Cortex-A720
      0xd82 Cortex-X4
      0xd83 Neoverse-V3AE
      0xd84 Neoverse-V3
      0xd85 Cortex-X925
      0xd87 Cortex-A725
      0xd8e Neoverse-N3
    0x42 Broadcom
      0x00f Brahma-B15
      0x100 Brahma-B53
      0x516 ThunderX2
    0x43 Cavium
      0x0a0 ThunderX
      0x0a1 ThunderX 88XX
      0x0a2 ThunderX 81XX
      0x0a3 ThunderX 83XX
      0x0af ThunderX2 99xx
      0x0b0 OcteonTX2
      0x0b1 OcteonTX2 98XX
      0x0b2 OcteonTX2 96XX
      0x0b3 OcteonTX2 95XX
      0x0b8 ThunderX3 T110
    0x44 DEC
      0xa10 SA110
      0xa11 SA1100
    0x46 Fujitsu
      0x001 A64FX
      0x003 MONAKA
    0x48 HiSilicon
      0xd01 Kunpeng-920
      0xd02 TaiShan-v120
      0xd40 Cortex-A76
      0xd41 Cortex-A77
    0x4e NVIDIA
      0x000 Denver
      0x003 Denver 2
      0x004 Carmel
    0x50 APM
      0x000 X-Gene
    0x51 Qualcomm
      0x00f Scorpion
      0x02d Scorpion
      0x04d Krait
      0x06f Krait
      0x201 Kryo
      0x205 Kryo
      0x211 Kryo
      0x800 Kryo 2XX Gold
      0x801 Kryo 2XX Silver
      0x802 Kryo 3XX Gold
      0x803 Kryo 3XX Silver
      0x804 Kryo 4XX Gold
      0x805 Kryo 4XX Silver
      0xc00 Falkor
      0xc01 Saphira
      0x001 Oryon
    0x53 Samsung
      0x001 Exynos-M1
      0x002 Exynos-M3
      0x003 Exynos-M4
      0x004 Exynos-M5
    0x56 Marvell
      0x131 Feroceon 88FR131
      0x581 PJ4
      0x584 PJ4B-MP
    0x61 Apple
      0x020 A14 Icestorm
      0x021 A14 Firestorm
      0x022 M1 Icestorm
      0x023 M1 Firestorm
      0x024 M1 Pro Icestorm
      0x025 M1 Pro Firestorm
      0x028 M1 Max Icestorm
      0x029 M1 Max Firestorm
      0x032 M2 Blizzard
      0x033 M2 Avalanche
      0x034 M2 Pro Blizzard
      0x035 M2 Pro Avalanche
      0x038 M2 Max Blizzard
      0x039 M2 Max Avalanche
    0x66 Faraday
      0x526 FA526
      0x626 FA626
    0x69 Intel
      0x200 i80200
      0x210 PXA250A
      0x212 PXA210A
      0x242 i80321-400
      0x243 i80321-600
      0x290 PXA250B/PXA26x
      0x2d0 PXA255
      0x411 PXA27x
      0x41c IXP425-533
      0x41d IXP425-400
      0x41f IXP425-266
      0x682 PXA32x
      0x683 PXA930/PXA935
      0x688 PXA30x
      0x689 PXA31x
      0xb11 SA1110
    0x6d Microsoft
      0xd49 Azure Cobalt 100
    0x70 Phytium
      0x303 FTC310
      0x660 FTC660
      0x661 FTC661
      0x662 FTC662
      0x663 FTC663
      0x664 FTC664
      0x862 FTC862
    0xc0 Ampere
      0xac3 Ampere-1
      0xac4 Ampere-1a
    """
