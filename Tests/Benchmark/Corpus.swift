import Files
import Records
import SystemPackage
import TestSupport
import Text

/// Snapshot files of a fleet made up from a seed: the same seed gives the same bytes.
///
/// A host has the kernel's threads, with the low PIDs that they have everywhere; daemons with a PID
/// below some thousands; and programs of its users, with PIDs up to the kernel's `pid_max`. What
/// goes on running from one execution to the next keeps its PID.
struct Corpus {
    let hosts: Int
    let executions: Int
    let processes = 300
    /// How many packages of its distribution each host has; 0 for snapshots without packages.
    let packages: Int
    /// Over how many names the programs of users are spread; 0 for those of `programs` alone.
    var names = 0
    /// The part of the hosts that upgrade packages between two executions.
    private static let upgraded = 0.1
    /// The part of the processes that have ended since the last execution, others in their place.
    let changed = 0.1

    private struct Running {
        var pid: Int64
        var name: String
        var user: String
        var uid: Int64
        var start: Int64
        var path: String?
    }

    private static let daemons = [
        "systemd-journald", "systemd-udevd", "systemd-logind", "systemd-timesyncd", "dbus-daemon",
        "sshd", "cron", "rsyslogd", "agetty", "polkitd", "NetworkManager", "chronyd", "auditd",
        "irqbalance", "smartd", "snmpd", "nginx", "apache2", "postgres", "mariadbd", "redis-server",
        "containerd", "dockerd", "kubelet", "haproxy", "named", "exim4", "dovecot", "zabbix_agentd",
        "node_exporter", "filebeat", "php-fpm8.2", "gvfs-udisks2-volume-monitor", "rtkit-daemon",
    ]
    private static let programs = [
        "bash", "sh", "python3", "java", "node", "ruby", "perl", "vim", "less", "top", "tmux",
        "screen", "ssh", "scp", "rsync", "tar", "gzip", "make", "cc1plus", "git", "firefox",
        "Web Content", "Isolated Web Co", "chromium", "gnome-shell", "Xorg", "xfce4-session",
        "dconf",
        "gvfsd-metadata", "gvfs-goa-volume-monitor", "pulseaudio", "pipewire", "wireplumber",
        "tracker-miner-fs-3", "evolution-source-registry", "libreoffice", "soffice.bin", "postgres",
        "psql", "mysql", "sqlite3", "R", "rsession", "jupyter-notebook", "ipython", "celery",
        "gunicorn", "uwsgi", "puma", "sidekiq",
    ]

    /// The threads of a kernel on so many processors, from PID 2 on.
    private static func kernelThreads(processors: Int) -> [String] {
        var names = [
            "kthreadd", "rcu_gp", "rcu_par_gp", "slub_flushwq", "netns", "mm_percpu_wq",
            "rcu_tasks_kthread", "rcu_tasks_rude_kthread", "rcu_tasks_trace_kthread",
        ]
        for number in 0..<processors {
            names += [
                "cpuhp/\(number)", "idle_inject/\(number)", "migration/\(number)",
                "ksoftirqd/\(number)", "kworker/\(number):0H-events_highpri",
            ]
        }
        return names + [
            "kdevtmpfs", "inet_frag_wq", "kauditd", "khungtaskd", "oom_reaper", "writeback",
            "kcompactd0", "ksmd", "khugepaged", "kintegrityd", "kblockd", "blkcg_punt_bio",
            "ata_sff",
            "md", "tpm_dev_wq", "edac-poller", "devfreq_wq", "kswapd0", "kthrotld", "irq/24-aerdrv",
            "acpi_thermal_pm", "scsi_eh_0", "scsi_tmf_0", "mld", "ipv6_addrconf", "kstrp",
            "zswap-shrink", "jbd2/sda1-8", "ext4-rsv-conver", "hwrng", "cryptd",
        ]
    }

    /// Writes the files, each into the directory by its host's and execution's number.
    func write(to directory: FilePath, seed: UInt64) throws {
        for host in 0..<hosts {
            // Each host of its own seed, so that a larger fleet begins like a smaller one.
            var random = SplitMix64(state: seed &+ UInt64(host) &* 0x1_0000_0001)
            try write(host, to: directory, &random)
        }
    }

    private func write(
        _ host: Int, to directory: FilePath, _ random: inout SplitMix64
    ) throws {
        let firstMoment = 1_760_000_000 + Int64.random(in: 0..<86_400, using: &random)
        let processors = [2, 4, 8, 16][Int.random(in: 0..<4, using: &random)]
        let kernel = Self.kernelThreads(processors: processors)
        var running = kernel.prefix(processes / 3).enumerated().map {
            Running(
                pid: Int64($0) + 2, name: $1, user: "root", uid: 0, start: firstMoment - 900_000)
        }
        running.insert(
            Running(
                pid: 1, name: "systemd", user: "root", uid: 0, start: firstMoment - 900_000,
                path: "/usr/lib/systemd/systemd"), at: 0)
        let firstOfUsers = running.count
        while running.count < processes {
            running.append(program(host, firstMoment, running, &random))
        }

        // Of a seed of its own, so that hosts are otherwise the same without packages.
        var other = SplitMix64(state: random.next() &+ 1)
        var installed = InstalledPackages(count: packages, distribution: host % 3, &other)
        for execution in 0..<executions {
            let moment = firstMoment + Int64(execution) * 86_400
            if execution > 0 {
                let count = Int(Double(processes) * changed)
                for _ in 0..<count {
                    let index = Int.random(in: firstOfUsers..<processes, using: &random)
                    running[index] = program(host, moment, running, &random)
                }
            }
            if execution > 0 && Double.random(in: 0..<1, using: &other) < Self.upgraded {
                installed.upgrade(&other)
            }
            let bytes = file(
                host, moment, processors, running,
                packages > 0 ? installed.records(installed: firstMoment) : [], &random)
            let name = "host\(padded(host, 5))_\(padded(execution, 3)).jsonl.gz"
            var file = try NewFile(at: directory.appending(name))
            try file.write(bytes)
            try file.publish()
        }
    }

    /// A process that begins to run, with a PID that no other has.
    private func program(
        _ host: Int, _ moment: Int64, _ running: [Running], _ random: inout SplitMix64
    ) -> Running {
        func freePID(_ range: Range<Int64>) -> Int64 {
            while true {
                let pid = Int64.random(in: range, using: &random)
                if !running.contains(where: { $0.pid == pid }) { return pid }
            }
        }
        let start = moment - Int64.random(in: 0..<86_400, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
            let name = Self.daemons.randomElement(using: &random)!
            return Running(
                pid: freePID(300..<3000), name: name, user: "root", uid: 0,
                start: start, path: "/usr/sbin/\(name)")
        }
        var name = Self.programs.randomElement(using: &random)!
        if names > 0 {
            name += "-\(Int.random(in: 0..<max(1, names / Self.programs.count), using: &random))"
        }
        let user = (host * 7 + Int.random(in: 0..<5, using: &random)) % 2000
        return Running(
            pid: freePID(1000..<4_194_304), name: name, user: "user\(user)",
            uid: Int64(1000 + user), start: start, path: "/usr/bin/\(name)")
    }

    private func file(
        _ host: Int, _ moment: Int64, _ processors: Int, _ running: [Running],
        _ packages: [PackageRecord], _ random: inout SplitMix64
    ) -> [UInt8] {
        var record = HostRecord(hostID: uuid(&random, host))
        record.hostIDSource = "machine-id"
        record.hostname = "host\(padded(host, 5))"
        record.ip = "10.\(host >> 8 & 255).\(host & 255).7"
        record.addresses = [record.ip!]
        record.bootTime = moment - 900_000
        record.kernel = "6.1.0-28-amd64"
        record.arch = "x86_64"
        record.container = "none"
        var os = OSVersionRecord(name: "Debian GNU/Linux")
        os.version = "\(10 + host % 3)"
        os.platform = "debian"
        var cpu = CPUInfoRecord()
        cpu.model = "Intel(R) Xeon(R) Gold 6\(host % 40 + 100) CPU @ 2.10GHz"
        cpu.manufacturer = "GenuineIntel"
        cpu.logicalProcessors = Int64(processors)
        var collection = CollectionRecord()
        collection.euid = 0
        collection.sessionSource = "utmp"
        collection.processesHidden = false
        collection.processesUnreadable = 0
        if !packages.isEmpty { collection.sources = ["package dpkg var/lib/dpkg/status"] }
        let header = SnapshotHeader(
            id: uuid(&random, nil), takenAt: Timestamp(unixSeconds: moment)!, utcOffsetSeconds: 0,
            generator: "census benchmark")
        var encoder = SnapshotEncoder(header, record, os, cpu, collection)
        for process in running.sorted(by: { $0.pid < $1.pid }) {
            var record = ProcessRecord(pid: process.pid, name: RawText(process.name.utf8))
            record.parent = process.path == nil ? 2 : 1
            record.uid = process.uid
            record.user = RawText(process.user.utf8)
            record.startTime = process.start
            record.path = process.path.map { RawText($0.utf8) }
            encoder.add(record)
        }
        for number in 0..<Int.random(in: 0..<3, using: &random) {
            var user = UserRecord(user: RawText("user\((host * 7 + number) % 2000)".utf8))
            user.tty = RawText("pts/\(number)".utf8)
            user.time = moment - 3600
            encoder.add(user)
        }
        for package in packages { encoder.add(package) }
        return encoder.finish()
    }

    /// - Parameter host: of a host, its number; of a snapshot, nil.
    private func uuid(_ random: inout SplitMix64, _ host: Int?) -> String {
        let first = host.map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 } ?? random.next()
        let second = host.map { UInt64($0) &* 0xC2B2_AE3D_27D4_EB4F } ?? random.next()
        let digits = hexadecimal(first) + hexadecimal(second)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
            .map { digits.dropFirst($0.lowerBound).prefix($0.count) }.joined(separator: "-")
    }

    private func hexadecimal(_ number: UInt64) -> String {
        padded(String(number, radix: 16), 16)
    }

    private func padded(_ number: Int, _ digits: Int) -> String { padded(String(number), digits) }

    private func padded(_ text: String, _ digits: Int) -> String {
        String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
