import CHost
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files
@testable import Host

/// A tree whose root is a temporary directory; beside it lies what must not be reached.
@Suite struct HostTreeTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("outside".utf8, to: "outside")
        try directory.write("inside".utf8, to: "root/etc/os-release")
        try directory.write("deep".utf8, to: "root/usr/lib/deep/file")
    }

    private func at(_ path: String) -> String {
        directory.path.appending("root").appending(path).string
    }

    private var root: FilePath { directory.path.appending("root") }

    private func contents(_ path: String) throws -> String? {
        try HostTree(root: root.string).contents(path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func exists(_ path: String) throws -> Bool {
        try HostTree(root: root.string).exists(path)
    }

    @Test(arguments: [
        ("etc/os-release", "inside"), ("./etc/./os-release", "inside"),
        ("etc//os-release", "inside"), ("usr/lib/../../etc/os-release", "inside"),
        ("../etc/os-release", "inside"), ("../../../../etc/os-release", "inside"),
        ("etc/missing", nil), ("missing/os-release", nil), ("missing/../etc/os-release", nil),
        ("../outside", nil), ("etc/../../outside", nil), ("etc/os-release/x", nil),
        ("etc", nil), ("usr/lib", nil), ("", nil), (".", nil), ("..", nil),
    ])
    func givesContents(_ path: String, _ expected: String?) throws {
        #expect(try contents(path) == expected)
    }

    /// A link at `etc/link`, what is asked for, and what is found.
    static let links: [(target: String, path: String, expected: String?)] = [
        ("os-release", "etc/link", "inside"), ("./os-release", "etc/link", "inside"),
        ("../etc/os-release", "etc/link", "inside"), ("/etc/os-release", "etc/link", "inside"),
        ("//etc//os-release", "etc/link", "inside"),
        ("/../../etc/os-release", "etc/link", "inside"),
        ("../../../../etc/os-release", "etc/link", "inside"),
        ("/usr/lib", "etc/link/deep/file", "deep"), ("../usr/lib/deep", "etc/link/file", "deep"),
        // `..` behind a link is the parent of where the link leads.
        ("/usr/lib/deep", "etc/link/../deep/file", "deep"),
        ("/", "etc/link/etc/os-release", "inside"),
        ("/usr/lib", "etc/link/../../etc/os-release", "inside"),
        ("/usr/lib", "etc/link/../os-release", nil),
        // Out of the tree there is no way.
        ("../../outside", "etc/link", nil), ("/../outside", "etc/link", nil),
        ("..", "etc/link/../outside", nil), ("/etc/passwd", "etc/link", nil),
        ("/proc/self/root/etc/passwd", "etc/link", nil), ("/missing", "etc/link", nil),
        ("/usr/lib", "etc/link", nil), ("/", "etc/link", nil), ("..", "etc/link", nil),
        // Loops end.
        ("link", "etc/link", nil), ("/etc/link", "etc/link", nil), ("link/x", "etc/link", nil),
        (".", "etc/link/link/link/os-release", "inside"),
    ]

    @Test(arguments: links)
    func followsLinksInTheTree(_ row: (target: String, path: String, expected: String?)) throws {
        #expect(symlink(row.target, at("etc/link")) == 0)
        #expect(try contents(row.path) == row.expected)
        if row.expected != nil { #expect(try exists(row.path)) }
    }

    /// One call opens what no link leads to, on kernels that know it; a link anywhere on the way is for the
    /// walk step by step, and so is all else but a name that is not there.
    @Test func opensAtOnceWithoutLinks() throws {
        #expect(symlink("os-release", at("etc/link")) == 0)
        #expect(symlink("etc", at("link")) == 0)
        let directory = census_open_root(Array(root.string.utf8) + [0])
        defer { census_close(directory) }
        func opened(_ path: String, _ purpose: Int32) -> Int32 {
            let result = census_open_at_once(directory, Array(path.utf8) + [0], purpose)
            if result >= 0 { census_close(result) }
            return min(result, 0)
        }
        let isKnown = opened("etc/os-release", census_for_reading) == 0
        try #require(isKnown || opened("etc/os-release", census_for_reading) == -ENOSYS)
        if !isKnown { return }
        #expect(opened("etc", census_for_listing) == 0)
        #expect(opened("usr/lib", census_as_directory) == 0)
        #expect(opened("etc/link", census_for_reading) == -ELOOP)
        #expect(opened("link/os-release", census_for_reading) == -ELOOP)
        #expect(opened("link/missing", census_for_reading) == -ELOOP)
        #expect(opened("missing/x", census_for_reading) == -ENOENT)
        #expect(opened("etc/os-release/x", census_for_reading) == -ENOTDIR)
    }

    /// A file that is longer than what is read of it first.
    @Test func readsLongRecords() throws {
        for count in [0, 1, 4095, 4096, 4097, 9000] {
            let text = [UInt8](repeating: 0x61, count: count)
            try directory.write(text, to: "root/record")
            #expect(try HostTree(root: root.string).open("record").record() == text)
        }
    }

    /// An absolute link to where the outside really is.
    @Test func doesNotFollowALinkOut() throws {
        #expect(symlink(directory.path.appending("outside").string, at("etc/link")) == 0)
        #expect(try contents("etc/link") == nil)
        #expect(try !exists("etc/link"))
        #expect(symlink(directory.path.string, at("out")) == 0)
        #expect(try contents("out/outside") == nil)
    }

    @Test(arguments: ["missing", "etc/missing", "usr/lib/deep/missing"])
    func namesTheFileInItsErrors(_ path: String) throws {
        do throws(HostError) {
            _ = try HostTree(root: root.string).open(path)
            Issue.record("\(path) was opened")
        } catch {
            #expect(String(decoding: error.path, as: UTF8.self) == path)
        }
    }

    @Test func givesAnErrorForALoop() throws {
        #expect(symlink("b", at("a")) == 0)
        #expect(symlink("/a", at("b")) == 0)
        for path in ["a", "a/x"] {
            do throws(HostError) {
                _ = try HostTree(root: root.string).open(path)
                Issue.record("a loop was opened")
            } catch {
                #expect(error.code == ELOOP)
            }
            #expect(try !exists(path))
        }
    }

    /// path_resolution(7): 40 links are followed, as the kernel itself does.
    @Test func followsFortyLinks() throws {
        #expect(symlink("etc/os-release", at("1")) == 0)
        for number in 2...41 { #expect(symlink("\(number - 1)", at("\(number)")) == 0) }
        for number in [39, 40, 41] {
            let isOpenedByKernel = access(at("\(number)"), R_OK) == 0
            #expect(isOpenedByKernel == (number <= 40))
            #expect(try (contents("\(number)") != nil) == isOpenedByKernel, "\(number) links")
        }
    }

    /// Neither waits for a writer, nor is anything but a regular file taken for one.
    @Test func givesNoContentsOfOtherKinds() throws {
        #expect(mkfifo(at("fifo"), 0o600) == 0)
        #expect(symlink("fifo", at("link")) == 0)
        #expect(try contents("fifo") == nil)
        #expect(try contents("link") == nil)
        #expect(mknod(at("socket"), S_IFSOCK | 0o600, 0) == 0)
        #expect(try contents("socket") == nil)
    }

    @Test func givesNoContentsThatItMayNotRead() throws {
        #expect(chmod(at("etc/os-release"), 0) == 0)
        #expect(chmod(at("usr/lib"), 0) == 0)
        defer { chmod(at("usr/lib"), 0o755) }
        let contents = try boundByPermissions {
            try ["etc/os-release", "usr/lib/deep/file"].map {
                try HostTree(root: root.string).contents($0)
            }
        }
        #expect(contents == [nil, nil])
    }

    @Test func followsLinksThatAreNotUTF8() throws {
        let name: [CChar] = [CChar(bitPattern: 0xFF), 0]
        let root = at("").utf8.map { CChar(bitPattern: $0) } + [0x2F]
        #expect(symlink("etc/os-release", root + name) == 0)
        #expect(symlink(name, at("link")) == 0)
        #expect(try contents("link") == "inside")
    }

    @Test func opensDirectories() throws {
        #expect(symlink("/usr/lib", at("lib")) == 0)
        let tree = try HostTree(root: root.string)
        for path in ["usr/lib", "lib", "lib/deep/..", "etc/../../../lib"] {
            let entries = try tree.directory(path).entries()
            #expect(entries.map(\.name) == ["deep"], "\(path)")
        }
        for (path, errno) in [("etc/os-release", ENOTDIR), ("missing", ENOENT)] {
            do throws(HostError) {
                _ = try tree.directory(path)
                Issue.record("\(path) was opened")
            } catch {
                #expect(error.code == errno)
            }
        }
        let (isLive, isRootLive) = (tree.isLive, try HostTree(root: "/").isLive)
        #expect(!isLive && isRootLive)
    }

    /// `mem` is a regular file, of which the kernel cannot read the first byte: EIO.
    @Test func namesWhatTheMediumDoesNotGive() throws {
        let tree = try HostTree(root: "/proc/self")
        for _ in 1...2 { #expect(tree.contents("mem") == nil) }
        #expect(tree.beginning(of: "mem", count: 10) == nil)
        #expect(tree.contents("comm") != nil)
        #expect(tree.unreadable == ["mem: Input/output error"])
    }

    /// What is not there, or is of another kind, is no failure.
    @Test func doesNotNameWhatIsNotThere() throws {
        #expect(symlink("/missing", at("dangling")) == 0)
        #expect(mkfifo(at("fifo"), 0o600) == 0)
        #expect(mknod(at("socket"), S_IFSOCK | 0o600, 0) == 0)
        let tree = try HostTree(root: root.string)
        for path in [
            "missing", "etc/os-release/x", "dangling", "fifo", "socket", "etc",
            String(repeating: "long", count: 100),
        ] {
            #expect(tree.contents(path) == nil)
            #expect(tree.link("\(path)/x") == nil)
            _ = (tree.exists(path), tree.isReadableByAll(path))
        }
        #expect(tree.entries("missing") == nil && tree.entries("etc/os-release") == nil)
        #expect(tree.unreadable == [])
    }

    @Test func namesALoopOfLinks() throws {
        #expect(symlink("loop", at("loop")) == 0)
        let tree = try HostTree(root: root.string)
        #expect(tree.contents("loop") == nil)
        #expect(tree.unreadable == ["loop: Too many levels of symbolic links"])
    }

    @Test func namesAFileThatIsTooLarge() throws {
        try directory.write([UInt8](repeating: 0, count: 17 << 20), to: "root/etc/passwd")
        let tree = try HostTree(root: root.string)
        #expect(tree.contents("etc/passwd") == nil)
        #expect(tree.unreadable == ["etc/passwd: File too large"])
    }

    /// A refusal says little to a user, and much to root, as on a network's disk.
    @Test func namesNoRefusalToAUser() throws {
        #expect(chmod(at("etc/os-release"), 0) == 0)
        let unreadable = try boundByPermissions {
            let tree = try HostTree(root: root.string)
            _ = tree.contents("etc/os-release")
            return tree.unreadable
        }
        // The thread is root still, but for files.
        #expect(unreadable == (geteuid() == 0 ? ["etc/os-release: Permission denied"] : []))
    }

    @Test func namesSoManyAndNoMore() throws {
        let tree = try HostTree(root: root.string)
        for number in 1...70 { tree.note(HostError(Array("\(number)".utf8), EIO)) }
        #expect(tree.unreadable.count == 65)
        #expect(tree.unreadable.first == "1: Input/output error")
        #expect(tree.unreadable.last == "6 more")
    }

    @Test func givesLinksAsTheyAre() throws {
        #expect(symlink("../usr/lib", at("etc/lib")) == 0)
        #expect(symlink("/missing", at("etc/dangling")) == 0)
        let tree = try HostTree(root: root.string)
        func link(_ path: String) -> String? {
            tree.link(path).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(link("etc/lib") == "../usr/lib")
        #expect(link("etc/lib/../../etc/dangling") == "/missing")
        #expect(link("etc/os-release") == nil && link("etc/missing") == nil)
        #expect(link("etc/lib/deep") == nil && link("") == nil)
        let target: [UInt8] = [0x2F, 0xFF, 0x20, 0x28, 0x64, 0x29]
        #expect(symlink(target.map { CChar(bitPattern: $0) } + [0], at("etc/other")) == 0)
        #expect(tree.link("etc/other") == target)
    }

    @Test func tellsWhatEveryoneMayRead() throws {
        #expect(chmod(at("etc/os-release"), 0o644) == 0)
        #expect(chmod(at("usr/lib/deep/file"), 0o440) == 0)
        let tree = try HostTree(root: root.string)
        let answers = ["etc/os-release", "usr/lib/deep/file", "etc", "missing"].map {
            tree.isReadableByAll($0)
        }
        #expect(answers == [true, false, false, false])
    }
}
