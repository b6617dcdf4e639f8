-- The tables of a census, from the snapshots and their records. The ids of servers and executions are
-- those of `census ingest` of the directory; all others are numbers without a meaning.

-- Of two snapshots with one id and different content, the first counts, and the file of the other is
-- refused as a whole. So a file is refused if it contradicts one before it that is not refused itself:
-- the files that contradict others, which are few, are judged in their order.
CREATE TABLE refused USING parquet AS
SELECT EXPLODE(AGGREGATE(
           ARRAY_SORT(COLLECT_LIST(STRUCT(File_ID, Others))), CAST(ARRAY() AS ARRAY<INT>),
           (refused, file) -> CASE WHEN EXISTS(file.Others, o -> NOT ARRAY_CONTAINS(refused, o))
                                   THEN ARRAY_APPEND(refused, file.File_ID) ELSE refused END)) AS File_ID
FROM (SELECT s.File_ID, COLLECT_SET(o.File_ID) AS Others
      FROM snapshots s
      JOIN snapshots o ON o.Snapshot_ID = s.Snapshot_ID AND o.File_ID < s.File_ID
                          AND o.Snapshot_SHA256 <> s.Snapshot_SHA256
      GROUP BY s.File_ID);

-- Each file that was verified.
CREATE TABLE Files USING parquet AS
SELECT v.File_ID, v.Path, CASE WHEN r.File_ID IS NULL THEN v.Verdict ELSE 'corrupt' END AS Verdict,
       CASE WHEN r.File_ID IS NULL THEN v.Reason
            ELSE 'a snapshot in it has different content in a file before it' END AS Reason,
       v.Size_bytes, v.SHA256, v.Snapshots
FROM verified v
LEFT JOIN refused r ON r.File_ID = v.File_ID;

-- The snapshots that count, each once. A clock may be a minute ahead.
CREATE TABLE loaded USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY File_ID, Number) AS Execution_ID, LEFT(Exec_date, 10) AS Exec_day,
       CASE WHEN Exec_date <= DATE_FORMAT(CURRENT_TIMESTAMP() + INTERVAL 1 MINUTE,
                                          'yyyy-MM-dd HH:mm:ss')
            THEN 1 ELSE 0 END AS Date_is_possible,
       CASE WHEN Processes > 0 OR NOT Has_collection
                 OR processes_hidden IS NOT NULL AND NOT ARRAY_CONTAINS(omitted, 'process')
            THEN 1 ELSE 0 END AS Processes_known,
       CASE WHEN Users > 0
                 OR COALESCE(session_source, '') <> 'none' AND NOT ARRAY_CONTAINS(omitted, 'user')
            THEN 1 ELSE 0 END AS Users_known,
       CASE WHEN ARRAY_CONTAINS(omitted, 'package')
                 OR EXISTS(failed_sources, s -> STARTSWITH(s, 'package ')) THEN 0
            WHEN EXISTS(sources, s -> s RLIKE
                        '^package (dpkg|rpm|apk|pacman|portage|slackware|windows) ') THEN 1
            WHEN Packages = 0 THEN NULL
            WHEN EXISTS(sources, s -> STARTSWITH(s, 'package ')) THEN 0
            ELSE 1 END AS Packages_known,
       -- A JSON array, as `census ingest` writes it. A file may be a source of several kinds. The
       -- backslash is escaped first.
       CASE WHEN Names_sources THEN CONCAT('[', ARRAY_JOIN(TRANSFORM(
                ARRAY_DISTINCT(FILTER(CONCAT(unreadable, TRANSFORM(
                    failed_sources,
                    source -> REGEXP_REPLACE(source, '(?s)^ *[^ ]+ +[^ ]+ (.+)$', '$1'))),
                    file -> file <> '')),
                file -> CONCAT('"', AGGREGATE(
                    CONCAT(ARRAY(92, 34, 127), SEQUENCE(1, 31)), file,
                    (escaped, code) -> REPLACE(
                        escaped, CHR(code),
                        CASE code WHEN 9 THEN '\\t' WHEN 10 THEN '\\n' WHEN 13 THEN '\\r'
                                  WHEN 34 THEN '\\"' WHEN 92 THEN '\\\\'
                                  ELSE CONCAT('\\u00', LPAD(LOWER(HEX(code)), 2, '0')) END)),
                    '"')), ','), ']') END AS Unread_files,
       File_ID, Number, Snapshot_ID, Snapshot_SHA256, Exec_date, Host_ID, Hostname, IP, OS_Name,
       OS_Version, Brand, Packages
FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY Snapshot_ID ORDER BY File_ID, Number) AS Copy
      FROM snapshots s
      LEFT ANTI JOIN refused r ON r.File_ID = s.File_ID)
WHERE Copy = 1;

CREATE TABLE OS USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY OS_Name, OS_Version) AS OS_ID, OS_Name, OS_Version
FROM (SELECT DISTINCT OS_Name, OS_Version FROM loaded);

CREATE TABLE Processors USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY Brand) AS Processor_ID, Brand
FROM (SELECT DISTINCT Brand FROM loaded WHERE Brand IS NOT NULL);

-- The newest execution of a host is that of sql/query/newest_first.sql.
CREATE TABLE Servers USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY n.First_Execution_ID) AS Server_ID, n.Host_ID, n.newest.Hostname,
       n.newest.IP, o.OS_ID, p.Processor_ID, n.newest.Date_is_possible AS Newest_date_is_possible,
       n.newest.Exec_date AS Newest_Exec_date, n.newest.Snapshot_ID AS Newest_Snapshot_ID
FROM (SELECT Host_ID, MIN(Execution_ID) AS First_Execution_ID,
             MAX_BY(STRUCT(Hostname, IP, OS_Name, OS_Version, Brand, Date_is_possible, Exec_date,
                           Snapshot_ID),
                    STRUCT(Date_is_possible, Exec_date, Snapshot_ID)) AS newest
      FROM loaded
      GROUP BY Host_ID) n
JOIN OS o ON o.OS_Name = n.newest.OS_Name AND o.OS_Version <=> n.newest.OS_Version
LEFT JOIN Processors p ON p.Brand = n.newest.Brand;

-- An owner for whom the host had no name is the user id in digits.
CREATE TEMPORARY VIEW process_records AS
SELECT e.Execution_ID, e.Exec_day, r.Line, CAST(r.pid AS BIGINT) AS PID, r.name AS Process_Name,
       COALESCE(NULLIF(r.user, ''), CAST(CAST(r.uid AS BIGINT) AS STRING)) AS Owner
FROM records r
JOIN loaded e ON e.File_ID = r.File_ID AND e.Number = r.Number
WHERE r.record = 'process';

CREATE TEMPORARY VIEW user_records AS
SELECT DISTINCT e.Execution_ID, e.Exec_day, r.user AS User_Name
FROM records r
JOIN loaded e ON e.File_ID = r.File_ID AND e.Number = r.Number
WHERE r.record = 'user';

-- Numbered in 1024 parts: there may be more than one machine sorts.
CREATE TABLE Processes USING parquet AS
SELECT (ROW_NUMBER() OVER (PARTITION BY Part ORDER BY PID, Process_Name) - 1) * 1024 + Part + 1
           AS Process_ID,
       PID, Process_Name
FROM (SELECT DISTINCT PID, Process_Name, PMOD(XXHASH64(PID, Process_Name), 1024) AS Part
      FROM process_records);

CREATE TABLE USERS USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY User_Name) AS User_ID, User_Name
FROM (SELECT Owner AS User_Name FROM process_records WHERE Owner IS NOT NULL
      UNION
      SELECT User_Name FROM user_records);

-- A process listed twice has one row, with the first owner that is known.
CREATE TABLE PROCESSES_PER_EXECUTION USING parquet PARTITIONED BY (Exec_day) AS
SELECT /*+ REBALANCE(Exec_day) */ x.Execution_ID, p.Process_ID, u.User_ID AS Owner_ID, x.Exec_day
FROM (SELECT Execution_ID, Exec_day, PID, Process_Name,
             MIN_BY(Owner, Line) FILTER (WHERE Owner IS NOT NULL) AS Owner
      FROM process_records
      GROUP BY Execution_ID, Exec_day, PID, Process_Name) x
JOIN Processes p ON p.PID = x.PID AND p.Process_Name = x.Process_Name
LEFT JOIN USERS u ON u.User_Name = x.Owner;

CREATE TABLE USERS_PER_EXECUTION USING parquet PARTITIONED BY (Exec_day) AS
SELECT /*+ REBALANCE(Exec_day) */ x.Execution_ID, u.User_ID, x.Exec_day
FROM user_records x
JOIN USERS u ON u.User_Name = x.User_Name;
