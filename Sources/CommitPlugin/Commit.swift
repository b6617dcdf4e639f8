import PackagePlugin

/// Tells the program which commit it is built from: `let commit = "1f0c2d3e"`.
///
/// At each build, and so not in the manifest, which is kept as long as its text is the same. The
/// file is written only if it changes.
@main struct Commit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
        let directory = context.pluginWorkDirectoryURL
        // A repository further up is another project's.
        let script = #"""
            export GIT_CEILING_DIRECTORIES="${1%/*}"
            commit=$(git -C "$1" describe --always --dirty --tags --abbrev=8 2>/dev/null) \
                || commit=unknown
            line="let commit = \"$commit\""
            [ "$(cat "$2" 2>/dev/null)" = "$line" ] || echo "$line" >"$2"
            """#
        return [
            .prebuildCommand(
                displayName: "Asking git for the commit", executable: .init(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.path,
                    directory.appending(path: "Commit.swift").path,
                ], outputFilesDirectory: directory)
        ]
    }
}
