/// Lists of ids for `IN`, ascending, of which each fits into a statement: the shortest that a server
/// accepts has some kilobytes.
package func idLists(of ids: some Collection<Int64>) -> [String] {
    let (ids, idsAtOnce) = (ids.sorted(), 500)
    return stride(from: 0, to: ids.count, by: idsAtOnce).map { start in
        ids[start..<min(start + idsAtOnce, ids.count)].map(String.init).joined(separator: ", ")
    }
}
