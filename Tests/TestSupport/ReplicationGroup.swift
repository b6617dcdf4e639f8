import Foundation
import SystemPackage

/// MySQL servers that are joined by Group Replication, all of them primaries
/// (<https://dev.mysql.com/doc/refman/en/group-replication.html>).
public final class ReplicationGroup: Sendable {
    public let nodes: [MariaDBServer]

    /// Starts the servers, one after the other, and waits until all are in the group.
    public init(nodes count: Int) throws {
        precondition(ServerPrograms.current.product == .mysql, "$CENSUS_TEST_ROOT has no MySQL")
        nodes = try retryingPorts {
            let addresses = try (0..<count).map { _ in "127.0.0.1:\(try freePort())" }
            let group = UUID().uuidString
            return try addresses.enumerated().map { index, address in
                let node = try MariaDBServer(options: [
                    "--server-id=\(index + 1)", "--gtid-mode=ON", "--enforce-gtid-consistency=ON",
                    "--log-bin=bin", "--report-host=127.0.0.1",
                    "--plugin-load-add=group_replication.so",
                    "--group-replication-group-name=\(group)",
                    "--group-replication-start-on-boot=OFF",
                    "--group-replication-local-address=\(address)",
                    "--group-replication-group-seeds=" + addresses.joined(separator: ","),
                    "--group-replication-single-primary-mode=OFF",
                    "--group-replication-enforce-update-everywhere-checks=ON",
                    "--group-replication-recovery-get-public-key=ON",
                    // A busy machine is no reason to expel one.
                    "--group-replication-member-expel-timeout=3600",
                ])
                // The others get by it what they have missed.
                _ = try node.sql(
                    """
                    SET sql_log_bin = 0;
                    CREATE USER replica IDENTIFIED BY 'secret';
                    GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN,
                        GROUP_REPLICATION_STREAM ON *.* TO replica;
                    SET sql_log_bin = 1;
                    CHANGE REPLICATION SOURCE TO SOURCE_USER = 'replica', SOURCE_PASSWORD = 'secret'
                        FOR CHANNEL 'group_replication_recovery';
                    SET GLOBAL group_replication_bootstrap_group = \(index == 0 ? "ON" : "OFF");
                    START GROUP_REPLICATION;
                    SET GLOBAL group_replication_bootstrap_group = OFF;
                    """)
                return node
            }
        }
        try waitUntilOnline()
    }

    private func waitUntilOnline() throws {
        let deadline = ContinuousClock.now + .seconds(60)
        for node in nodes {
            while true {
                let online = try node.sql(
                    """
                    SELECT COUNT(*) FROM performance_schema.replication_group_members
                    WHERE MEMBER_STATE = 'ONLINE' AND MEMBER_ROLE = 'PRIMARY'
                    """)
                if online == "\(nodes.count)\n" { break }
                guard ContinuousClock.now < deadline else {
                    throw node.failure("is not in the group after a minute (\(online))")
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }
}
