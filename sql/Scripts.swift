/// The files of this folder, as they are embedded in the program.
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

    package static let test1 = text(PackageResources.test_1_user_names_sql)
    package static let test2 = text(PackageResources.test_2_os_and_processor_sql)
    package static let test3 = text(PackageResources.test_3_process_names_sql)
    package static let test4 = text(PackageResources.test_4_process_counts_sql)
    package static let test5 = text(PackageResources.test_5_user_counts_sql)

    // What the page of a report shows beside the five.
    package static let dates = text(PackageResources.page_dates_sql)
    package static let digest = text(PackageResources.page_digest_sql)
    package static let evidence = text(PackageResources.page_evidence_sql)
    package static let executions = text(PackageResources.page_executions_sql)
    package static let period = text(PackageResources.page_period_sql)
    package static let processors = text(PackageResources.page_processors_sql)
    package static let servers = text(PackageResources.page_servers_sql)
    package static let systems = text(PackageResources.page_systems_sql)

    private static func text(_ file: [UInt8]) -> String { String(decoding: file, as: UTF8.self) }
}
