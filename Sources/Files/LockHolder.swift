import Glibc
package import SystemPackage

/// Another process that has locked a file, so that others have to wait.
package struct LockHolder: Sendable, Equatable {
    /// Its id.
    package let process: Int
    /// Its name, /proc/PID/comm in proc(5); nil if it cannot be read.
    package let name: String?

    /// The process that has locked the file, or a part of it, for writing; nil if there is none, or
    /// none that this machine knows of.
    ///
    /// The kernel's list is read, and not the file: the end of reading it would end the locks that
    /// this process has on it, fcntl(2).
    package init?(of path: FilePath) {
        guard let file = Self.identity(path),
            let list = Self.text(of: "/proc/locks")
        else { return nil }
        self.init(of: file, in: list, except: Int(getpid()))
        if kill(pid_t(process), 0) != 0 && errno == ESRCH { return nil }
    }

    /// The same from the content of /proc/locks, proc(5): `1: POSIX  ADVISORY  WRITE 812
    /// 08:01:131 0 EOF`. A line with `->` is of a process that waits.
    init?(of file: (major: UInt32, minor: UInt32, number: UInt64), in list: String, except own: Int)
    {
        for line in list.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 6, words[3] == "WRITE", let process = Int(words[4]),
                process != own,
                process > 0
            else { continue }
            let place = words[5].split(separator: ":")
            guard place.count == 3, UInt32(place[0], radix: 16) == file.major,
                UInt32(place[1], radix: 16) == file.minor, UInt64(place[2]) == file.number
            else { continue }
            self.process = process
            name = Self.text(of: FilePath("/proc/\(process)/comm")).map { text in
                String(text.prefix { $0 != "\n" })
            }
            return
        }
        return nil
    }

    /// The device, as makedev(3) divides its number, and the number of the file.
    private static func identity(
        _ path: FilePath
    ) -> (major: UInt32, minor: UInt32, number: UInt64)? {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
        let device = UInt64(status.st_dev)
        return (
            UInt32(device >> 8 & 0xFFF | device >> 32 & 0xFFFF_F000),
            UInt32(device & 0xFF | device >> 12 & 0xFFFF_FF00), UInt64(status.st_ino)
        )
    }

    /// What a file of /proc has; nil if it cannot be read.
    private static func text(of path: FilePath) -> String? {
        do throws(FileError) {
            return String(decoding: try OpenFile(reading: path).contents(), as: UTF8.self)
        } catch {
            return nil
        }
    }
}
