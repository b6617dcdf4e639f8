import Foundation
import SystemPackage
import TestSupport
import Testing

/// A snapshot is whole or absent, whatever happens to the medium.
@Suite struct SnapFaultTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        // A host whose snapshot is some 40 KB: ten pages.
        try directory.write(Array("web-01\n".utf8), to: "tree/etc/hostname")
        var generator = SplitMix64(state: 1)
        for pid in 1...1200 {
            let name = String(UInt64.random(in: .min ... .max, using: &generator), radix: 36)
            try directory.write(
                Array("\(pid) (\(name)) S 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 \(pid) 0".utf8),
                to: "tree/proc/\(pid)/stat")
        }
    }

    private func bash(_ script: String) throws -> RunResult {
        try run(
            "bash", ["-c", script], in: directory.path, environment: ["census": TestSupport.census])
    }

    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func aFullMedium() throws {
        let result = try bash(
            """
            \(ownMounts) bash -c '
            mkdir usb
            for pages in $(seq 1 16); do
                mount -t tmpfs -o size=$((pages * 4))k none usb
                echo "old" > usb/old
                "$census" snap --root tree -o usb/web-01_x >path 2>error; status=$?
                cat error >&2
                if [ $status = 0 ]; then
                    "$census" verify "$(cat path)" >/dev/null 2>&1 && echo whole
                else
                    echo "$status: $(ls usb) $(cat usb/old)"
                fi
                umount usb
            done'
            """)
        let outcomes = result.output.split(separator: "\n")
        #expect(outcomes.count == 16)
        // Nothing is left of what did not find room.
        let failures = outcomes.prefix { $0 != "whole" }
        #expect(failures.allSatisfy { $0 == "1: old old" } && (2...14).contains(failures.count))
        #expect(outcomes.dropFirst(failures.count).allSatisfy { $0 == "whole" })
        let errors = result.error.split(separator: "\n").filter { $0.hasPrefix("census: ") }
        #expect(errors.count == failures.count)
        #expect(
            errors.allSatisfy {
                $0.contains(
                    /^census: cannot (write|flush) usb\/web-01_.*: No space left on device$/)
            })
    }

    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func aMediumWithoutRoomForANameOrReadOnly() throws {
        let result = try bash(
            """
            \(ownMounts) bash -c '
            mkdir usb
            mount -t tmpfs -o nr_inodes=1 none usb
            "$census" snap --root tree -d usb; echo $? $(ls usb)
            mount --bind tree usb && mount -o remount,bind,ro usb
            "$census" snap --root tree -o usb/x; echo $? $(ls usb)'
            """)
        #expect(result.output == "1\n1 etc proc\n")
        #expect(
            result.error.contains(
                /^census: cannot create usb\/web-01_.*: No space left on device\n/))
        #expect(result.error.hasSuffix("census: cannot create usb/x: Read-only file system\n"))
    }

    @Test func aDirectoryThatVanishes() throws {
        let gone = try bash(
            #"tree=$PWD/tree; mkdir usb; cd usb; rmdir ../usb; "$census" snap --root "$tree""#)
        #expect(gone.status == 1 && gone.output == "")
        #expect(
            gone.error.contains(/^census: cannot create .\/web-01_.*: No such file or directory\n$/)
        )
        // While it writes: there is a whole file, or none and an error, or a file without its line of
        // the custody log and an error.
        let racing = try bash(
            """
            for round in $(seq 30); do
                mkdir -p usb
                (sleep 0.0$((round % 10)); rm -rf usb) & remover=$!
                "$census" snap --root tree -d usb >path 2>error
                echo "$? $(wc -l <path) $(grep -c "^census: cannot" error)"
                [ ! -s path ] || [ ! -e "$(cat path)" ] || "$census" verify "$(cat path)" >/dev/null \
                    2>&1 || [ ! -e "$(cat path)" ] || echo "not whole"
                wait $remover
            done
            """)
        let outcomes = Set(racing.output.split(separator: "\n"))
        #expect(outcomes.isSubset(of: ["0 1 0", "1 0 1", "1 1 1"]))
    }
}
