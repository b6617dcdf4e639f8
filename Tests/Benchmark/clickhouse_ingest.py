"""Loads a directory of snapshot files into a database of ClickHouse, into the eight tables of a census.

What a data engineer would write: file() over the directory, then SQL over sets, in the quickest way
found. The functions simpleJSONExtract read only what is written as census writes it. It checks
nothing: no digest, no counts, no order of the records.
"""

import pathlib
import sys

from chdb import session

directory, database = sys.argv[1:]
files = str(pathlib.Path(directory).absolute() / "*.jsonl.gz").replace("'", "\\'")
connection = session.Session(database)
script = f"""
    CREATE DATABASE census;
    USE census;
    SET join_use_nulls = 1, input_format_parallel_parsing = 0;

    CREATE TABLE line ENGINE = Memory AS
    SELECT _file AS file, simpleJSONExtractString(line, 'record') AS record,
           simpleJSONExtractInt(line, 'pid') AS pid, simpleJSONExtractString(line, 'name') AS name,
           simpleJSONExtractString(line, 'user') AS user,
           if(user = '', simpleJSONExtractRaw(line, 'uid'), user) AS owner,
           if(record IN ('process', 'user'), '', line) AS head
    FROM file('{files}', 'LineAsString', 'line String');

    CREATE TABLE head ENGINE = Memory AS
    SELECT file,
           assumeNotNull(maxIf(JSONExtractString(head, 'id'), record = 'snapshot')) AS id,
           parseDateTimeBestEffort(maxIf(JSONExtractString(head, 'taken_at'), record = 'snapshot'), 'UTC')
               AS date,
           maxIf(JSONExtractString(head, 'host_id'), record = 'host') AS host_id,
           maxIf(JSONExtract(head, 'hostname', 'Nullable(String)'), record = 'host') AS hostname,
           maxIf(JSONExtract(head, 'ip', 'Nullable(String)'), record = 'host') AS ip,
           maxIf(JSONExtractString(head, 'name'), record = 'os_version') AS os,
           maxIf(JSONExtract(head, 'version', 'Nullable(String)'), record = 'os_version') AS version,
           maxIf(JSONExtract(head, 'model', 'Nullable(String)'), record = 'cpu_info') AS model
    FROM line WHERE head <> '' GROUP BY file;

    CREATE TABLE OS ENGINE = MergeTree ORDER BY OS_ID AS
    SELECT ROW_NUMBER() OVER () AS OS_ID, os AS OS_Name, version AS OS_Version
    FROM (SELECT DISTINCT os, version FROM head);
    CREATE TABLE Processors ENGINE = MergeTree ORDER BY Processor_ID AS
    SELECT ROW_NUMBER() OVER () AS Processor_ID, assumeNotNull(model) AS Brand
    FROM (SELECT DISTINCT model FROM head WHERE model IS NOT NULL);
    CREATE TABLE USERS ENGINE = MergeTree ORDER BY User_ID AS
    SELECT ROW_NUMBER() OVER () AS User_ID, owner AS User_Name
    FROM (SELECT DISTINCT owner FROM line WHERE record IN ('process', 'user') AND owner <> '');

    CREATE TABLE execution ENGINE = Memory AS
    SELECT ROW_NUMBER() OVER () AS Execution_ID, h.*, o.OS_ID AS OS_ID, p.Processor_ID AS Processor_ID
    FROM head h
    JOIN OS o ON o.OS_Name = h.os AND o.OS_Version <=> h.version
    LEFT JOIN Processors p ON p.Brand = h.model;
    CREATE TABLE Servers ENGINE = MergeTree ORDER BY Server_ID AS
    SELECT ROW_NUMBER() OVER () AS Server_ID, host_id AS Host_ID, newest.1 AS Hostname, newest.2 AS IP,
           newest.3 AS OS_ID, newest.4 AS Processor_ID
    FROM (SELECT host_id, argMax((hostname, ip, OS_ID, Processor_ID), date) AS newest
          FROM execution GROUP BY host_id);
    CREATE TABLE Executions ENGINE = MergeTree ORDER BY Execution_ID AS
    SELECT e.Execution_ID AS Execution_ID, s.Server_ID AS Server_ID, e.date AS Exec_date,
           e.id AS Snapshot_ID
    FROM execution e JOIN Servers s ON s.Host_ID = e.host_id;

    -- Each process with the executions that have it, so that the links need no join.
    CREATE TABLE process ENGINE = Memory AS
    SELECT rowNumberInAllBlocks() + 1 AS id, pid, name, links
    FROM (SELECT l.pid AS pid, l.name AS name, groupArray((e.Execution_ID, u.User_ID)) AS links
          FROM (SELECT file, pid, name, owner FROM line WHERE record = 'process') l
          JOIN (SELECT file, Execution_ID FROM execution) e ON e.file = l.file
          LEFT JOIN USERS u ON u.User_Name = l.owner
          GROUP BY pid, name);
    CREATE TABLE Processes ENGINE = MergeTree ORDER BY Process_ID AS
    SELECT id AS Process_ID, pid AS PID, name AS Process_Name FROM process;
    CREATE TABLE PROCESSES_PER_EXECUTION ENGINE = MergeTree ORDER BY (Execution_ID, Process_ID) AS
    SELECT link.1 AS Execution_ID, id AS Process_ID, link.2 AS Owner_ID
    FROM process ARRAY JOIN links AS link;
    CREATE TABLE USERS_PER_EXECUTION ENGINE = MergeTree ORDER BY (Execution_ID, User_ID) AS
    SELECT DISTINCT e.Execution_ID AS Execution_ID, u.User_ID AS User_ID
    FROM (SELECT file, owner FROM line WHERE record = 'user') l
    JOIN (SELECT file, Execution_ID FROM execution) e ON e.file = l.file
    JOIN USERS u ON u.User_Name = l.owner;

    DROP TABLE process;
    DROP TABLE execution;
    DROP TABLE head;
    DROP TABLE line;
    """
for statement in script.rstrip().rstrip(";").split(";\n"):
    connection.query(statement)
connection.close()
