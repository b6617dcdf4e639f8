-- The tables of a census, from the snapshots and their records. The ids of servers and executions are
-- those of `census ingest` of the directory; all others are numbers without a meaning.

-- Of two snapshots with one id and different content, the first counts, and the file of the other is
-- refused as a whole. So a file is refused if it contradicts one before it that is not refused itself:
-- the files that contradict others, which are few, are judged in their order.
CREATE TABLE refused ENGINE = MergeTree ORDER BY File_ID AS
SELECT arrayJoin(arrayFold(
           (refused, file) -> if(arrayExists(o -> NOT has(refused, o), file.2),
                                 arrayPushBack(refused, file.1), refused),
           arraySort(groupArray((File_ID, Others))), []::Array(UInt64))) AS File_ID
FROM (SELECT s.File_ID AS File_ID, groupUniqArray(o.File_ID) AS Others
      FROM snapshots s
      JOIN snapshots o ON o.Snapshot_ID = s.Snapshot_ID
      WHERE o.File_ID < s.File_ID AND o.Snapshot_SHA256 <> s.Snapshot_SHA256
      GROUP BY s.File_ID);

-- Each file that was verified.
CREATE TABLE Files ENGINE = MergeTree ORDER BY File_ID AS
SELECT v.File_ID AS File_ID, v.Path AS Path,
       CASE WHEN r.File_ID IS NULL THEN v.Verdict ELSE 'corrupt' END AS Verdict,
       CASE WHEN r.File_ID IS NULL THEN v.Reason
            ELSE 'a snapshot in it has different content in a file before it' END AS Reason,
       v.Size_bytes AS Size_bytes, v.SHA256 AS SHA256, v.Snapshots AS Snapshots
FROM verified v
LEFT JOIN refused r ON r.File_ID = v.File_ID;

-- A JSON array of texts, as `census ingest` writes it.
CREATE OR REPLACE FUNCTION json_texts AS (texts) ->
    concat('[', arrayStringConcat(
        arrayMap(
            text -> concat('"', arrayFold(
                (escaped, code) -> replaceAll(
                    escaped, char(code),
                    transform(code, [9, 10, 13, 34, 92], ['\\t', '\\n', '\\r', '\\"', '\\\\'],
                              concat('\\u00', lower(hex(toUInt8(code)))))),
                -- (The backslash first.)
                arrayConcat([92, 34, 127], range(1, 32)), text), '"'),
            texts), ','), ']');

-- The snapshots that count, each once. A clock may be a minute ahead.
CREATE TABLE loaded ENGINE = MergeTree ORDER BY (File_ID, Number) AS
SELECT ROW_NUMBER() OVER (ORDER BY File_ID, Number) AS Execution_ID,
       substring(Exec_date, 1, 10) AS Exec_day,
       Exec_date <= formatDateTime(now('UTC') + INTERVAL 1 MINUTE, '%Y-%m-%d %H:%i:%S')
           AS Date_is_possible,
       Processes > 0 OR NOT Has_collection
           OR processes_hidden IS NOT NULL AND NOT has(omitted, 'process') AS Processes_known,
       Users > 0 OR COALESCE(session_source, '') <> 'none' AND NOT has(omitted, 'user')
           AS Users_known,
       CASE WHEN has(omitted, 'package')
                 OR arrayExists(s -> startsWith(s, 'package '), failed_sources) THEN 0
            WHEN arrayExists(s -> match(s,
                     '^package (dpkg|rpm|apk|pacman|portage|slackware|windows) '), sources) THEN 1
            WHEN Packages = 0 THEN NULL
            WHEN arrayExists(s -> startsWith(s, 'package '), sources) THEN 0
            ELSE 1 END AS Packages_known,
       CASE WHEN Names_sources
            -- (A file may be a source of several kinds.)
            THEN json_texts(arrayDistinct(arrayFilter(file -> file <> '', arrayConcat(
                     unreadable, arrayMap(
                         source -> replaceRegexpOne(source, '(?s)^ *[^ ]+ +[^ ]+ (.+)$', '\\1'),
                         failed_sources))))) END AS Unread_files,
       File_ID, Number, Snapshot_ID, Snapshot_SHA256, Exec_date, Host_ID, Hostname, IP, OS_Name,
       OS_Version, Brand, Packages
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY Snapshot_ID ORDER BY File_ID, Number) AS Copy
      FROM snapshots
      WHERE File_ID NOT IN (SELECT File_ID FROM refused))
WHERE Copy = 1;

CREATE TABLE OS ENGINE = MergeTree ORDER BY OS_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY OS_Name, OS_Version) AS OS_ID, OS_Name, OS_Version
FROM (SELECT DISTINCT OS_Name, OS_Version FROM loaded);

CREATE TABLE Processors ENGINE = MergeTree ORDER BY Processor_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY Brand) AS Processor_ID, assumeNotNull(Brand) AS Brand
FROM (SELECT DISTINCT Brand FROM loaded WHERE Brand IS NOT NULL);

-- The newest execution of a host is that of sql/query/newest_first.sql.
CREATE TABLE Servers ENGINE = MergeTree ORDER BY Server_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY n.First_Execution_ID) AS Server_ID, n.Host_ID AS Host_ID,
       e.Hostname AS Hostname, e.IP AS IP, o.OS_ID AS OS_ID, p.Processor_ID AS Processor_ID,
       e.Date_is_possible AS Newest_date_is_possible, e.Exec_date AS Newest_Exec_date,
       e.Snapshot_ID AS Newest_Snapshot_ID
FROM (SELECT Host_ID, min(Execution_ID) AS First_Execution_ID,
             argMax(Execution_ID, (Date_is_possible, Exec_date, Snapshot_ID)) AS Newest_Execution_ID
      FROM loaded
      GROUP BY Host_ID) n
JOIN loaded e ON e.Execution_ID = n.Newest_Execution_ID
JOIN OS o ON o.OS_Name = e.OS_Name AND o.OS_Version <=> e.OS_Version
LEFT JOIN Processors p ON p.Brand = e.Brand;

-- An owner for whom the host had no name is the user id in digits.
CREATE VIEW process_records AS
SELECT e.Execution_ID AS Execution_ID, e.Exec_day AS Exec_day, r.Line AS Line,
       assumeNotNull(r.pid) AS PID, assumeNotNull(r.name) AS Process_Name,
       COALESCE(nullIf(r.user, ''), toString(r.uid)) AS Owner
FROM records r
JOIN loaded e ON e.File_ID = r.File_ID AND e.Number = r.Number
WHERE r.record = 'process';

CREATE VIEW user_records AS
SELECT DISTINCT e.Execution_ID AS Execution_ID, e.Exec_day AS Exec_day,
       assumeNotNull(r.user) AS User_Name
FROM records r
JOIN loaded e ON e.File_ID = r.File_ID AND e.Number = r.Number
WHERE r.record = 'user';

-- Numbered in 1024 parts: there may be more than one processor sorts.
CREATE TABLE Processes ENGINE = MergeTree ORDER BY Process_ID AS
SELECT (ROW_NUMBER() OVER (PARTITION BY Part ORDER BY PID, Process_Name) - 1) * 1024 + Part + 1
           AS Process_ID,
       PID, Process_Name
FROM (SELECT DISTINCT PID, Process_Name, cityHash64(PID, Process_Name) % 1024 AS Part
      FROM process_records);

CREATE TABLE USERS ENGINE = MergeTree ORDER BY User_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY User_Name) AS User_ID, User_Name
FROM (SELECT assumeNotNull(Owner) AS User_Name FROM process_records WHERE Owner IS NOT NULL
      UNION DISTINCT
      SELECT User_Name FROM user_records);

-- A process listed twice has one row, with the first owner that is known.
CREATE TABLE PROCESSES_PER_EXECUTION ENGINE = MergeTree PARTITION BY Exec_day
ORDER BY (Execution_ID, Process_ID) AS
SELECT x.Execution_ID AS Execution_ID, p.Process_ID AS Process_ID, u.User_ID AS Owner_ID,
       x.Exec_day AS Exec_day
FROM (SELECT Execution_ID, Exec_day, PID, Process_Name,
             argMinIf(Owner, Line, Owner IS NOT NULL) AS Owner
      FROM process_records
      GROUP BY Execution_ID, Exec_day, PID, Process_Name) x
JOIN Processes p ON p.PID = x.PID AND p.Process_Name = x.Process_Name
LEFT JOIN USERS u ON u.User_Name = x.Owner;

CREATE TABLE USERS_PER_EXECUTION ENGINE = MergeTree PARTITION BY Exec_day
ORDER BY (Execution_ID, User_ID) AS
SELECT x.Execution_ID AS Execution_ID, u.User_ID AS User_ID, x.Exec_day AS Exec_day
FROM user_records x
JOIN USERS u ON u.User_Name = x.User_Name;
