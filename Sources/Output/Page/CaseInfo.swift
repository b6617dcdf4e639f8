/// What an examiner says of the case, for the head of a page.
package struct CaseInfo: Sendable {
    /// The case's name or number, for the title too.
    package var name: String?
    /// Who examines the evidence.
    package var examiner: String?
    /// Anything more, in any number of lines.
    package var note: String?

    /// Nil is what is not said.
    package init(name: String? = nil, examiner: String? = nil, note: String? = nil) {
        self.name = name
        self.examiner = examiner
        self.note = note
    }
}
