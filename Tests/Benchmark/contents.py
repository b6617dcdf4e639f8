"""What a contender took, and what it loaded."""

import hashlib
import json
import os
import shlex
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time


class Figures:
    """Wall-clock seconds and MB of memory of a contender's runs."""

    def __init__(self):
        self.seconds, self.megabytes = [], []

    def run(self, command, stdin=None, codes=(0,)):
        """codes: the exit codes of a command that has done its work."""
        # (The kernel counts the memory of whoever starts a program for that of the program. So it is
        # started by a small one.)
        with tempfile.NamedTemporaryFile("r") as memory:
            start = time.monotonic()
            result = subprocess.run(
                ["/usr/bin/time", "--quiet", "--format=%M", f"--output={memory.name}", *command],
                stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self.seconds.append(time.monotonic() - start)
            if result.returncode not in codes:
                sys.exit(f"{command} ended with {result.returncode}: {result.stderr}")
            self.megabytes.append(int(memory.read()) / 1024)

    def run_together(self, commands):
        """Runs programs at once, until the last one has ended; the memory is that of the largest."""
        started = "".join(f"{shlex.join(command)} & processes=\"$processes $!\"; " for command in commands)
        self.run(["sh", "-c", started + "for process in $processes; do wait $process || exit; done"])

    @property
    def time(self):
        return statistics.median(self.seconds)

    @property
    def memory(self):
        return max(self.megabytes)


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    for name in (path, path + "-journal", path + ".wal", path + ".sig"):
        if os.path.exists(name):
            os.remove(name)


ROWS = """
    SELECT e.Snapshot_ID, p.PID, p.Process_Name, u.User_Name
    FROM PROCESSES_PER_EXECUTION x
    JOIN Executions e ON e.Execution_ID = x.Execution_ID
    JOIN Processes p ON p.Process_ID = x.Process_ID
    LEFT JOIN USERS u ON u.User_ID = x.Owner_ID
    """, """
    SELECT e.Snapshot_ID, u.User_Name
    FROM USERS_PER_EXECUTION x
    JOIN Executions e ON e.Execution_ID = x.Execution_ID
    JOIN USERS u ON u.User_ID = x.User_ID
    """, """
    SELECT s.Host_ID, s.Hostname, s.IP, o.OS_Name, o.OS_Version, p.Brand
    FROM Servers s JOIN OS o ON o.OS_ID = s.OS_ID
    LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID
    """, "SELECT COUNT(*) FROM Processes", "SELECT COUNT(*) FROM USERS"


def connect(path):
    """A connection to a database of SQLite, of DuckDB or of ClickHouse, by the ending of its name."""
    if path.endswith(".duckdb"):
        import duckdb

        connection = duckdb.connect(path, read_only=True)
        connection.execute("SET enable_progress_bar = false")
        return connection
    if path.endswith(".clickhouse"):
        from chdb import session

        connection = session.Session(path)
        connection.query("USE census; SET join_use_nulls = 1")
        return connection
    return sqlite3.connect(path)


def selected(connection, query):
    """The rows that a query selects, of any of these databases."""
    if hasattr(connection, "send_query"):
        for block in connection.send_query(query, "JSONCompactEachRow"):
            yield from map(json.loads, block.bytes().splitlines())
    else:
        cursor = connection.execute(query)
        while rows := cursor.fetchmany(10_000):
            yield from rows


def contents(path):
    """A sum over all rows in terms that do not depend on ids or their order. It is computed by another
    process, as an engine leaves threads and memory behind."""
    return json.loads(subprocess.run(
        [sys.executable, __file__, path], check=True, capture_output=True, text=True).stdout)


def sums(path):
    connection = connect(path)
    found = []
    for query in ROWS:
        count, total = 0, 0
        for row in selected(connection, query):
            digest = hashlib.blake2b(repr(tuple(row)).encode(), digest_size=8).digest()
            total = total + int.from_bytes(digest, "little") & (1 << 64) - 1
            count += 1
        found.append((count, total))
    connection.close()
    return found


def packages(path):
    """The number of packages of each execution, how many different ones there are, and sets."""
    connection = connect(path)
    counts = connection.execute(
        """
        SELECT e.Snapshot_ID, k.Item_count
        FROM Executions e JOIN PACKAGE_SETS k ON k.Package_Set_ID = e.Package_Set_ID
        ORDER BY e.Snapshot_ID
        """).fetchall()
    totals = [
        connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        for table in ("Packages", "PACKAGE_SETS", "PACKAGES_PER_SET")]
    connection.close()
    return counts, totals


if __name__ == "__main__":
    print(json.dumps(sums(sys.argv[1])))
