-- The packages, and the executions, which refer to their sets. The digests are those of census; the
-- article "Database" defines them.

CREATE TEMPORARY VIEW package_records AS
SELECT Execution_ID, Package_Name, Package_Type, Version, Package_Arch, Source, Source_version,
       Publisher,
       SHA2(CONCAT(Package_Name, '\u0000', Package_Type, '\u0000',
                   COALESCE(CONCAT('\u0001', Version, '\u0000'), '\u0000'),
                   COALESCE(CONCAT('\u0001', Package_Arch, '\u0000'), '\u0000'),
                   COALESCE(CONCAT('\u0001', Source, '\u0000'), '\u0000'),
                   COALESCE(CONCAT('\u0001', Source_version, '\u0000'), '\u0000'),
                   COALESCE(CONCAT('\u0001', Publisher), '\u0000')), 256) AS Package_SHA256
FROM (SELECT e.Execution_ID, r.name AS Package_Name, r.type AS Package_Type,
             NULLIF(r.version, '') AS Version, NULLIF(r.arch, '') AS Package_Arch,
             NULLIF(r.source, '') AS Source, NULLIF(r.source_version, '') AS Source_version,
             NULLIF(r.publisher, '') AS Publisher
      FROM records r
      JOIN loaded e ON e.File_ID = r.File_ID AND e.Number = r.Number
      WHERE r.record = 'package');

CREATE TABLE Packages USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY Package_SHA256) AS Package_ID, *
FROM (SELECT DISTINCT Package_SHA256, Package_Type, Package_Name, Version, Package_Arch, Source,
                      Source_version, Publisher
      FROM package_records);

-- The set of each execution: none if it has no packages and they are unknown.
CREATE TABLE package_lists USING parquet AS
SELECT Execution_ID, SIZE(items) AS Item_count,
       SHA2(ARRAY_JOIN(TRANSFORM(items, i -> CONCAT(i, '\n')), ''), 256) AS Set_SHA256
FROM (SELECT e.Execution_ID, ARRAY_SORT(COLLECT_SET(r.Package_SHA256)) AS items
      FROM loaded e
      LEFT JOIN package_records r ON r.Execution_ID = e.Execution_ID
      WHERE e.Packages > 0 OR e.Packages_known = 1
      GROUP BY e.Execution_ID);

CREATE TABLE PACKAGE_SETS USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY Set_SHA256) AS Package_Set_ID, Set_SHA256, Item_count
FROM (SELECT DISTINCT Set_SHA256, Item_count FROM package_lists);

CREATE TABLE PACKAGES_PER_SET USING parquet AS
SELECT DISTINCT s.Package_Set_ID, p.Package_ID
FROM (SELECT Set_SHA256, MIN(Execution_ID) AS Execution_ID
      FROM package_lists
      GROUP BY Set_SHA256) l
JOIN PACKAGE_SETS s ON s.Set_SHA256 = l.Set_SHA256
JOIN package_records r ON r.Execution_ID = l.Execution_ID
JOIN Packages p ON p.Package_SHA256 = r.Package_SHA256;

CREATE TABLE Executions USING parquet PARTITIONED BY (Exec_day) AS
SELECT /*+ REBALANCE(Exec_day) */ e.Execution_ID, s.Server_ID, e.Exec_date, e.Hostname, e.IP, o.OS_ID,
       p.Processor_ID, e.Processes_known, e.Users_known, e.Packages_known, k.Package_Set_ID,
       e.Snapshot_ID, e.Snapshot_SHA256, e.File_ID, e.Date_is_possible, e.Unread_files,
       e.Exec_day
FROM loaded e
JOIN Servers s ON s.Host_ID = e.Host_ID
JOIN OS o ON o.OS_Name = e.OS_Name AND o.OS_Version <=> e.OS_Version
LEFT JOIN Processors p ON p.Brand = e.Brand
LEFT JOIN package_lists l ON l.Execution_ID = e.Execution_ID
LEFT JOIN PACKAGE_SETS k ON k.Set_SHA256 = l.Set_SHA256;

DROP TABLE package_lists;
DROP TABLE loaded;
DROP TABLE refused;
DROP TABLE snapshots;
DROP TABLE records;
DROP TABLE verified;
