import Crypto
import Foundation

/// The text of a snapshot, written out by hand and not by census's own encoder.
public struct SnapshotText: Sendable {
    /// All lines but the last, without their line feeds.
    public var lines: [String]
    /// The last line; nil for the right one.
    public var end: String?

    public static let id = "11111111-2222-4333-8444-555555555555"

    public init(
        id: String = SnapshotText.id, takenAt: String = "2026-11-23T05:13:11Z",
        hostID: String = "host-1", hostname: String = "web-01", ip: String = "192.0.2.10",
        processes: [String] = [#"{"record":"process","pid":1,"name":"systemd"}"#],
        users: [String] = []
    ) {
        lines =
            [
                #"{"record":"snapshot","format":1,"id":"\#(id)","taken_at":"\#(takenAt)"}"#,
                #"{"record":"host","host_id":"\#(hostID)","hostname":"\#(hostname)","ip":"\#(ip)"}"#,
                #"{"record":"os_version","name":"Debian GNU/Linux","version":"12"}"#,
                #"{"record":"cpu_info","model":"Intel(R) N100"}"#,
            ] + processes + users
    }

    /// SHA-256 of the lines, as `end` has it.
    public var sha256: String {
        SHA256.hash(data: Data(body.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    public var text: String {
        func count(_ record: String) -> Int {
            lines.count { $0.contains("\"record\":\"\(record)\"") }
        }
        let right =
            #"{"record":"end","processes":\#(count("process")),"users":\#(count("user")),"#
            + #""sha256":"\#(sha256)"}"#
        return body + (end ?? right) + "\n"
    }

    public var bytes: [UInt8] { Array(text.utf8) }

    private var body: String { lines.map { $0 + "\n" }.joined() }
}

/// The bytes as the system's own `gzip` compresses them.
public func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try directory.write(bytes, to: "text")
    let result = try run("gzip", ["-c", "text"], in: directory.path)
    guard result.status == 0 else { throw CocoaError(.executableLoad) }
    return result.outputBytes
}

/// A `process` record.
public func process(_ pid: Int, _ name: String, _ more: String = "") -> String {
    #"{"record":"process","pid":\#(pid),"name":"\#(name)"\#(more)}"#
}

/// A `user` record.
public func login(_ user: String) -> String { #"{"record":"user","user":"\#(user)"}"# }

/// A `package` record.
public func package(_ name: String, _ version: String, _ more: String = "") -> String {
    #"{"record":"package","type":"deb","name":"\#(name)","version":"\#(version)"\#(more)}"#
}

/// A UUID that ends in this number.
public func uuid(_ number: Int) -> String {
    let digits = String(number)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
}
