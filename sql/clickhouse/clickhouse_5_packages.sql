-- The packages, and the executions, which refer to their sets. The digests are those of census; the
-- article "Database" defines them.

CREATE VIEW package_records AS
SELECT *, lower(hex(SHA256(concat(
              Package_Name, '\0', Package_Type, '\0',
              ifNull(concat('\x01', Version, '\0'), '\0'),
              ifNull(concat('\x01', Package_Arch, '\0'), '\0'),
              ifNull(concat('\x01', Source, '\0'), '\0'),
              ifNull(concat('\x01', Source_version, '\0'), '\0'),
              ifNull(concat('\x01', Publisher), '\0'))))) AS Package_SHA256
FROM (SELECT e.Execution_ID AS Execution_ID, assumeNotNull(r.name) AS Package_Name,
             assumeNotNull(r.type) AS Package_Type, nullIf(r.version, '') AS Version,
             nullIf(r.arch, '') AS Package_Arch, nullIf(r.source, '') AS Source,
             nullIf(r.source_version, '') AS Source_version, nullIf(r.publisher, '') AS Publisher
      FROM records r
      JOIN loaded e ON e.File_ID = r.File_ID AND e.Number = r.Number
      WHERE r.record = 'package');

CREATE TABLE Packages ENGINE = MergeTree ORDER BY Package_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY Package_SHA256) AS Package_ID, *
FROM (SELECT DISTINCT Package_SHA256, Package_Type, Package_Name, Version, Package_Arch, Source,
                      Source_version, Publisher
      FROM package_records);

-- The set of each execution: none if it has no packages and they are unknown.
CREATE TABLE package_lists ENGINE = MergeTree ORDER BY Execution_ID AS
SELECT Execution_ID, length(items) AS Item_count,
       lower(hex(SHA256(arrayStringConcat(arrayMap(i -> concat(i, '\n'), items))))) AS Set_SHA256
FROM (SELECT e.Execution_ID AS Execution_ID,
             arraySort(groupUniqArray(r.Package_SHA256)) AS items
      FROM loaded e
      LEFT JOIN package_records r ON r.Execution_ID = e.Execution_ID
      WHERE e.Packages > 0 OR e.Packages_known = 1
      GROUP BY e.Execution_ID);

CREATE TABLE PACKAGE_SETS ENGINE = MergeTree ORDER BY Package_Set_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY Set_SHA256) AS Package_Set_ID, Set_SHA256, Item_count
FROM (SELECT DISTINCT Set_SHA256, Item_count FROM package_lists);

CREATE TABLE PACKAGES_PER_SET ENGINE = MergeTree ORDER BY (Package_Set_ID, Package_ID) AS
SELECT DISTINCT s.Package_Set_ID AS Package_Set_ID, p.Package_ID AS Package_ID
FROM (SELECT Set_SHA256, min(Execution_ID) AS Execution_ID
      FROM package_lists
      GROUP BY Set_SHA256) l
JOIN PACKAGE_SETS s ON s.Set_SHA256 = l.Set_SHA256
JOIN package_records r ON r.Execution_ID = l.Execution_ID
JOIN Packages p ON p.Package_SHA256 = r.Package_SHA256;

CREATE TABLE Executions ENGINE = MergeTree PARTITION BY Exec_day ORDER BY Execution_ID AS
SELECT e.Execution_ID AS Execution_ID, s.Server_ID AS Server_ID, e.Exec_date AS Exec_date,
       e.Hostname AS Hostname, e.IP AS IP, o.OS_ID AS OS_ID, p.Processor_ID AS Processor_ID,
       e.Processes_known AS Processes_known, e.Users_known AS Users_known,
       e.Packages_known AS Packages_known, k.Package_Set_ID AS Package_Set_ID,
       e.Snapshot_ID AS Snapshot_ID, e.Snapshot_SHA256 AS Snapshot_SHA256, e.File_ID AS File_ID,
       e.Date_is_possible AS Date_is_possible, e.Unread_files AS Unread_files,
       e.Exec_day AS Exec_day
FROM loaded e
JOIN Servers s ON s.Host_ID = e.Host_ID
JOIN OS o ON o.OS_Name = e.OS_Name AND o.OS_Version <=> e.OS_Version
LEFT JOIN Processors p ON p.Brand = e.Brand
LEFT JOIN package_lists l ON l.Execution_ID = e.Execution_ID
LEFT JOIN PACKAGE_SETS k ON k.Set_SHA256 = l.Set_SHA256;

DROP VIEW package_records;
DROP VIEW user_records;
DROP VIEW process_records;
DROP TABLE package_lists;
DROP TABLE loaded;
DROP TABLE refused;
DROP TABLE snapshots;
DROP TABLE records;
DROP TABLE verified;
