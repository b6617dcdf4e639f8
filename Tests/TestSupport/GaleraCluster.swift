import Foundation
import SystemPackage

/// MariaDB servers joined to one Galera cluster.
///
/// It needs Debian's package `galera-4` beside those of `MariaDBServer`. A node that was killed or
/// stopped joins again with its `start()`, as long as another one runs.
public final class GaleraCluster: Sendable {
    public let nodes: [MariaDBServer]

    /// Starts the nodes, one after the other, and waits until all are in step.
    public init(nodes count: Int) throws {
        let providers = ["/usr/lib/galera", "/usr/lib64/galera-4", "/usr/lib64/galera"]
            .map { $0 + "/libgalera_smm.so" }
        guard let provider = providers.first(where: FileManager.default.fileExists) else {
            throw MariaDBError("no galera-4: there is none of \(providers)")
        }
        nodes = try retryingPorts {
            let addresses = try (0..<count).map { _ in "127.0.0.1:\(try freePort())" }
            return try addresses.enumerated().map { index, address in
                try MariaDBServer(
                    options: [
                        "--wsrep-on=ON", "--wsrep-provider=\(provider)",
                        "--wsrep-cluster-address=gcomm://" + addresses.joined(separator: ","),
                        "--wsrep-node-name=node\(index + 1)", "--wsrep-node-address=\(address)",
                        "--wsrep-sst-method=census_copy", "--binlog-format=ROW",
                        "--default-storage-engine=InnoDB", "--innodb-autoinc-lock-mode=2",
                        // The others go on about three seconds after a node was killed.
                        "--wsrep-provider-options=gmcast.listen_addr=tcp://\(address);"
                            + "ist.recv_addr=127.0.0.1:\(try freePort());gcache.size=16M;"
                            + "evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2S",
                    ], installsTables: index == 0,
                    firstOptions: index == 0 ? ["--wsrep-new-cluster"] : [],
                    scripts: ["wsrep_sst_census_copy": stateTransfer])
            }
        }
        try waitUntilSynced()
    }

    /// Waits until all nodes that run are in one cluster, without any other, and in step.
    public func waitUntilSynced() throws {
        let running = nodes.filter { $0.processID != nil }
        let wanted = ["wsrep_cluster_size\t\(running.count)", "wsrep_local_state_comment\tSynced"]
        let deadline = ContinuousClock.now + .seconds(60)
        for node in running {
            while true {
                let state = try node.sql(
                    """
                    SHOW STATUS WHERE Variable_name IN
                        ('wsrep_cluster_size', 'wsrep_local_state_comment')
                    """)
                if state.split(separator: "\n").map(String.init).sorted() == wanted { break }
                guard ContinuousClock.now < deadline else {
                    throw node.failure("is not in step after a minute (\(state))")
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }
}

/// Brings a joining node to the state of another, its donor, by copying the donor's files.
///
/// The scripts of MariaDB for this are in Debian's `mariadb-server` only, which starts a server of
/// the machine's own when it is installed. What the server wants of such a script is in
/// <https://galeracluster.com/library/documentation/scriptable-sst.html>.
private let stateTransfer = #"""
    #!/bin/sh -eu
    bypass=no
    while [ $# -gt 0 ]; do
        case $1 in
            --role) role=$2 ;;
            --address) address=$2 ;;
            --datadir) datadir=$2 ;;
            --gtid) state="$2 0" ;;
            --bypass) bypass=yes ;;
        esac
        shift
    done
    cd "$datadir"
    wait_for() {
        until grep -qs : "$1"; do
            kill -0 "$(cat ../pid)"
            sleep 0.05
        done
        cat "$1"
        rm "$1"
    }
    if [ "$role" = joiner ]; then
        rm -f transferred
        echo "ready $datadir"
        wait_for transferred
        exit
    fi
    if [ $bypass = no ]; then
        rm -f tables_flushed
        echo flush tables
        state=$(wait_for tables_flushed)
        (cd "$address" && rm -rf -- */ ib* undo* aria_log*)
        cp -a --sparse=always -t "$address" $(ls -d */ ib* undo* aria_log* 2>/dev/null)
        echo continue
    fi
    echo "$state" >"$address/transferred"
    echo "done $state"
    """#
