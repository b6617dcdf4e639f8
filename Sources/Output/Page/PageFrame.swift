import Crypto
import FoundationEssentials
import Text

/// What all pages have around their sections: the policy, the style sheet, the script, the links to the
/// sections, and the place for a signature.
struct PageFrame {
    /// The title of the page; it is printed on each sheet.
    let title: String
    /// The program and its version.
    let generator: String
    /// The name of who signs; nil if it is written by hand.
    var examiner: String?

    private static let style = Markup(trusted: PackageResources.page_css)
    private static let script = Markup(trusted: PackageResources.page_js)

    /// The rules of printed sheets that depend on the page.
    private var sheetStyle: Markup {
        let rules = """
            @page {
              @bottom-left { content: "\(Self.escapedForStyle(title))"; }
              @bottom-right { content: "Page " counter(page) " of " counter(pages); }
            }

            """
        return Markup(trusted: Array(rules.utf8))
    }

    /// The Content-Security-Policy source of an inline style or script.
    private static func source(_ markup: Markup) -> String {
        "'sha256-\(Data(SHA256.hash(data: markup.utf8)).base64EncodedString())'"
    }

    /// A text inside a string of CSS: all but letters, digits and spaces of ASCII as escapes.
    static func escapedForStyle(_ text: String) -> String {
        var escaped = ""
        for scalar in visible(text).unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ": escaped.unicodeScalars.append(scalar)
            default: escaped += "\\\(hexadecimal(scalar.value, digits: 6)) "  // the space ends it
            }
        }
        return escaped
    }

    /// - Parameter sections: their names and their titles in links.
    func beginning(_ sections: [(name: String, title: String)]) -> Markup {
        let policy =
            "default-src 'none'; style-src \(Self.source(Self.style)) \(Self.source(sheetStyle)); "
            + "script-src \(Self.source(Self.script)); base-uri 'none'; form-action 'none'"
        var markup: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="generator" content="\(generator)">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            <style>\(sheetStyle)</style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            <nav aria-label="Sections"><ul>
            """
        for (name, title) in sections { markup += "<li><a href=\"#\(name)\">\(title)</a></li>" }
        return markup + """
            </ul></nav>
            </header>
            <input type="checkbox" id="whole"><label for="whole" class="whole">Print all rows that \
            are shown, not only the first \(PageTable.printedRows) of each table</label>
            <main>

            """
    }

    /// - Parameter digest: what is signed for, in a sentence.
    func ending(signingFor digest: Markup) -> Markup {
        """
        </main>
        <footer>
        <div class="signature">
        <p>\(digest)</p>
        <dl><div><dt>Name</dt><dd>\(examiner ?? "")</dd></div><div><dt>Date</dt><dd></dd></div>\
        <div><dt>Place</dt><dd></dd></div><div><dt>Signature</dt><dd></dd></div></dl>
        </div>
        <p>Made by \(generator). Times are UTC. \(unknownSign) is unknown.</p>
        </footer>
        <script>\(Self.script)</script>
        </body>
        </html>

        """
    }
}
