import Records
import Text

// When somebody last logged in, from each of the places in which programs keep it.

extension AccessList {
    @inline(never)
    mutating func readLastLogins(_ tree: borrowing HostTree) {
        let path = ascii("var/log/lastlog")
        do throws(SourceFailure) {
            if let file = try tree.openSource(path) {
                try readLastlog(file)
                finish(.accounts, "lastlog", path, nil)
            }
        } catch {
            finish(.accounts, "lastlog", path, error)
        }
        readLogins("lastlog2", "var/lib/lastlog/lastlog2.db", "Lastlog2", 0, tree)
        readLogins("wtmpdb", "var/lib/wtmpdb/wtmp.db", "wtmp", 2, tree)
    }

    /// Takes a time of an account, if it is the last one. Those that are not of this world are left.
    @inline(never)
    private mutating func setLogin(_ account: Int, _ time: Int64) {
        if time > records.accounts[account].lastLogin ?? 0 {
            records.accounts[account].lastLogin = time
        }
    }

    /// Reads lastlog(5), of which only the entries of known users are read: it has holes, and a
    /// length of 292 bytes times the greatest user id.
    ///
    /// An entry is a time, a line of 32 bytes and a host of 256. Times have 4 bytes, or 8 on systems
    /// whose utmp(5) has as many, in the byte order of the machine that wrote them.
    @inline(never)
    private mutating func readLastlog(_ file: consuming HostFile) throws(SourceFailure) {
        var best: [Int64] = []
        var leastImplausible = Int.max
        do throws(HostError) {
            let size = try file.size()
            for layout in 0..<4 {
                let (timeSize, isBigEndian) = (layout < 2 ? 4 : 8, layout & 1 == 1)
                let entrySize = Int64(288 + timeSize)
                if size % entrySize != 0 { continue }
                var times = [Int64](repeating: 0, count: records.accounts.count)
                var implausible = 0
                for index in records.accounts.indices {
                    guard let uid = records.accounts[index].uid, uid < size / entrySize else {
                        continue
                    }
                    let entry = try file.bytes(at: uid * entrySize, count: timeSize + 32)
                    if entry.count < timeSize + 32 { continue }
                    let low = Int64(number(entry, 0, isBigEndian: isBigEndian))
                    let high = timeSize == 4 ? 0 : Int64(number(entry, 4, isBigEndian: isBigEndian))
                    let time = timeSize == 8 && isBigEndian ? low << 32 | high : high << 32 | low
                    var isPlausible = time == 0 ? entry[timeSize] == 0 : time < 1 << 34
                    for byte in entry[timeSize...] where byte != 0 && !(0x20...0x7E ~= byte) {
                        isPlausible = false
                    }
                    // The other order has days as seconds, of the years before 1990 and after.
                    if !isPlausible || time != 0 && time < 631_152_000 { implausible += 1 }
                    if isPlausible { times[index] = time }
                }
                if implausible < leastImplausible {
                    (best, leastImplausible) = (times, implausible)
                }
            }
        } catch {
            throw SourceFailure(error)
        }
        if leastImplausible == Int.max { throw .unknownForm }
        for index in best.indices { setLogin(index, best[index]) }
    }

    /// Reads a table of SQLite in which a column of names is before a column of times: of lastlog2(8)
    /// in seconds, of wtmpdb(8) in microseconds.
    @inline(never)
    private mutating func readLogins(
        _ source: String, _ path: StaticString, _ name: StaticString, _ column: Int,
        _ tree: borrowing HostTree
    ) {
        let path = ascii(path)
        var failure: SourceFailure?
        do throws(SourceFailure) {
            guard let file = try tree.openSource(path) else { return }
            let rows = try SQLiteRows(of: name, file, String(decoding: path, as: UTF8.self), tree)
            while let row = rows.next() {
                let time = try row.bytes(column + 1)
                if time.count > 8 || byte(time, 0) >= 0x80 { continue }
                var value: Int64 = 0
                for byte in time { value = value << 8 | Int64(byte) }
                if value > 1 << 40 { value /= 1_000_000 }
                if let index = account(try row.bytes(column)) { setLogin(index, value) }
            }
            failure = rows.failure
        } catch {
            failure = error
        }
        finish(.accounts, source, path, failure)
    }
}
