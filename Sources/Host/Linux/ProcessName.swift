import Text

/// The name of a process, in full.
///
/// The kernel keeps 15 bytes of it. Where that many are there, the rest is looked for in what the
/// process was started as: its first argument, its executable, and the script that it interprets
/// (the kernel names such a process after the script, and puts the interpreter and its options in
/// front). A process can write what it wants into its arguments, but not contradict the kernel, nor
/// be longer than a file's name.
/// - Parameters:
///   - commandLine: /proc/PID/cmdline, or its beginning.
///   - executable: where the link /proc/PID/exe leads, if that is known.
func fullName(_ name: [UInt8], commandLine: [UInt8], executable: [UInt8]? = nil) -> RawText {
    guard name.count >= 15 else { return RawText(name) }
    let end = commandLine.firstIndex(of: 0) ?? commandLine.endIndex
    let first = commandLine[..<end]
    var arguments = commandLine.split(separator: 0, omittingEmptySubsequences: false)
    // A process that has written a title of its own has one argument, with spaces in it.
    let isTitle = commandLine[end...].allSatisfy { $0 == 0 }
    if isTitle { arguments = first.split(separator: UInt8(ascii: " ")) }

    var candidates = Array(arguments.prefix(1))
    if let executable { candidates.append(withoutMark(executable)) }
    candidates += operands(arguments)
    candidates.append(first)  // whose name may have spaces in it
    for candidate in candidates {
        if let whole = completed(name, by: candidate) { return RawText(whole) }
    }
    return RawText(name)
}

/// The base name of `path`, if it begins with `name`. `-` in front of it is a login shell's, a colon
/// behind it is between a title and what the process is doing.
private func completed(_ name: [UInt8], by path: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var baseName = path.split(separator: UInt8(ascii: "/")).last ?? []
    if baseName.first == UInt8(ascii: "-"), name.first != UInt8(ascii: "-") {
        baseName = baseName.dropFirst()
    }
    guard baseName.starts(with: name), baseName.count <= 255 else { return nil }
    if baseName.last == UInt8(ascii: ":"), baseName.count > name.count {
        baseName = baseName.dropLast()
    }
    return baseName
}

/// The arguments that may be the script: the first that is no option, and before it those that may
/// be an option's value, as in `python3 -W ignore /usr/bin/x`.
private func operands(_ arguments: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    var operands: [ArraySlice<UInt8>] = []
    var isBehindOption = false
    for argument in arguments.dropFirst().prefix(32) {
        if argument.first == UInt8(ascii: "-") {
            isBehindOption = true
            continue
        }
        operands.append(argument)
        if !isBehindOption { break }
        isBehindOption = false
    }
    return operands
}

/// The kernel writes ` (deleted)` behind the path of a file that no longer exists.
private func withoutMark(_ executable: [UInt8]) -> ArraySlice<UInt8> {
    let mark = " (deleted)".utf8
    return executable.suffix(mark.count).elementsEqual(mark)
        ? executable.dropLast(mark.count) : executable[...]
}
