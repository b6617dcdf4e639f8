"""The measurements of questions to a database, side by side with the shell of SQLite."""

import os
import sqlite3
import subprocess

from contents import Figures, remove
from measurements import CENSUS, REPORTS, ROOT, STATIC, Measurements


class Questions(Measurements):
    def names(self):
        """A database of hosts visited once, whose programs have many names."""
        hosts, names = self.sizes["names"]
        directory = self.corpus("names", hosts, 1, names=names)
        database = self.path("names.sqlite")
        remove(database)
        subprocess.run([CENSUS, "ingest", "--quiet", "--db", database, directory], check=True)
        connection = sqlite3.connect(database)
        rows, known = connection.execute(
            "SELECT (SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION), "
            "(SELECT COUNT(DISTINCT Process_Name) FROM Processes)").fetchone()
        connection.close()
        return database, f"{rows / 1e6:.1f} million processes with {known} names"

    def find(self, database, size):
        """A name among many, with the index and without it, as an account that may only read."""
        what = f"find *NAME* in {size}"
        before = os.path.getsize(database)
        first = Figures()
        search = [CENSUS, "find", "--in", "processes", "--format", "csv", "--db", database]
        first.run([*search, "rsync-7"])
        after = os.path.getsize(database)
        self.row(
            f"{what}, the first time", f"{first.time:.1f} s; {first.memory:.0f} MB", "",
            f"the database has {after / 1e6:.0f} MB and had {before / 1e6:.0f}", "")
        scan = ["sqlite3", database, """
            SELECT Process_Name, COUNT(DISTINCT Server_ID), MIN(Exec_date), MAX(Exec_date)
            FROM PROCESSES_PER_EXECUTION JOIN Processes USING (Process_ID)
            JOIN Executions USING (Execution_ID) WHERE Process_Name LIKE '{}' GROUP BY 1"""]
        for pattern in ("rsync-7", "*sync-77*", "systemd"):
            mine, theirs = Figures(), Figures()
            for _ in range(2 * self.runs + 1):
                mine.run([*search, pattern])
            theirs.run([*scan[:2], scan[2].format(pattern.replace("*", "%"))])
            self.row(
                f"{what}: {pattern}", f"{mine.time * 1000:.0f} ms; {mine.memory:.0f} MB",
                f"{theirs.time:.2f} s sqlite3, a scan",
                f"{theirs.time / mine.time:.0f} times as fast", "50 ms")

    def check(self, database, size):
        """The dozen rules of fixtures, and fifty. The shell looks for the first of them, and for
        the forbidden names of all."""
        example = os.path.join(ROOT, "fixtures/rules/example.yaml")
        patterns = [f"forbidden-{number}-*" for number in range(37)] + ["rsync-7?"]
        fifty = self.path("fifty.yaml")
        with open(example) as source, open(fifty, "w") as target:
            target.write(source.read())
            for number, pattern in enumerate(patterns):
                target.write(
                    f"  - {{id: more-{number}, severity: low, sentence: Not allowed., "
                    f"forbidden-processes: '{pattern}'}}\n")
        for rules, path, globs in (
            (12, example, ["[Tt]eam[Vv]iewer*"]), (50, fifty, patterns),
        ):
            mine, theirs = Figures(), Figures()
            condition = " OR ".join(f"Process_Name GLOB '{glob}'" for glob in globs)
            scan = f"""
                SELECT Server_ID, Exec_date, PID, Process_Name, User_Name
                FROM Executions JOIN PROCESSES_PER_EXECUTION USING (Execution_ID)
                JOIN Processes USING (Process_ID) LEFT JOIN USERS ON User_ID = Owner_ID
                WHERE {condition} ORDER BY Server_ID, PID, Process_Name"""
            for _ in range(self.runs):
                mine.run([CENSUS, "check", "--rules", path, "--db", database], codes=(0, 1, 2))
                theirs.run(["sqlite3", database, scan])
            self.row(
                f"check of {rules} rules in {size}", f"{mine.time:.2f} s; {mine.memory:.0f} MB",
                f"{theirs.time:.2f} s sqlite3, {len(globs)} by GLOB",
                f"{theirs.time / mine.time:.1f} times as fast",
                "2 s" if rules == 12 else "hardly more than 12 rules")

    def page(self, database, size):
        """The page without the files beside it. The shell answers the queries of its reports."""
        mine, theirs = Figures(), Figures()
        reads = [f".read {ROOT}/sql/reports/test_{name}.sql" for name in REPORTS]
        for _ in range(self.runs):
            mine.run([CENSUS, "report", "--format", "html", "-o", "-", "--db", database])
            theirs.run(["sqlite3", "-csv", database, *reads])
        self.row(
            f"the page of {size}", f"{mine.time:.2f} s; {mine.memory:.0f} MB",
            f"{theirs.time:.2f} s sqlite3, the five reports",
            f"{theirs.time / mine.time:.1f} times as fast", "4 s")

    def reports(self):
        """On the database of *history*, which was loaded last."""
        database = self.path("known.sqlite")
        for index, name in enumerate(REPORTS):
            number = index + 1
            script = f"{ROOT}/sql/reports/test_{name}.sql"
            shell = [*("sqlite3 -csv -header".split()), database, f".read {script}"]
            ours = [STATIC, "report", str(number), "--format", "csv", "--db", database]
            mine, theirs = Figures(), Figures()
            for _ in range(self.runs if number in (3, 4) else 10 * self.runs + 1):
                mine.run(ours)
                theirs.run(shell)
            memory = f"; {mine.memory:.0f} MB" if number == 3 else ""
            self.row(
                f"report {number} --format csv on *history*", f"{mine.time:.3f} s{memory}",
                f"{theirs.time:.3f} s sqlite3", f"{theirs.time / mine.time:.2f} times as fast",
                "2" if number == 3 else "1.2")
