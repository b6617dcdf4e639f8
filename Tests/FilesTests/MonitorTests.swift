import Files
import Foundation
import Testing

@Suite struct MonitorTests {
    @Test func nothingThatThreadsCountIsLost() {
        let monitor = Monitor((count: 0, threadsAtEnd: 0))
        for _ in 0..<4 {
            Thread.detachNewThread {
                for _ in 0..<10_000 { monitor.withLock { $0.count += 1 } }
                monitor.withLock { $0.threadsAtEnd += 1 }
            }
        }
        #expect(monitor.wait(until: { $0.threadsAtEnd == 4 }, then: \.count) == 40_000)
    }

    @Test func twoThreadsTakeTurns() {
        let monitor = Monitor([Int]())
        Thread.detachNewThread {
            for number in stride(from: 1, to: 2000, by: 2) {
                monitor.wait(until: { $0.count == number }, then: { $0.append(number) })
            }
        }
        for number in stride(from: 0, to: 2000, by: 2) {
            monitor.wait(until: { $0.count == number }, then: { $0.append(number) })
        }
        #expect(monitor.wait(until: { $0.count == 2000 }, then: \.self) == Array(0..<2000))
    }

    @Test func aWaitThatIsInVainEnds() {
        let monitor = Monitor(0)
        let result = monitor.wait(until: { $0 == 1 }, milliseconds: 1100, then: \.self)
        #expect(result == nil)
        #expect(monitor.withLock { $0 } == 0)
        #expect(monitor.wait(until: { $0 == 0 }, milliseconds: 0, then: \.self) == 0)
    }
}
