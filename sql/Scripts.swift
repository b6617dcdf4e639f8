/// The files of this folder, as they are embedded in the program.
package enum Scripts {
    /// The schema on SQLite: the script at index n brings a database from version n to n + 1.
    package static let sqliteSchema = [
        text(PackageResources.sqlite_schema_1_sql), text(PackageResources.sqlite_schema_2_sql),
    ]

    /// The same on servers of the MySQL family.
    package static let mysqlSchema = [
        text(PackageResources.mysql_schema_1_sql) + text(PackageResources.mysql_procedures_1_sql)
    ]

    package static let test1 = text(PackageResources.test_1_user_names_sql)
    package static let test2 = text(PackageResources.test_2_os_and_processor_sql)
    package static let test3 = text(PackageResources.test_3_process_names_sql)
    package static let test4 = text(PackageResources.test_4_process_counts_sql)
    package static let test5 = text(PackageResources.test_5_user_counts_sql)

    private static func text(_ file: [UInt8]) -> String { String(decoding: file, as: UTF8.self) }
}
