import TestSupport
import Testing

/// What a page looks like: contrast, narrow windows, and for who does not see it.
@Suite struct PageScreenTests {
    private let desk: PageDesk

    init() throws {
        desk = try PageDesk()
        try desk.makePage()
    }

    /// The contrast of each kind of text, line and area with what is behind it (WCAG 2.2, 1.4.3 and
    /// 1.4.11), of those that are too low.
    private static let contrast = """
        (() => {
          const rgb = text => text.match(/[\\d.]+/g).map(Number);
          const luminance = colour => rgb(colour).slice(0, 3).map(c => c / 255)
            .map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const colour = getComputedStyle(e).backgroundColor;
              if (rgb(colour)[3] !== 0) return colour;
            }
            return "rgb(255, 255, 255)";
          };
          const ratio = (a, b) => {
            const [x, y] = [luminance(a), luminance(b)].sort((a, b) => b - a);
            return (x + .05) / (y + .05);
          };
          const low = new Set();
          const need = (element, colour, least) => {
            const found = ratio(colour, behind(element));
            if (found < least) low.add(`${element.tagName} ${element.getAttribute("class")} ${found.toFixed(2)}`);
          };
          // Classes of colours, also of those that this fleet does not need.
          const svg = document.querySelector("svg");
          for (const name of ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "inner"]) {
            const bar = document.createElementNS("http://www.w3.org/2000/svg", "path");
            bar.setAttribute("class", name + " bar");
            svg.append(bar);
          }
          const outer = document.createElementNS("http://www.w3.org/2000/svg", "path");
          outer.setAttribute("class", "outer");
          svg.append(outer);
          let count = 0;
          for (const e of document.querySelectorAll("svg .line, svg path.outer")) { need(e, getComputedStyle(e).stroke, 3); count += 1; }
          for (const e of document.querySelectorAll("svg .bar, svg .dot")) { need(e, getComputedStyle(e).fill, 3); count += 1; }
          for (const e of document.querySelectorAll("svg text")) { need(e, getComputedStyle(e).fill, 4.5); count += 1; }
          for (const e of document.querySelectorAll("main *, header *, footer *")) {
            if (e.closest("svg") || !Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim())) continue;
            need(e, getComputedStyle(e).color, 4.5);
            count += 1;
          }
          return [...low, count > 500 ? "checked" : "too little was checked"];
        })()
        """

    @Test func contrastSuffices() throws {
        let visit = try desk.visit(.evaluate(Self.contrast), .dark, .evaluate(Self.contrast))
        #expect(visit.results == [.texts(["checked"]), .texts(["checked"])])
        #expect(visit.log == [])
    }

    /// In a window of 400 pixels only tables and pictures scroll sideways, each within itself.
    @Test func fitsANarrowWindow() throws {
        let visit = try desk.visit(
            .size(400, 800),
            .evaluate("document.documentElement.scrollWidth"),
            .evaluate(
                """
                Array.from(document.querySelectorAll("svg:not(.spark) text"), text =>
                  parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a)
                  .reduce((a, b) => Math.min(a, b)) >= 11
                """),
            .evaluate(
                """
                Array.from(document.querySelectorAll(".scroll, .picture")).filter(e =>
                  e.getBoundingClientRect().right > 400).length
                """),
            .evaluate(
                """
                (() => { const s = document.querySelector("#servers .scroll");
                  s.scrollLeft = 100; return s.scrollLeft === 100 && s.scrollWidth > s.clientWidth; })()
                """))
        #expect(visit.results == [.number(400), .flag(true), .number(0), .flag(true)])
    }

    /// Each picture has a title and its numbers as a table.
    @Test func picturesHaveNumbers() throws {
        let visit = try desk.visit(
            .evaluate("document.querySelectorAll('figure svg').length > 5"),
            .evaluate(
                """
                Array.from(document.querySelectorAll("figure:has(svg)")).filter(f =>
                  !f.querySelector("svg[role=img][aria-label]") ||
                  !f.querySelector("details.numbers table th[scope=col]") ||
                  f.querySelectorAll("details.numbers tbody tr").length === 0)
                  .map(f => f.querySelector("h3").textContent)
                """),
            .evaluate(
                """
                Array.from(document.querySelectorAll("figure .numbers")[0].querySelectorAll("tbody tr"),
                  row => Array.from(row.cells, c => c.textContent).join("|"))
                """),
            .click(".numbers summary"),
            .evaluate("document.querySelector('.numbers').open"))
        #expect(visit.results[0] == .flag(true))
        #expect(visit.results[1] == .texts([]))
        guard case .texts(let systems) = visit.results[2] else {
            Issue.record("\(visit.results[2])")
            return
        }
        #expect(systems.contains { $0.hasPrefix("Linux") }, "\(systems)")
        #expect(visit.results[3] == .flag(true))
    }

    /// Headings in Spanish say so; the page is in English.
    @Test func spanishIsMarked() throws {
        let visit = try desk.visit(
            .evaluate("document.documentElement.lang"),
            .evaluate(
                "Array.from(document.querySelectorAll('[lang=es]'), e => e.textContent)"))
        #expect(
            visit.results == [
                .text("en"),
                .texts([
                    "Procesos Ejecutando", "Cantidad de Procesos Ejecutando",
                    "Cantidad de usuarios por servidor y ejecucion",
                ]),
            ])
    }
}
