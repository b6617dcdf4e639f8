/// What systemd-detect-virt(1) would call the container that the tree is the root of.
/// - Returns: `none` outside of a container, nil if it cannot be determined.
func container(_ tree: borrowing HostTree, _ processes: ProcessTable?) -> String? {
    // Where the kernel's own threads are in view the tree is the machine's. What says otherwise is
    // left over: from an image that a machine was made of, or from a container's files copied.
    if let processes, !processes.areSomeHidden { return "none" }
    for path in ["run/systemd/container", "run/host/container-manager"] {
        if let name = fileText(tree, path) { return name }
    }
    if tree.exists(".dockerenv") { return "docker" }
    if tree.exists("run/.containerenv") { return "podman" }
    return nil
}
