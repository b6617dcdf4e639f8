#if WINDOWS
    import CHost
    import Records
    import Text

    /// The keys of OpenSSH for Windows, where it has them by default (article "OpenSSH Server
    /// configuration for Windows Server and Windows"). What its `sshd_config` says is not asked.
    extension WindowsInventory {
        private static let limit: Int32 = 1 << 20

        /// The keys of administrators, and those in the profiles of others.
        /// - Parameter accounts: all of the computer.
        func authorizedKeys(_ accounts: [AccountRecord]) -> [AuthorizedKeyRecord] {
            guard choice.contains(.authorizedKeys) else { return [] }
            var records: [AuthorizedKeyRecord] = []
            func read(_ path: String, _ username: RawText) {
                guard let bytes = contents("authorized_key openssh", path) else { return }
                var lines = Lines(bytes)
                while lines.advance() {
                    guard let key = SSHKey(line: lines.line) else { continue }
                    var record = AuthorizedKeyRecord(
                        fingerprint: key.fingerprint, username: username, algorithm: key.algorithm)
                    record.options = key.options.isEmpty ? nil : RawText(key.options)
                    record.comment = key.comment.isEmpty ? nil : RawText(key.comment)
                    record.path = RawText(stringLiteral: path)
                    records.append(record)
                }
            }
            read(Self.programData + "\\ssh\\administrators_authorized_keys", "Administrators")
            for profile in profiles() {
                let name =
                    accounts.first { $0.sid == profile.sid }?.username
                    ?? identifierBytes(Array(profile.sid.utf8)).flatMap {
                        WindowsSystem.account($0)
                    }
                read(
                    profile.path.repaired + "\\.ssh\\authorized_keys",
                    name ?? RawText(stringLiteral: profile.sid))
            }
            return records
        }

        /// The public keys beside the host's private ones.
        func hostKeys() -> [SSHHostKeyRecord] {
            guard choice.contains(.sshHostKeys) else { return [] }
            var records: [SSHHostKeyRecord] = []
            let folder = Self.programData + "\\ssh\\"
            let pattern = Array((folder + "ssh_host_*_key.pub").utf8) + [0]
            var error: Int32 = 0
            let files = WindowsSystem.rows(unsafe census_windows_files(pattern, &error), error)
            if files.isAbsent { return [] }
            if files.failure != nil { log.add("ssh_host_key openssh", folder, files.failure) }
            for file in files.items {
                guard let name = file.text(0)?.repaired,
                    let bytes = contents("ssh_host_key openssh", folder + name)
                else { continue }
                var lines = Lines(bytes)
                while lines.advance() {
                    guard let key = SSHKey(line: lines.line) else { continue }
                    records.append(
                        SSHHostKeyRecord(algorithm: key.algorithm, fingerprint: key.fingerprint))
                    break
                }
            }
            return records
        }

        private static var programData: String {
            WindowsSystem.registryText(windowsNT + "\\ProfileList", "ProgramData")
                ?? "C:\\ProgramData"
        }

        /// The bytes of a file, which is a source where it exists.
        private func contents(_ source: String, _ path: String) -> [UInt8]? {
            let file = Self.file(path, limit: Self.limit)
            if file.isAbsent { return nil }
            var failure = file.failure
            if file.bytes.count == Int(Self.limit) { failure = .tooLarge }
            log.add(source, path, failure)
            return file.bytes
        }
    }
#endif
