/// The files of this folder, as they are embedded in the program. A new one is in Package.swift by
/// its folder, and takes a line here.
package enum Scripts {
    /// The schema on SQLite: the script at index n brings a database from version n to n + 1.
    package static let sqliteSchema = [
        text(PackageResources.sqlite_schema_1_sql), text(PackageResources.sqlite_schema_2_sql),
        text(PackageResources.sqlite_schema_3_sql),
    ]

    /// The same on servers of the MySQL family.
    package static let mysqlSchema = [
        text(PackageResources.mysql_schema_1_sql) + text(PackageResources.mysql_procedures_1_sql),
        text(PackageResources.mysql_schema_2_sql),
    ]

    /// The reports. Each begins with a comment, `-- Test 1: Its title.`, and names its columns
    /// `AS "Title"`.
    package static let reports = [
        text(PackageResources.test_1_user_names_sql),
        text(PackageResources.test_2_os_and_processor_sql),
        text(PackageResources.test_3_process_names_sql),
        text(PackageResources.test_4_process_counts_sql),
        text(PackageResources.test_5_user_counts_sql),
    ]

    /// What the page shows beside the reports.
    package enum Page {
        package static let dates = text(PackageResources.page_dates_sql)
        package static let digest = text(PackageResources.page_digest_sql)
        package static let evidence = text(PackageResources.page_evidence_sql)
        package static let executions = text(PackageResources.page_executions_sql)
        package static let period = text(PackageResources.page_period_sql)
        package static let processors = text(PackageResources.page_processors_sql)
        package static let servers = text(PackageResources.page_servers_sql)
        package static let systems = text(PackageResources.page_systems_sql)
    }

    /// What the commands ask a database. Each file says what its rows are.
    package enum Query {
        package static let addresses = query(PackageResources.query_addresses_sql)
        package static let allAddresses = query(PackageResources.query_all_addresses_sql)
        package static let anyExecution = query(PackageResources.query_any_execution_sql)
        package static let execution = query(PackageResources.query_execution_sql)
        package static let facts = query(PackageResources.query_facts_sql)
        package static let hostAddresses = query(PackageResources.query_host_addresses_sql)
        package static let hosts = query(PackageResources.query_hosts_sql)
        package static let impossibleDates = query(PackageResources.query_impossible_dates_sql)
        package static let newestFirst = query(PackageResources.newest_first_sql)
        package static let observations = query(PackageResources.query_observations_sql)
        package static let processes = query(PackageResources.query_processes_sql)
        package static let receiptHosts = query(PackageResources.query_receipt_hosts_sql)
        package static let receipts = query(PackageResources.query_receipts_sql)
        package static let rejectedReceipts = query(PackageResources.query_rejected_receipts_sql)
        package static let sightings = query(PackageResources.query_sightings_sql)
        package static let snapshots = query(PackageResources.query_snapshots_sql)
        package static let users = query(PackageResources.query_users_sql)
    }

    private static func text(_ file: [UInt8]) -> String { String(decoding: file, as: UTF8.self) }

    /// A statement without what ends it in a file.
    private static func query(_ file: [UInt8]) -> String {
        String(text(file).dropLast(";\n".count))
    }
}
