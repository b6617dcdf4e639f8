import CHost

/// Overwrites a secret with zeros, also where the compiler sees that nothing reads them. Another array
/// that has the same bytes keeps them.
package func forget(_ secret: inout [UInt8]) {
    let count = Int64(secret.count)
    unsafe census_forget(&secret, count)
}
