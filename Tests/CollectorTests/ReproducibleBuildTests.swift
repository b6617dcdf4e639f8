import Foundation
import SystemPackage
import TestSupport
import Testing

/// The same commit gives the same bytes, in whichever directory, with whichever umask and time.
/// `make test-collectors` runs these, since each builds a collector.
@Suite struct ReproducibleBuildTests {
    @Test(arguments: ["linux-x86_64", "windows-x86_64.exe"])
    func aSecondBuildIsTheSame(collector: String) throws {
        let directory = try TemporaryDirectory()
        let project = fixtures.removingLastComponent()
        let result = try run(
            "bash",
            [
                "-c",
                #"""
                set -e
                collector=dist/collectors/$2
                mkdir 'another place' bin tmp
                cd 'another place'
                cp --recursive --preserve=timestamps "$1/Makefile" "$1/Sources" .
                mkdir .build-collectors
                ln -s "$1/.build-collectors/root" .build-collectors/
                # The commit that the collector was built from: no source may have changed since.
                printf '#!/bin/sh\necho "%s"\n' "$3" >../bin/git
                chmod 755 ../bin/git
                umask 077
                unset MAKEFLAGS MAKELEVEL
                export PATH=$PWD/../bin:$PATH TMPDIR=$PWD/../tmp TZ=Asia/Tokyo HOME=/nowhere
                make --silent --old-file=.build-collectors/root "$collector"
                cmp "$1/$collector" "$collector"
                """#, "-", project.string, collector, try commit(of: collector),
            ], in: directory.path)
        #expect((result.status, result.error) == (0, ""), "\(result.output)")
    }

    /// The commit that a collector was built from.
    private func commit(of collector: String) throws -> String {
        let program = fixtures.removingLastComponent().appending("dist/collectors")
            .appending(collector)
        let version =
            collector.hasSuffix(".exe")
            ? try Wine.run([program.string, "--version"], in: program.removingLastComponent())
            : try run(program.string, ["--version"])
        return String(try #require(version.output.firstMatch(of: /\((.+)\)/)).1)
    }
}
