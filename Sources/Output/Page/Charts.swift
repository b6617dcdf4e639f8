import Text

// Charts: pure functions from values to SVG. Colours are set by class in the page's style sheet.

/// Shortens text to a width in pixels of the charts' small font.
private func shortened(_ text: String, toPixels pixels: Double) -> String {
    String(
        decoding: shortened(Array(visible(text).utf8), toWidth: Int(pixels / 7.9)), as: UTF8.self)
}

/// The top of a vertical axis and its step: 1, 2 or 5 times a power of ten, at most four steps.
/// - Parameter highest: the highest count, at most 2⁶⁰.
func scale(for highest: Int) -> (top: Int, step: Int) {
    let highest = min(highest, 1 << 60)
    var step = 1
    var next = 0
    while step * 4 < highest {
        step = next == 1 ? step / 2 * 5 : step * 2
        next = (next + 1) % 3
    }
    return (max(1, (highest + step - 1) / step) * step, step)
}

/// A frame with a horizontal time axis, and a vertical axis of counts or names.
private struct Plot {
    let width: Double = 1040
    let left: Double
    let right: Double = 24
    let top: Double = 12
    let height: Double
    let axis: TimeAxis

    var innerWidth: Double { width - left - right }
    func x(_ time: Int) -> Double { left + axis.position(time) * innerWidth }

    func svg(_ label: String, _ content: Markup) -> Markup {
        var markup: Markup = """
            <svg viewBox="0 0 \(width) \(top + height + 26)" role="img" aria-label="\(label)">
            """
        for tick in axis.ticks(atMost: 10) {
            let x = x(tick.time)
            markup += """
                <line class="tick" x1="\(x)" x2="\(x)" y1="\(top + height)" y2="\(top + height + 5)"/>\
                <text class="middle" x="\(min(max(x, 40), width - 36))" y="\(top + height + 19)">\
                \(tick.label)</text>
                """
        }
        markup += content
        return markup + """
            <line class="base" x1="\(left)" x2="\(width - right)" y1="\(top + height)" \
            y2="\(top + height)"/></svg>\n
            """
    }

    /// The grid lines and labels of the vertical axis.
    func countLines(_ top: Int, _ step: Int) -> Markup {
        var markup = Markup()
        for count in stride(from: 0, through: top, by: step) {
            let y = y(count, of: top)
            markup += """
                <line class="grid" x1="\(left)" x2="\(width - right)" y1="\(y)" y2="\(y)"/>\
                <text class="end" x="\(left - 8)" y="\(y + 4)">\(grouped(count))</text>
                """
        }
        return markup
    }

    func y(_ count: Int, of highest: Int) -> Double {
        top + height * (1 - Double(count) / Double(highest))
    }
}

/// A path through points.
private func path(_ points: [(x: Double, y: Double)]) -> Markup {
    var markup = Markup()
    for (index, point) in points.enumerated() {
        markup += index == 0 ? "M\(point.x) \(point.y)" : "L\(point.x) \(point.y)"
    }
    return markup
}

/// One line per server, at most one per colour.
func lineChart(
    _ label: String, _ lines: [[PageData.Sample]], over axis: TimeAxis
) -> Markup {
    let plot = Plot(left: 64, height: 200, axis: axis)
    let (top, step) = scale(for: lines.joined().map(\.count).max() ?? 0)
    var markup = plot.countLines(top, step)
    for (index, line) in lines.enumerated() {
        let points = line.map { (x: plot.x($0.time), y: plot.y($0.count, of: top)) }
        markup += "<path class=\"line s\(index)\" d=\"\(path(points))\"/>"
        if points.count > 60 { continue }
        for point in points {
            markup += """
                <circle class="dot s\(index)" cx="\(point.x)" cy="\(point.y)" r="3"/>
                """
        }
    }
    return plot.svg(label, markup)
}

/// The count that so many tenths of all are not above.
/// - Parameter sorted: at least one count.
func quantile(_ sorted: [Int32], _ tenths: Int) -> Int {
    Int(sorted[(sorted.count - 1) * tenths / 10])
}

/// The distribution of the counts of many servers in each time span: the range, the middle 80 %,
/// and the median.
func spreadChart(_ label: String, _ counts: [Int: [Int32]], over axis: TimeAxis) -> Markup {
    let plot = Plot(left: 64, height: 200, axis: axis)
    let spans = counts.sorted { $0.key < $1.key }
        .map { (bucket: $0.key, counts: $0.value.sorted()) }
    let (top, step) = scale(for: spans.compactMap { $0.counts.last.map { Int($0) } }.max() ?? 0)
    func points(_ tenths: Int) -> [(x: Double, y: Double)] {
        spans.map { span in
            let range = axis.range(ofBucket: span.bucket)
            let middle = (max(range.lowerBound, axis.start) + min(range.upperBound, axis.end)) / 2
            return (plot.x(middle), plot.y(quantile(span.counts, tenths), of: top))
        }
    }
    var markup = plot.countLines(top, step)
    for (low, high, name) in [(0, 10, "outer"), (1, 9, "inner")] {
        var points = points(high) + points(low).reversed()
        // A single span is widened to be visible.
        if spans.count == 1 {
            points = [points[0], points[0], points[1], points[1]]
            for index in points.indices { points[index].x += index == 0 || index == 3 ? -8 : 8 }
        }
        markup += "<path class=\"\(name)\" d=\"\(path(points))Z\"/>"
    }
    let median = points(5)
    markup += "<path class=\"line ink\" d=\"\(path(median))\"/>"
    for point in median {
        markup += "<circle class=\"dot ink\" cx=\"\(point.x)\" cy=\"\(point.y)\" r=\"2.5\"/>"
    }
    return plot.svg(label, markup)
}

/// The number of servers seen in each time span.
func seenChart(_ label: String, _ seen: [Int: Int], over axis: TimeAxis) -> Markup {
    let plot = Plot(left: 64, height: 96, axis: axis)
    let (top, step) = scale(for: seen.values.max() ?? 0)
    var markup = plot.countLines(top, max(step, top / 2))
    for (bucket, count) in seen.sorted(by: { $0.key < $1.key }) {
        let range = axis.range(ofBucket: bucket)
        let start = plot.x(max(range.lowerBound, axis.start))
        let end = plot.x(min(range.upperBound, axis.end))
        let y = plot.y(count, of: top)
        markup += """
            <rect class="bar s0" x="\(start + 0.5)" y="\(y)" width="\(max(end - start - 1, 2))" \
            height="\(plot.top + plot.height - y)"><title>\(count) from \(axis.name(of: bucket))\
            </title></rect>
            """
    }
    return plot.svg(label, markup)
}

/// One line per server, with a mark for each time at which it was seen.
func coverageChart(
    _ label: String, _ rows: [(name: String, times: [Int])], over axis: TimeAxis
) -> Markup {
    let pitch = 16.0
    let plot = Plot(left: 190, height: Double(rows.count) * pitch, axis: axis)
    var markup = Markup()
    for (index, row) in rows.enumerated() {
        let y = plot.top + (Double(index) + 0.5) * pitch
        markup += """
            <text class="end" x="\(plot.left - 10)" y="\(y + 4)">\
            \(shortened(row.name, toPixels: plot.left - 16))<title>\(row.name)</title></text>\
            <line class="grid" x1="\(plot.left)" x2="\(plot.width - plot.right)" y1="\(y)" y2="\(y)"/>
            """
        var lastX = -1.0
        for time in row.times {
            let x = plot.x(time)
            // Overlapping marks are drawn once.
            if x - lastX < 1 { continue }
            lastX = x
            markup += "<circle class=\"dot s0\" cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\"/>"
        }
    }
    return plot.svg(label, markup)
}

/// A bar of a chart, in one or two parts.
struct Bar {
    var name: String
    var parts: [Int]
    /// The label at its end.
    var note: String
}

/// Horizontal bars with names and labels.
/// - Parameter width: the width of the chart in pixels.
func barChart(_ label: String, _ bars: [Bar], width: Double) -> Markup {
    let pitch = 24.0
    let left = min(290, width * 0.5)
    let noteWidth = Double(bars.map { displayWidth(Array($0.note.utf8)) }.max() ?? 0) * 7.9 + 16
    let room = width - left - noteWidth
    let highest = max(1, bars.map { $0.parts.reduce(0, +) }.max() ?? 0)
    var markup: Markup = """
        <svg viewBox="0 0 \(width) \(Double(bars.count) * pitch + 4)" role="img" \
        aria-label="\(label)">
        """
    for (index, bar) in bars.enumerated() {
        let y = Double(index) * pitch + 4
        markup += """
            <text class="end" x="\(left - 10)" y="\(y + 13)">\
            \(shortened(bar.name, toPixels: left - 12))<title>\(bar.name)</title></text>
            """
        var x = left
        for (part, count) in bar.parts.enumerated() where count > 0 {
            let length = max(1, room * Double(count) / Double(highest))
            markup += """
                <rect class="bar s\(part)" x="\(x)" y="\(y)" width="\(length)" height="17"/>
                """
            x += length + 1
        }
        markup += "<text x=\"\(x + 8)\" y=\"\(y + 13)\">\(bar.note)</text>"
    }
    return markup + "</svg>\n"
}

/// A sparkline for a table cell, from 0 to the highest count. The cell shows the last count as
/// text.
func sparkline(_ samples: [PageData.Sample], over axis: TimeAxis) -> Markup {
    let (width, height) = (110.0, 18.0)
    let highest = Double(max(1, samples.map(\.count).max() ?? 0))
    let points = samples.map {
        (
            x: 3 + axis.position($0.time) * (width - 6),
            y: 2 + (height - 5) * (1 - Double($0.count) / highest)
        )
    }
    var markup: Markup = """
        <svg class="spark" viewBox="0 0 \(width) \(height)" aria-hidden="true">\
        <path class="line s0" d="\(path(points))"/>
        """
    if let last = points.last {
        markup += "<circle class=\"dot s0\" cx=\"\(last.x)\" cy=\"\(last.y)\" r=\"2\"/>"
    }
    return markup + "</svg>"
}
