/// The examiner's information about the case, for the header of a page.
package struct CaseInfo: Sendable {
    /// The name or number of the case, also used in the title.
    package var name: String?
    /// The examiner's name.
    package var examiner: String?
    /// A note of one or more lines.
    package var note: String?

    /// Nil values are omitted from the page.
    package init(name: String? = nil, examiner: String? = nil, note: String? = nil) {
        self.name = name
        self.examiner = examiner
        self.note = note
    }
}
