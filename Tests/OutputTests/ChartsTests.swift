import Testing

@testable import Output

/// The charts, as text.
@Suite struct ChartsTests {
    @Test(arguments: [
        (0, 1, 1), (1, 1, 1), (2, 2, 1), (4, 4, 1), (5, 6, 2), (8, 8, 2), (9, 10, 5), (20, 20, 5),
        (21, 30, 10), (41, 60, 20), (99, 100, 50), (1_729, 2_000, 500),
        (2_147_483_647, 3_000_000_000, 1_000_000_000),
        (-5, 1, 1), (.min, 1, 1),
    ])
    func scales(_ highest: Int, _ top: Int, _ step: Int) {
        #expect(scale(for: highest) == (top, step))
    }

    /// At most four steps of 1, 2 or 5 times a power of ten, and no count above the top.
    @Test func scalesAreRound() {
        var numbers = Array(0...3_000)
        for exponent in 12...60 {
            numbers += [(1 << exponent) - 1, 1 << exponent, (1 << exponent) + 1]
        }
        for highest in numbers where highest <= 1 << 60 {
            let (top, step) = scale(for: highest)
            var digits = step
            while digits.isMultiple(of: 10) { digits /= 10 }
            #expect([1, 2, 5].contains(digits))
            #expect(top >= highest && top.isMultiple(of: step) && top / step <= 4)
        }
        #expect(scale(for: .max).top >= 1 << 60)
    }

    private func text(_ markup: Markup) -> String { String(decoding: markup.utf8, as: UTF8.self) }

    private let axis = TimeAxis(from: 0, to: 86_400)

    /// All coordinates of a picture.
    private func numbers(_ svg: String) -> [Double] {
        svg.matches(
            of: #/(?:x|y|x1|x2|y1|y2|cx|cy|width|height)="(-?[0-9.]+)"|[ML](-?[0-9.]+) (-?[0-9.]+)/#
        )
        .flatMap { [$0.1, $0.2, $0.3].compactMap { $0.flatMap { Double($0) } } }
    }

    /// A chart stays within its frame for all counts.
    @Test(arguments: [
        [], [0], [0, 0, 0], [1], [5, 0, 7], [.max, 0], [2_147_483_647, 1], [3, 1 << 59],
    ])
    func picturesStayWithinTheirFrames(_ counts: [Int]) {
        let samples = counts.enumerated().map {
            PageData.Sample(time: $0 * 3_600, count: min($1, 1 << 60))
        }
        let small = counts.map { Int32(clamping: $0) }
        var pictures = [
            lineChart("lines", [samples, []], over: axis), sparkline(samples, over: axis),
            seenChart(
                "seen",
                Dictionary(
                    uniqueKeysWithValues: counts.enumerated().map { ($0, min($1, 1 << 60)) }),
                over: axis),
            coverageChart(
                "coverage", [("a", counts.indices.map { $0 * 3_600 }), ("b", [])], over: axis),
            barChart(
                "bars", counts.map { Bar(name: "n", parts: [$0 / 4, 0], note: "x") }, width: 508),
        ]
        if !small.isEmpty {
            pictures.append(spreadChart("spread", [0: small], over: axis))
            pictures.append(spreadChart("spread", [0: small, 4: small, 9: small], over: axis))
        }
        for picture in pictures {
            let svg = text(picture)
            #expect(svg.contains("<svg") && svg.hasSuffix("</svg>\n") || svg.hasSuffix("</svg>"))
            #expect(numbers(svg).allSatisfy { (-10...1_100).contains($0) }, "\(svg)")
        }
    }

    /// A single time gives a visible distribution.
    @Test func aSpreadOfOneSpanHasAWidth() throws {
        let svg = text(spreadChart("spread", [0: [1, 2, 3]], over: axis))
        let path = try #require(
            svg.firstMatch(of: #/class="outer" d="M([0-9.]+) [0-9.]+L([0-9.]+)/#))
        #expect(Double(path.2)! - Double(path.1)! == 16)
    }

    @Test(arguments: [
        (Double.nan, "0"), (.infinity, "0"), (-.infinity, "0"), (1e300, "0"), (-0.04, "0"),
        (12.25, "12.3"),
    ])
    func coordinatesAreNumbers(_ coordinate: Double, _ shown: String) {
        #expect(text("\(coordinate)") == shown)
    }
}
