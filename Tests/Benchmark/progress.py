"""The line that `census ingest` shows on a terminal, with its times."""

import os
import pty
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

# `17 of 50 files, 51000 rows, 203187 rows/s, 1 s left`, and the line at the end: `50 files read in
# 0.7 s: 50 snapshots loaded with 150000 processes and 17 logins`. The first number of rows counts.
ROWS = re.compile(rb"of \d[\d,. ]* files?, (\d[\d,. ]*?) rows?(?:,|$)")
SUMMARY = re.compile(rb" loaded with (\d[\d,. ]*?) process(?:es)?\b")


class Progress:
    """A load of a directory into a new database of SQLite: how many rows there were at which time.

    seconds are those until the load had ended, without the reports after it."""

    def __init__(self, census, database, directory):
        self.points = [(0.0, 0)]
        self.rows, self.seconds = 0, 0.0
        terminal, other = pty.openpty()
        with tempfile.NamedTemporaryFile("r") as memory:
            start = time.monotonic()
            process = subprocess.Popen(
                ["/usr/bin/time", "--quiet", "--format=%M", f"--output={memory.name}",
                 census, "ingest", "--limit", "0", "--db", database, directory],
                stdin=other, stdout=subprocess.DEVNULL, stderr=other)
            os.close(other)
            text = b""
            while True:
                try:
                    text += os.read(terminal, 1 << 16)
                except OSError:  # nobody has the terminal open any more
                    break
                *lines, text = re.split(rb"\r\x1b\[K|\r\n", text)
                for line in lines:
                    self._read(line, time.monotonic() - start)
            os.close(terminal)
            if process.wait() != 0:
                sys.exit(f"census ingest of {directory} ended with {process.returncode}")
            self.megabytes = int(memory.read()) / 1024
        connection = sqlite3.connect(database)
        rows = connection.execute("SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION").fetchone()[0]
        connection.close()
        if self.rows != rows:
            sys.exit(f"the line of census ingest was read as {self.rows} rows, and there are {rows}")

    def _read(self, line, seconds):
        if found := SUMMARY.search(line):
            self.seconds = seconds
        elif not (found := ROWS.search(line)):
            return
        self.rows = int(re.sub(rb"\D", b"", found[1]))
        if self.rows < self.points[-1][1]:
            sys.exit(f"fewer rows than before: {line}")
        self.points.append((seconds, self.rows))

    def moment(self, rows):
        """The seconds after which so many rows were loaded."""
        after = next(i for i, (_, count) in enumerate(self.points) if count >= rows)
        if after == 0:
            return 0.0
        (t0, r0), (t1, r1) = self.points[after - 1], self.points[after]
        return t0 + (t1 - t0) * (rows - r0) / (r1 - r0)
