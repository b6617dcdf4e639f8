-- Every line of the complete files. The view texts has these lines with the URLs and sizes of their
-- files, and the parameter files is what a path in the verdicts begins with.

-- All values are texts: a key that one kind of record does not have may be of any type in it. A file
-- is read from its beginning to its end, so that its lines have ascending numbers. Number counts the
-- snapshots of a file.
CREATE TABLE records USING parquet AS
SELECT File_ID, Size_bytes, Line,
       SUM(CASE WHEN r.record = 'snapshot' THEN 1 ELSE 0 END)
           OVER (PARTITION BY File_ID ORDER BY Line ROWS UNBOUNDED PRECEDING) AS Number,
       r.*
FROM (SELECT v.File_ID, t.Size_bytes, t.Line, t.r
      FROM (SELECT REGEXP_REPLACE(URL_DECODE(REPLACE(file_path, '+', '%2B')), '^file:/+',
                                  'file:///') AS URL,
                   file_size AS Size_bytes,
                   MONOTONICALLY_INCREASING_ID() AS Line,
                   FROM_JSON(value, '
                       record STRING, id STRING, taken_at STRING, host_id STRING, hostname STRING,
                       ip STRING, name STRING, version STRING, model STRING, session_source STRING,
                       processes_hidden STRING, omitted STRING, sources STRING,
                       failed_sources STRING, unreadable STRING, pid STRING, uid STRING,
                       user STRING, type STRING, arch STRING, source STRING,
                       source_version STRING, publisher STRING, processes STRING, users STRING,
                       packages STRING, sha256 STRING') AS r
            FROM texts) t
      JOIN verified v ON CONCAT(:files, v.Path) = t.URL AND v.Verdict = 'complete');

-- Each snapshot with its single records. An empty text is unknown.
CREATE TABLE snapshots USING parquet AS
SELECT File_ID, Number, MIN(Size_bytes) AS Size_bytes,
       MAX(id) FILTER (WHERE record = 'snapshot') AS Snapshot_ID,
       REPLACE(LEFT(MAX(taken_at) FILTER (WHERE record = 'snapshot'), 19), 'T', ' ') AS Exec_date,
       MAX(host_id) FILTER (WHERE record = 'host') AS Host_ID,
       NULLIF(MAX(hostname) FILTER (WHERE record = 'host'), '') AS Hostname,
       NULLIF(MAX(ip) FILTER (WHERE record = 'host'), '') AS IP,
       MAX(name) FILTER (WHERE record = 'os_version') AS OS_Name,
       NULLIF(MAX(version) FILTER (WHERE record = 'os_version'), '') AS OS_Version,
       NULLIF(MAX(model) FILTER (WHERE record = 'cpu_info'), '') AS Brand,
       COUNT(*) FILTER (WHERE record = 'collection') = 1 AS Has_collection,
       MAX(session_source) FILTER (WHERE record = 'collection') AS session_source,
       MAX(processes_hidden) FILTER (WHERE record = 'collection') AS processes_hidden,
       COALESCE(FROM_JSON(MAX(omitted) FILTER (WHERE record = 'collection'), 'ARRAY<STRING>'),
                ARRAY()) AS omitted,
       COALESCE(FROM_JSON(MAX(sources) FILTER (WHERE record = 'collection'), 'ARRAY<STRING>'),
                ARRAY()) AS sources,
       COALESCE(FROM_JSON(MAX(failed_sources) FILTER (WHERE record = 'collection'),
                          'ARRAY<STRING>'), ARRAY()) AS failed_sources,
       COALESCE(FROM_JSON(MAX(unreadable) FILTER (WHERE record = 'collection'), 'ARRAY<STRING>'),
                ARRAY()) AS unreadable,
       MAX(COALESCE(sources, failed_sources, unreadable)) FILTER (WHERE record = 'collection')
           IS NOT NULL AS Names_sources,
       COUNT(*) FILTER (WHERE record = 'process') AS Processes,
       COUNT(*) FILTER (WHERE record = 'user') AS Users,
       COUNT(*) FILTER (WHERE record = 'package') AS Packages,
       COUNT(*) FILTER (WHERE record = 'end') AS Ends,
       COUNT(*) FILTER (WHERE record IS NULL) AS Unread,
       CAST(MAX(processes) FILTER (WHERE record = 'end') AS BIGINT) AS End_processes,
       CAST(MAX(users) FILTER (WHERE record = 'end') AS BIGINT) AS End_users,
       CAST(MAX(packages) FILTER (WHERE record = 'end') AS BIGINT) AS End_packages,
       LOWER(MAX(sha256) FILTER (WHERE record = 'end')) AS Snapshot_SHA256
FROM records
GROUP BY File_ID, Number;
