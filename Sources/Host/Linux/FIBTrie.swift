/// The local addresses in /proc/net/fib_trie: each leaf `|-- 192.0.2.10` with `/32 host LOCAL`
/// below it.
func localIPv4Addresses(inFIBTrie text: String) -> [IPv4Address] {
    var addresses: [IPv4Address] = []
    var leaf: IPv4Address?
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 2 && words[0] == "|--" {
            leaf = IPv4Address(words[1])
        } else if words == ["/32", "host", "LOCAL"], let address = leaf,
            !addresses.contains(address)
        {
            addresses.append(address)
        }
    }
    return addresses
}
