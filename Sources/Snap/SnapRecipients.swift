import Age
import CHost

extension SnapOptions {
    /// Why the recipients cannot be used, as far as no file is needed to see it.
    var recipientFault: String? {
        do throws(SnapError) { _ = try namedRecipients() } catch {
            if case .usage(let fault) = error { return fault }
        }
        for path in recipientsFiles where path.isEmpty { return "--recipients-file is empty." }
        return nil
    }

    /// All whom the file is encrypted for, those of the files included; none for a file in the clear.
    func allRecipients() throws(SnapError) -> [AgeRecipient] {
        var all = try namedRecipients()
        for path in recipientsFiles {
            let file = try Self.contents(of: path)
            do throws(AgeError) { all += try AgeRecipient.parse(file: file) } catch {
                throw .usage("--recipients-file \(path): \(error.reason).")
            }
        }
        return all
    }

    private func namedRecipients() throws(SnapError) -> [AgeRecipient] {
        var named: [AgeRecipient] = []
        for text in recipients {
            do throws(AgeError) { named.append(try AgeRecipient(text)) } catch {
                // Not the text, which may be a secret key.
                throw .usage("--recipient: \(error.reason).")
            }
        }
        return named
    }

    /// The longest file of recipients that is read, in bytes.
    private static let longestFile = 1 << 20

    private static func contents(of path: String) throws(SnapError) -> [UInt8] {
        let name = path == "-" ? "standard input" : path
        let file = try checkedCall("open", name, unsafe census_open_input(nulTerminated(path)))
        defer { census_close(file) }
        var contents: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 12)
        while contents.count <= longestFile {
            let count = unsafe census_read(file, &part, Int64(part.count))
            if count < 0 {
                throw .file(operation: "read", path: name, code: Int32(truncatingIfNeeded: -count))
            }
            if count == 0 { return contents }
            contents += part[..<Int(count)]
        }
        throw .file(operation: "read", path: name, code: census_file_too_large())
    }
}
