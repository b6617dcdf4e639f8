"""Loads a directory of snapshot files into SQLite row by row, with a look-up before each insert, as
the original system's stored procedures did. One transaction a file, the tables of a census."""

import glob
import gzip
import json
import sqlite3
import sys

directory, database, *scripts = sys.argv[1:]
connection = sqlite3.connect(database, isolation_level=None)
for script in scripts:
    connection.executescript(open(script).read())


def identity(table, column, keys):
    """The id of a row; the row is added where it is new."""
    condition = " AND ".join(f"{key} IS ?" for key in keys)
    found = connection.execute(
        f"SELECT {column} FROM {table} WHERE {condition}", list(keys.values())
    ).fetchone()
    if found:
        return found[0]
    return connection.execute(
        f"INSERT INTO {table} ({', '.join(keys)}) VALUES ({', '.join('?' * len(keys))})",
        list(keys.values()),
    ).lastrowid


def load(path):
    records = [json.loads(line) for line in gzip.open(path, "rt")]
    head = {r["record"]: r for r in records if r["record"] not in ("process", "user")}
    host, os = head["host"], head["os_version"]
    date = head["snapshot"]["taken_at"].replace("T", " ").rstrip("Z")
    connection.execute("BEGIN IMMEDIATE")
    receipt = connection.execute(
        "INSERT INTO Receipts (Path, Verdict, Received_at) VALUES (?, 'ingested', '')", [path]
    ).lastrowid
    os_id = identity("OS", "OS_ID", {"OS_Name": os["name"], "OS_Version": os.get("version")})
    processor = identity("Processors", "Processor_ID", {"Brand": head["cpu_info"]["model"]})
    server = connection.execute(
        "SELECT Server_ID FROM Servers WHERE Host_ID = ?", [host["host_id"]]
    ).fetchone()
    if server:
        server = server[0]
    else:
        server = connection.execute(
            "INSERT INTO Servers (Host_ID, Hostname, IP, OS_ID, Processor_ID) VALUES (?, ?, ?, ?, ?)",
            [host["host_id"], host["hostname"], host["ip"], os_id, processor],
        ).lastrowid
    execution = connection.execute(
        "INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processor_ID,"
        " Processes_known, Users_known, Snapshot_ID, Snapshot_SHA256, Receipt_ID)"
        " VALUES (?, ?, ?, ?, ?, ?, 1, 1, ?, ?, ?)",
        [server, date, host["hostname"], host["ip"], os_id, processor, head["snapshot"]["id"],
         head["end"]["sha256"], receipt],
    ).lastrowid
    for record in records:
        if record["record"] == "process":
            process = identity(
                "Processes", "Process_ID", {"PID": record["pid"], "Process_Name": record["name"]}
            )
            owner = identity("USERS", "User_ID", {"User_Name": record["user"]})
            connection.execute(
                "INSERT OR IGNORE INTO PROCESSES_PER_EXECUTION VALUES (?, ?, ?)",
                [execution, process, owner],
            )
        elif record["record"] == "user":
            user = identity("USERS", "User_ID", {"User_Name": record["user"]})
            connection.execute(
                "INSERT OR IGNORE INTO USERS_PER_EXECUTION VALUES (?, ?)", [execution, user]
            )
    connection.execute("COMMIT")


for path in sorted(glob.glob(f"{directory}/*.jsonl.gz")):
    load(path)
