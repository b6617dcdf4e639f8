-- Every line of the complete files. The parameter files is what a path in the verdicts begins with.

-- A file is one value, so that its lines are in order. Number counts the snapshots of a file.
CREATE TABLE records ENGINE = MergeTree ORDER BY (record, File_ID, Number, Line)
SETTINGS allow_nullable_key = 1 AS
SELECT v.File_ID AS File_ID, f.Size_bytes AS Size_bytes, f.Line AS Line, f.Number AS Number,
       r.record AS record, r.id AS id, r.taken_at AS taken_at, r.host_id AS host_id,
       r.hostname AS hostname, r.ip AS ip, r.name AS name, r.version AS version, r.model AS model,
       r.session_source AS session_source, r.processes_hidden AS processes_hidden,
       r.omitted AS omitted, r.sources AS sources, r.failed_sources AS failed_sources,
       r.unreadable AS unreadable, f.Names_sources AS Names_sources,
       r.pid AS pid, r.uid AS uid, r.user AS user, r.type AS type, r.arch AS arch,
       r.source AS source, r.source_version AS source_version, r.publisher AS publisher,
       r.processes AS processes, r.users AS users, r.packages AS packages, r.sha256 AS sha256
FROM (SELECT _path AS path, toUInt64(_size) AS Size_bytes, Line, Number,
             JSONExtract(value, 'Tuple(
                 record Nullable(String), id Nullable(String), taken_at Nullable(String),
                 host_id Nullable(String), hostname Nullable(String), ip Nullable(String),
                 name Nullable(String), version Nullable(String), model Nullable(String),
                 session_source Nullable(String), processes_hidden Nullable(Bool),
                 omitted Array(String), sources Array(String), failed_sources Array(String),
                 unreadable Array(String),
                 pid Nullable(Int64), uid Nullable(Int64), user Nullable(String),
                 type Nullable(String), arch Nullable(String), source Nullable(String),
                 source_version Nullable(String), publisher Nullable(String),
                 processes Nullable(Int64), users Nullable(Int64), packages Nullable(Int64),
                 sha256 Nullable(String))') AS r,
             r.record = 'collection'
                 AND arrayExists(key -> JSONType(value, key) = 'Array',
                                 ['sources', 'failed_sources', 'unreadable']) AS Names_sources
      FROM (SELECT _path, _size, arrayPopBack(splitByChar('\n', content)) AS lines,
                   arrayCumSum(line -> JSONExtractString(line, 'record') = 'snapshot', lines) AS numbers
            FROM file(concat({files:String}, '**'), 'RawBLOB', 'content String')
            WHERE _path IN (SELECT concat({files:String}, Path) FROM verified
                            WHERE Verdict = 'complete' AND Snapshots > 0))
      ARRAY JOIN lines AS value, numbers AS Number, arrayEnumerate(lines) AS Line) f
JOIN verified v ON concat({files:String}, v.Path) = f.path
WHERE v.Verdict = 'complete';

-- Each snapshot with its single records. An empty text is unknown.
CREATE TABLE snapshots ENGINE = MergeTree ORDER BY (File_ID, Number) AS
SELECT File_ID, Number, min(r.Size_bytes) AS Size_bytes,
       assumeNotNull(maxIf(id, record = 'snapshot')) AS Snapshot_ID,
       replaceOne(substring(assumeNotNull(maxIf(taken_at, record = 'snapshot')), 1, 19), 'T', ' ')
           AS Exec_date,
       assumeNotNull(maxIf(host_id, record = 'host')) AS Host_ID,
       nullIf(maxIf(hostname, record = 'host'), '') AS Hostname,
       nullIf(maxIf(ip, record = 'host'), '') AS IP,
       assumeNotNull(maxIf(name, record = 'os_version')) AS OS_Name,
       nullIf(maxIf(version, record = 'os_version'), '') AS OS_Version,
       nullIf(maxIf(model, record = 'cpu_info'), '') AS Brand,
       countIf(record = 'collection') = 1 AS Has_collection,
       maxIf(r.session_source, record = 'collection') AS session_source,
       maxIf(r.processes_hidden, record = 'collection') AS processes_hidden,
       anyIf(r.omitted, record = 'collection') AS omitted,
       anyIf(r.sources, record = 'collection') AS sources,
       anyIf(r.failed_sources, record = 'collection') AS failed_sources,
       anyIf(r.unreadable, record = 'collection') AS unreadable,
       max(r.Names_sources) AS Names_sources,
       countIf(record = 'process') AS Processes, countIf(record = 'user') AS Users,
       countIf(record = 'package') AS Packages, countIf(record = 'end') AS Ends,
       countIf(record IS NULL) AS Unread,
       maxIf(r.processes, record = 'end') AS End_processes,
       maxIf(r.users, record = 'end') AS End_users,
       maxIf(r.packages, record = 'end') AS End_packages,
       lower(assumeNotNull(maxIf(sha256, record = 'end'))) AS Snapshot_SHA256
FROM records r
GROUP BY File_ID, Number;
