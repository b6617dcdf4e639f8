import CXLSXWriter
import Files
package import Output
import Text

extension WorkbookFormat {
    /// Office Open XML (ECMA-376), as spreadsheets open it.
    package static let xlsx = WorkbookFormat(
        name: "xlsx", fileExtension: "xlsx", make: { try XLSXWorkbook() },
        recognizes: { file throws(FileError) in try isUnchangedWorkbook(file) })

    /// `libxlsxwriter 1.1.4`.
    package static let library = "libxlsxwriter \(String(cString: lxw_version()))"
}

extension XLSXWorkbook {
    /// 1980-01-01, as in the directory of the archive: the same database gives the same bytes.
    private static let created = 315_532_800

    /// The properties that identify a workbook of census. Other programs change those of the last
    /// change where they save it.
    static func setProperties(of workbook: UnsafeMutablePointer<lxw_workbook>) {
        let author = strdup("census")
        defer { free(author) }
        var properties = lxw_doc_properties()
        properties.author = author
        properties.created = created
        workbook_set_properties(workbook, &properties)
    }

    static let propertiesEntry = "docProps/core.xml"
    static let marks = [
        "<dc:creator>census</dc:creator>", "<cp:lastModifiedBy>census</cp:lastModifiedBy>",
        #"<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified>"#,
    ]
}

/// Whether a file is a workbook of census as it was written.
private func isUnchangedWorkbook(_ file: borrowing OpenFile) throws(FileError) -> Bool {
    let entries = try zipEntries(of: file)
    guard let entry = entries.first(where: { $0.name == XLSXWorkbook.propertiesEntry }),
        entry.size < 1 << 16
    else { return false }
    var properties: [UInt8] = []
    guard try entry.inflate(from: file, { properties += $0 }) else { return false }
    let text = String(decoding: properties, as: UTF8.self)
    return XLSXWorkbook.marks.allSatisfy { text.contains($0) }
}
