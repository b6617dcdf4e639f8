"""Loads a directory of snapshot files into a DuckDB file, into the eight tables of a census.

What a data engineer would write: read_json over the directory, then SQL over sets. It checks
nothing: no digest, no counts, no order of the records.
"""

import sys

import duckdb

directory, database = sys.argv[1:]
connection = duckdb.connect(database)
connection.execute("SET preserve_insertion_order = false")
connection.execute(
    """
    CREATE TEMP TABLE line AS
    SELECT filename, record, id, taken_at, host_id, hostname, ip, name, version, model, pid, "user", uid
    FROM read_json(?, format = 'newline_delimited', filename = true, columns = {
        record: 'VARCHAR', id: 'VARCHAR', taken_at: 'VARCHAR', host_id: 'VARCHAR',
        hostname: 'VARCHAR', ip: 'VARCHAR', name: 'VARCHAR', version: 'VARCHAR', model: 'VARCHAR',
        pid: 'BIGINT', "user": 'VARCHAR', uid: 'BIGINT'})
    """,
    [f"{directory}/*.jsonl.gz"],
)
connection.execute(
    """
    CREATE TABLE OS (OS_ID INTEGER PRIMARY KEY, OS_Name VARCHAR NOT NULL, OS_Version VARCHAR,
                     UNIQUE (OS_Name, OS_Version));
    CREATE TABLE Processors (Processor_ID INTEGER PRIMARY KEY, Brand VARCHAR NOT NULL UNIQUE);
    CREATE TABLE Servers (Server_ID INTEGER PRIMARY KEY, Host_ID VARCHAR NOT NULL UNIQUE,
                          Hostname VARCHAR, IP VARCHAR, OS_ID INTEGER, Processor_ID INTEGER);
    CREATE TABLE Executions (Execution_ID INTEGER PRIMARY KEY, Server_ID INTEGER, Exec_date TIMESTAMP,
                             Snapshot_ID VARCHAR NOT NULL UNIQUE);
    CREATE TABLE Processes (Process_ID INTEGER, PID BIGINT, Process_Name VARCHAR);
    CREATE TABLE USERS (User_ID INTEGER PRIMARY KEY, User_Name VARCHAR NOT NULL UNIQUE);
    CREATE TABLE PROCESSES_PER_EXECUTION (Execution_ID INTEGER, Process_ID INTEGER,
                                          Owner_ID INTEGER);
    CREATE TABLE USERS_PER_EXECUTION (Execution_ID INTEGER, User_ID INTEGER);

    INSERT INTO OS SELECT row_number() OVER (), name, version FROM (
        SELECT DISTINCT name, version FROM line WHERE record = 'os_version');
    INSERT INTO Processors SELECT row_number() OVER (), model FROM (
        SELECT DISTINCT model FROM line WHERE record = 'cpu_info');
    INSERT INTO USERS SELECT row_number() OVER (), name FROM (
        SELECT "user" AS name FROM line WHERE record = 'user'
        UNION
        SELECT COALESCE("user", CAST(uid AS VARCHAR)) FROM line WHERE record = 'process');
    INSERT INTO Processes SELECT row_number() OVER (), pid, name FROM (
        SELECT DISTINCT pid, name FROM line WHERE record = 'process');

    CREATE TEMP TABLE execution AS
    SELECT row_number() OVER () AS Execution_ID, s.filename, s.id, CAST(s.taken_at AS TIMESTAMP) AS date,
           h.host_id, h.hostname, h.ip, o.OS_ID, p.Processor_ID
    FROM line s
    JOIN line h ON h.filename = s.filename AND h.record = 'host'
    JOIN line v ON v.filename = s.filename AND v.record = 'os_version'
    JOIN line c ON c.filename = s.filename AND c.record = 'cpu_info'
    JOIN OS o ON o.OS_Name = v.name AND o.OS_Version IS NOT DISTINCT FROM v.version
    LEFT JOIN Processors p ON p.Brand = c.model
    WHERE s.record = 'snapshot';

    INSERT INTO Servers
    SELECT row_number() OVER (), host_id, arg_max(hostname, date), arg_max(ip, date),
           arg_max(OS_ID, date), arg_max(Processor_ID, date)
    FROM execution GROUP BY host_id;
    INSERT INTO Executions
    SELECT e.Execution_ID, s.Server_ID, e.date, e.id
    FROM execution e JOIN Servers s ON s.Host_ID = e.host_id;
    INSERT INTO PROCESSES_PER_EXECUTION
    SELECT e.Execution_ID, p.Process_ID, u.User_ID
    FROM line l
    JOIN execution e ON e.filename = l.filename
    JOIN Processes p ON p.PID = l.pid AND p.Process_Name = l.name
    LEFT JOIN USERS u ON u.User_Name = COALESCE(l."user", CAST(l.uid AS VARCHAR))
    WHERE l.record = 'process';
    INSERT INTO USERS_PER_EXECUTION
    SELECT DISTINCT e.Execution_ID, u.User_ID
    FROM line l
    JOIN execution e ON e.filename = l.filename
    JOIN USERS u ON u.User_Name = l."user"
    WHERE l.record = 'user';
    """
)
connection.close()
