/// The help of a command, as the parser makes it.
enum HelpText {
    /// The help with the options of the command before those that have a title of their own. The parser
    /// puts them behind these.
    static func ordered(_ help: String) -> String {
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        guard let usage = lines.firstIndex(where: { $0.hasPrefix("USAGE: ") }) else { return help }
        // The usage itself, the arguments, those with a title, and the options.
        var sections = lines[usage...].split(separator: "")
        guard let options = sections.firstIndex(where: { $0.first == "OPTIONS:" }) else {
            return help
        }
        let place = sections.firstIndex { $0.first == "ARGUMENTS:" } ?? 0
        sections.insert(sections.remove(at: options), at: place + 1)
        return
            (lines[..<usage].map { $0 + "\n" }
            + [sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")]).joined()
    }
}
