/// The SQL files of this folder, embedded in the program. Package.swift includes a new file by its
/// folder; it also needs a line here.
package enum Scripts {
    /// The schema on SQLite: the script at index n brings a database from version n to n + 1.
    package static let sqliteSchema = [
        text(PackageResources.sqlite_schema_1_sql), text(PackageResources.sqlite_schema_2_sql),
        text(PackageResources.sqlite_schema_3_sql), text(PackageResources.sqlite_schema_4_sql),
        text(PackageResources.sqlite_schema_5_sql), text(PackageResources.sqlite_schema_6_sql),
        text(PackageResources.sqlite_schema_7_sql), text(PackageResources.sqlite_schema_8_sql),
        text(PackageResources.sqlite_schema_9_sql), text(PackageResources.sqlite_schema_10_sql),
        text(PackageResources.sqlite_schema_11_sql), text(PackageResources.sqlite_schema_12_sql),
        text(PackageResources.sqlite_schema_13_sql), text(PackageResources.sqlite_schema_14_sql),
        text(PackageResources.sqlite_schema_15_sql), text(PackageResources.sqlite_schema_16_sql),
    ]

    /// `CENS`: the application id in the header of the file ("Database File Format", 1.3).
    package static let sqliteApplicationID: Int64 = 0x4345_4E53

    /// The schema on MySQL and MariaDB, in the same form.
    package static let mysqlSchema = [
        text(PackageResources.mysql_schema_1_sql) + text(PackageResources.mysql_procedures_1_sql),
        text(PackageResources.mysql_schema_2_sql), text(PackageResources.mysql_schema_3_sql),
        text(PackageResources.mysql_schema_4_sql), text(PackageResources.mysql_schema_5_sql),
        text(PackageResources.mysql_schema_6_sql), text(PackageResources.mysql_schema_7_sql),
        text(PackageResources.mysql_schema_8_sql), text(PackageResources.mysql_schema_9_sql),
        text(PackageResources.mysql_schema_10_sql), text(PackageResources.mysql_schema_11_sql),
        text(PackageResources.mysql_schema_12_sql),
    ]

    /// The views on MySQL and MariaDB, of which none exists.
    package static let mysqlViews = text(PackageResources.mysql_views_1_sql)

    /// The reports, in the order in which they are listed. Each begins with a comment, `-- Test 1: Its
    /// title.` or `-- Report packages: Its title.`, and names its columns `AS "Title"`.
    package static let reports = [
        text(PackageResources.test_1_user_names_sql),
        text(PackageResources.test_2_os_and_processor_sql),
        text(PackageResources.test_3_process_names_sql),
        text(PackageResources.test_4_process_counts_sql),
        text(PackageResources.test_5_user_counts_sql),
        text(PackageResources.report_packages_sql),
        text(PackageResources.report_package_versions_sql),
        text(PackageResources.report_rare_packages_sql),
        text(PackageResources.report_patches_sql),
        text(PackageResources.report_accounts_sql),
        text(PackageResources.report_weak_passwords_sql),
        text(PackageResources.report_root_accounts_sql),
        text(PackageResources.report_privileges_sql),
        text(PackageResources.report_keys_sql),
        text(PackageResources.report_host_keys_sql),
        text(PackageResources.report_listening_sql),
        text(PackageResources.report_open_ports_sql),
        text(PackageResources.report_hardware_sql),
    ]

    /// The queries of `census list`. Each file describes its rows.
    package enum List {
        /// The addresses that each server had.
        package static let addresses = query(PackageResources.list_addresses_sql)
        /// The files passed to `census ingest`, with the executions that came from them.
        package static let evidence = query(PackageResources.list_evidence_sql)
        /// Each execution, with the numbers of what it has.
        package static let executions = query(PackageResources.list_executions_sql)
        /// Each server with its first and last visit.
        package static let hosts = query(PackageResources.list_hosts_sql)
        /// The hostnames that each server had.
        package static let names = query(PackageResources.list_names_sql)
    }

    /// The queries of the page, besides the reports.
    package enum Page {
        /// The times at which a server was seen; the parameter is its `Server_ID`.
        package static let dates = text(PackageResources.page_dates_sql)
        /// The input of the database's digest.
        package static let digest = text(PackageResources.page_digest_sql)
        /// The receipts.
        package static let evidence = text(PackageResources.page_evidence_sql)
        /// The counts of each execution.
        package static let executions = text(PackageResources.page_executions_sql)
        /// The first and last date.
        package static let period = text(PackageResources.page_period_sql)
        /// The number of servers per processor.
        package static let processors = text(PackageResources.page_processors_sql)
        /// Each server, as last seen.
        package static let servers = text(PackageResources.page_servers_sql)
        /// The number of servers per operating system.
        package static let systems = text(PackageResources.page_systems_sql)
    }

    /// The queries of the commands. Each file describes its rows.
    package enum Query {
        /// The addresses of an execution; the parameter is its `Execution_ID`.
        package static let addresses = query(PackageResources.query_addresses_sql)
        /// The addresses of all hosts.
        package static let allAddresses = query(PackageResources.query_all_addresses_sql)
        /// One row if there is any execution.
        package static let anyExecution = query(PackageResources.query_any_execution_sql)
        /// An execution; the parameter is its `Execution_ID`.
        package static let execution = query(PackageResources.query_execution_sql)
        /// The file that an execution came from; the parameter is its `Execution_ID`.
        package static let executionFile = query(PackageResources.query_execution_file_sql)
        /// The number of executions of each host.
        package static let executionCounts = query(PackageResources.query_execution_counts_sql)
        /// The number of executions.
        package static let executionCount = query(PackageResources.query_execution_count_sql)
        /// The facts of an execution; the parameter is its `Execution_ID`.
        package static let facts = query(PackageResources.query_facts_sql)
        /// All names of processes.
        package static let findAllNames = query(PackageResources.query_find_all_names_sql)
        /// All names of users.
        package static let findAllOwners = query(PackageResources.query_find_all_owners_sql)
        /// The number of executions that the index of `census find` may have; the parameter is the last
        /// that it has.
        package static let findCounts = query(PackageResources.query_find_counts_sql)
        /// The executions after one; the parameter is its `Execution_ID`.
        package static let findLater = query(PackageResources.query_find_later_sql)
        /// The executions of stored procedures, which the index of `census find` does not have.
        package static let findLoose = query(PackageResources.query_find_loose_sql)
        /// The names in the index of `census find`.
        package static let findNames = query(PackageResources.query_find_names_sql)
        /// The executions of processes by their names.
        package static let findNamed = query(PackageResources.query_find_named_sql)
        /// The next executions that the index lacks; the parameter is the last that it has.
        package static let findNew = query(PackageResources.query_find_new_sql)
        /// The executions of processes by their owners.
        package static let findOwned = query(PackageResources.query_find_owned_sql)
        /// The names of users; the parameters are a range of ids.
        package static let findOwnerNames = query(PackageResources.query_find_owner_names_sql)
        /// The names of processes; the parameters are a range of ids.
        package static let findProcessNames = query(PackageResources.query_find_process_names_sql)
        /// The executions of names in the index.
        package static let findRuns = query(PackageResources.query_find_runs_sql)
        /// How far the index of `census find` goes after executions were deleted.
        package static let findRest = query(PackageResources.query_find_rest_sql)
        /// How far the index goes.
        package static let findState = query(PackageResources.query_find_state_sql)
        /// The names in the index of `census find` that occur in executions.
        package static let findUsed = query(PackageResources.query_find_used_sql)
        /// The addresses of a host; the parameter is its `Server_ID`.
        package static let hostAddresses = query(PackageResources.query_host_addresses_sql)
        /// The executions of a host with their files; the parameter is its `Server_ID`.
        package static let hostEvidence = query(PackageResources.query_host_evidence_sql)
        /// The executions of a host; the parameter is its `Server_ID`.
        package static let hostExecutions = query(PackageResources.query_host_executions_sql)
        /// The single values of an execution; the parameter is its `Execution_ID`.
        package static let hostFacts = query(PackageResources.query_host_facts_sql)
        /// The keys of SSH in each set of host keys.
        package static let hostKeys = query(PackageResources.query_host_keys_sql)
        /// The name of a host; the parameter is its `Server_ID`.
        package static let hostName = query(PackageResources.query_host_name_sql)
        /// All hosts.
        package static let hosts = query(PackageResources.query_hosts_sql)
        /// The number of executions with impossible dates.
        package static let impossibleDates = query(PackageResources.query_impossible_dates_sql)
        /// All executions, grouped by host, newest first.
        package static let newestFirst = query(PackageResources.newest_first_sql)
        /// The number of rows of report 3; the parameter is an `Execution_ID`.
        package static let listedCount = query(PackageResources.query_listed_count_sql)
        /// The same if the ids have no gaps; the parameters are also the first and the last of them.
        package static let listedRangeCount = query(PackageResources.query_listed_range_count_sql)
        /// The rows of report 3; the parameter is an `Execution_ID`.
        package static let listedNames = query(PackageResources.query_listed_names_sql)
        /// The executions in the order of report 3.
        package static let listedExecutions = query(PackageResources.query_listed_executions_sql)
        /// The manifests that files were compared with.
        package static let manifests = query(PackageResources.query_manifests_sql)
        /// The executions for `census check`, without processes and lists.
        package static let observations = query(PackageResources.query_observations_sql)
        /// The receipts of the databases through which the files of executions came.
        package static let origins = query(PackageResources.query_origins_sql)
        /// A process; the parameter is its `Process_ID`.
        package static let process = query(PackageResources.query_process_sql)
        /// The ids of the processes of an execution; the parameter is its `Execution_ID`.
        package static let processIDs = query(PackageResources.query_process_ids_sql)
        /// The ids of the processes of all executions, and of their owners.
        package static let processLinks = query(PackageResources.query_process_links_sql)
        /// The range of the ids of processes, and their number.
        package static let processRange = query(PackageResources.query_process_range_sql)
        /// All processes with their names.
        package static let processNames = query(PackageResources.query_process_names_sql)
        /// A user; the parameter is its `User_ID`.
        package static let userName = query(PackageResources.query_user_name_sql)
        /// All users with their names.
        package static let userNames = query(PackageResources.query_user_names_sql)
        /// The processes of an execution; the parameter is its `Execution_ID`.
        package static let processes = query(PackageResources.query_processes_sql)
        /// The hosts loaded from each file.
        package static let receiptHosts = query(PackageResources.query_receipt_hosts_sql)
        /// The receipt of the database through which a file came; the parameter is a `Receipt_ID`.
        package static let receiptOrigin = query(PackageResources.query_receipt_origin_sql)
        /// The receipts with their paths and executions.
        package static let receiptPaths = query(PackageResources.query_receipt_paths_sql)
        /// The receipts with their verdicts.
        package static let receipts = query(PackageResources.query_receipts_sql)
        /// The receipts of rejected files.
        package static let rejectedReceipts = query(PackageResources.query_rejected_receipts_sql)
        /// The time, identity and completeness of each execution, without an order.
        package static let sightings = query(PackageResources.query_sightings_sql)
        /// What was said of the signatures of files.
        package static let signatures = query(PackageResources.query_signatures_sql)
        /// A file with a signature.
        package static let isSigned = query(PackageResources.query_is_signed_sql)
        /// The loaded snapshots.
        package static let snapshots = query(PackageResources.query_snapshots_sql)
    }

    private static func text(_ file: [UInt8]) -> String { String(decoding: file, as: UTF8.self) }

    /// A statement without its terminator.
    private static func query(_ file: [UInt8]) -> String {
        String(text(file).dropLast(";\n".count))
    }
}
