"""Measures census side by side with what an auditor would otherwise use, and prints the table of
the article Performance. See `make bench`.

All contenders run in turn, several times; what counts is the median. Times are of whole processes;
memory is the largest resident set of a process, as time(1) tells it."""

import argparse
import glob
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from contents import Figures, contents, packages, remove

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "Tests/Benchmark")
CENSUS = os.path.join(ROOT, ".build/release/census")
STATIC = os.path.join(ROOT, "dist/census")
TOOL = os.path.join(ROOT, ".build/release/benchmark")
SCRIPTS = sorted(glob.glob(os.path.join(ROOT, "sql/sqlite/sqlite_schema_*.sql")),
                 key=lambda path: int(re.search(r"(\d+)\.sql$", path).group(1)))
REPORTS = ["1_user_names", "2_os_and_processor", "3_process_names", "4_process_counts",
           "5_user_counts"]
SIZES = {
    # hosts and executions of each corpus; for growth, hosts; for names, hosts and names of processes
    "small": {"fleet": (1000, 1), "history": (100, 20), "growth": None, "inventory": (250, 4), "names": (1000, 20_000)},
    "full": {"fleet": (10_000, 1), "history": (500, 40), "growth": 33_400,
             "inventory": (10_000, 4), "names": (33_400, 200_000)},
}
PACKAGES = 1200  # of each host of *inventory*


class Benchmark:
    def __init__(self, size, runs, directory):
        self.sizes, self.runs, self.directory = SIZES[size], runs, directory
        self.size = size
        self.table = []

    def path(self, name):
        return os.path.join(self.directory, name)

    def say(self, what):
        print(what, file=sys.stderr, flush=True)

    def row(self, what, value, against, ratio, goal):
        self.table.append((what, value, against, ratio, goal))
        self.say("    " + " | ".join(self.table[-1]))

    def corpus(self, name, hosts, executions, packages=0, names=0):
        directory = self.path(f"{self.size}-{name}")
        if not os.path.exists(directory + ".complete"):
            self.say(f"making the corpus {name}: {hosts} hosts, {executions} executions")
            shutil.rmtree(directory, ignore_errors=True)
            subprocess.run(
                [TOOL, "corpus", "--hosts", str(hosts), "--executions", str(executions),
                 "--packages", str(packages), "--names", str(names), directory], check=True)
            open(directory + ".complete", "w").close()
        return directory

    def ingest(self, name):
        directory = self.corpus(name, *self.sizes[name])
        databases = {
            "census": self.path("census.sqlite"), "duckdb": self.path("duckdb.duckdb"),
            "floor": self.path("floor.sqlite"), "python": self.path("python.sqlite"),
        }
        rows = self.path("floor.rows")
        commands = {
            "census": [CENSUS, "ingest", "--quiet", "--db", databases["census"], directory],
            "duckdb": [sys.executable, f"{HERE}/duckdb_ingest.py", directory, databases["duckdb"]],
            "floor": [TOOL, "floor", "--database", self.path("known.sqlite"), "--rows", rows,
                      "--output", databases["floor"]],
            "python": [sys.executable, f"{HERE}/row_by_row.py", directory, databases["python"],
                       *SCRIPTS],
        }
        self.say(f"{name}: looking whether all load the same")
        known = self.path("known.sqlite")
        remove(known)
        subprocess.run([CENSUS, "ingest", "--quiet", "--db", known, directory], check=True)
        subprocess.run(
            [TOOL, "floor", "--prepare", "--database", known, "--rows", rows], check=True)
        expected = contents(known)
        figures = {contender: Figures() for contender in [*commands, "again"]}
        for run in range(self.runs):
            for contender, command in commands.items():
                # Row by row takes long: one run of it on a large corpus.
                if contender == "python" and run > 0 and self.size == "full":
                    continue
                remove(databases[contender])
                figures[contender].run(command)
                if run == 0 and contents(databases[contender]) != expected:
                    sys.exit(f"{contender} has loaded something else")
            figures["again"].run(commands["census"])
        census = figures["census"]
        count = expected[0][0]
        self.say(
            f"{name}: {count} rows; seconds: "
            + ", ".join(f"{c} {f.time:.2f}" for c, f in figures.items()))

        def compare(what, contender, goal):
            other = figures[contender]
            self.row(
                f"ingest *{name}*, {count / 1e6:.1f} million rows, {what}", f"{census.time:.2f} s",
                f"{other.time:.2f} s", f"{other.time / census.time:.2f} times as fast", goal)

        compare("against DuckDB", "duckdb", "2" if name == "history" else "1")
        floor = figures["floor"]
        self.row(
            f"ingest *{name}* against the floor", f"{census.time:.2f} s", f"{floor.time:.2f} s",
            f"{census.time / floor.time:.2f} times the floor",
            "at most 1.5" if name == "fleet" else "")
        compare("against row-by-row Python", "python", "20")
        again = figures["again"]
        self.row(
            f"ingest *{name}* again", f"{again.time:.2f} s", f"{census.time:.2f} s the first time",
            f"{census.time / again.time:.1f} times as fast", "10")
        self.row(
            f"memory of ingest *{name}*", f"{census.memory:.0f} MB",
            f"{figures['duckdb'].memory:.0f} MB DuckDB", "", "200 MB")
        return census, count

    def growth(self, fleet):
        """Ten million rows, mostly new. Reads the line that ingest shows on a terminal."""
        if self.sizes["growth"] is None:
            return
        directory = self.corpus("growth", self.sizes["growth"], 1)
        database = self.path("growth.sqlite")
        remove(database)
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(CENSUS, [CENSUS, "ingest", "--limit", "0", "--db", database, directory])
        start, points, text = time.monotonic(), [(0.0, 0)], b""
        while True:
            try:
                text += os.read(terminal, 1 << 16)
            except OSError:  # nobody has the terminal open any more
                break
            *lines, text = text.split(b"\r\x1b[K")
            for line in lines:
                if found := re.search(rb"(\d+) rows", line):
                    points.append((time.monotonic() - start, int(found[1])))
        os.waitpid(pid, 0)

        def moment(rows):
            after = next(i for i, (_, count) in enumerate(points) if count >= rows)
            if after == 0:
                return 0.0
            (t0, r0), (t1, r1) = points[after - 1], points[after]
            return t0 + (t1 - t0) * (rows - r0) / (r1 - r0)

        first, tenth = moment(1e6), moment(10e6) - moment(9e6)
        self.row(
            "the tenth million rows against the first", f"{tenth:.2f} s", f"{first:.2f} s",
            f"{first / tenth:.2f} of the rate", "at least 0.75")
        remove(database)
        whole = Figures()
        whole.run([CENSUS, "ingest", "--quiet", "--db", database, directory])
        self.row(
            "memory of ingest, ten million rows against *fleet*", f"{whole.memory:.0f} MB",
            f"{fleet.memory:.0f} MB", f"{whole.memory / fleet.memory:.2f} times", "at most 2")

    def inventory(self, fleet, rows):
        """Installed packages. DuckDB loads the packages only, census all records."""
        hosts, executions = self.sizes["inventory"]
        directory = self.corpus("inventory", hosts, executions, PACKAGES)
        databases = {"census": self.path("inventory.sqlite"), "duckdb": self.path("inventory.duckdb")}
        commands = {
            "census": [CENSUS, "ingest", "--quiet", "--db", databases["census"], directory],
            "duckdb": [sys.executable, f"{HERE}/duckdb_packages.py", directory,
                       databases["duckdb"]],
        }
        figures = {contender: Figures() for contender in commands}
        found = {}
        for _ in range(self.runs):
            for contender, command in commands.items():
                remove(databases[contender])
                figures[contender].run(command)
                found[contender] = packages(databases[contender])
        if found["census"] != found["duckdb"]:
            sys.exit("the packages that census and DuckDB have loaded differ")
        connection = sqlite3.connect(databases["census"])
        count = sum(total for _, total in found["census"][0])
        processes = connection.execute("SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION").fetchone()[0]
        sets = connection.execute("SELECT COUNT(*), SUM(Item_count) FROM PACKAGE_SETS").fetchone()
        connection.close()
        self.say(f"inventory: {count} packages of {hosts * executions} executions are {sets[0]} sets "
                 f"with {sets[1]} links")
        mine, theirs = figures["census"], figures["duckdb"]
        what = f"ingest *inventory*, {count / 1e6:.1f} million packages"
        self.row(
            f"{what}, against DuckDB", f"{mine.time:.2f} s", f"{theirs.time:.2f} s",
            f"{theirs.time / mine.time:.2f} times as fast", "1")
        rate, other = (count + processes) / mine.time, rows / fleet.time
        self.row(
            f"{what}, rows a second against *fleet*", f"{rate / 1e6:.2f} million",
            f"{other / 1e6:.2f} million", f"{rate / other:.2f} of the rate", "1")
        self.row(
            "memory of ingest *inventory*", f"{mine.memory:.0f} MB",
            f"{theirs.memory:.0f} MB DuckDB", "", "200 MB")
        size = os.path.getsize(databases["census"])
        self.row(
            "size of the database of *inventory*", f"{size / 1e6:.0f} MB",
            f"{os.path.getsize(databases['duckdb']) / 1e6:.0f} MB DuckDB",
            f"{size / hosts / executions / 1000:.1f} kB an execution", "")

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
                f"{theirs.time / mine.time:.1f} times as fast", "2 s")

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

    def snap(self):
        for processes in (300, 5000):
            missing = max(0, processes - sum(name.isdigit() for name in os.listdir("/proc")))
            sleepers = [
                subprocess.Popen(["sleep", "3600"]) for _ in range(missing)
            ]
            try:
                file = self.path("snap.jsonl.gz")
                snap, ps, agent = Figures(), Figures(), Figures()
                everything, tools = Figures(), Figures()
                for _ in range(2 * self.runs + 1):
                    remove(file)
                    snap.run([STATIC, "snap", "--without", "package", "-o", file])
                    ps.run(["ps", "-eo", "pid,user,comm"])
                    remove(file)
                    everything.run([STATIC, "snap", "-o", file])
                    tools.run(["sh", "-c", "ps -eo pid,user,comm; dpkg-query -W"])
                    agent.run([sys.executable, f"{HERE}/original_agent.py"])
            finally:
                for sleeper in sleepers:
                    sleeper.send_signal(signal.SIGKILL)
                for sleeper in sleepers:
                    sleeper.wait()
            what = f"snap, {processes} processes"  # without packages
            self.row(
                f"{what}, against ps -eo pid,user,comm", f"{snap.time * 1000:.0f} ms",
                f"{ps.time * 1000:.0f} ms", f"{ps.time / snap.time:.2f} times as fast", "1")
            self.row(
                f"{what}, against the original agent", f"{snap.time * 1000:.0f} ms",
                f"{agent.time * 1000:.0f} ms", f"{agent.time / snap.time:.0f} times as fast", "20")
            packages = subprocess.run(
                ["dpkg-query", "-W"], capture_output=True, text=True, check=True).stdout.count("\n")
            what += f" and {packages} packages"
            self.row(
                f"{what}, against ps and dpkg-query -W", f"{everything.time * 1000:.0f} ms",
                f"{tools.time * 1000:.0f} ms",
                f"{tools.time / everything.time:.2f} times as fast", "0.5")
            if processes == 5000:
                self.row(f"memory of {what}", f"{everything.memory:.0f} MB", "", "", "20 MB")

    def server(self):
        """Against the reload of a dump of the same tables, on a MariaDB with default settings."""
        directory = self.corpus("history", *self.sizes["history"])
        if self.size == "full":
            directory = self.corpus("fleet", *self.sizes["fleet"])
        data = subprocess.run(
            ["mktemp", "-d", "-t", "census-bench-XXXXXX"], check=True, capture_output=True,
            text=True).stdout.strip()
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if os.geteuid() != 0:
            user = []
        else:
            os.chown(data, 65534, 65534)
        subprocess.run(
            [*user, "mariadb-install-db", "--no-defaults", "--force", "--skip-test-db",
             "--auth-root-authentication-method=normal", f"--datadir={data}/data"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data)
        environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}
        server = subprocess.Popen(
            [*user, "mariadbd", "--no-defaults", f"--datadir={data}/data", "--skip-networking",
             f"--socket={data}/socket", f"--pid-file={data}/pid"],
            env=environment, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            client = ["mariadb", "--no-defaults", "--user=root", f"--socket={data}/socket"]
            for _ in range(600):
                answer = subprocess.run(
                    [*client, "--execute=SELECT 1"], stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL)
                if answer.returncode == 0:
                    break
                time.sleep(0.1)

            def make(database):
                subprocess.run(
                    [*client, f"--execute=DROP DATABASE IF EXISTS {database}; "
                     f"CREATE DATABASE {database}"], check=True)

            def ingest(database):
                return [CENSUS, "ingest", "--quiet", "--db",
                        f"mysql://root@/{database}?socket={data}/socket", directory]

            make("source")
            subprocess.run(ingest("source"), check=True)
            with open(self.path("dump.sql"), "w") as file:
                subprocess.run(
                    ["mariadb-dump", *client[1:], "source"], check=True, stdout=file)
            mine, reload = Figures(), Figures()
            for _ in range(self.runs):
                make("loaded")
                mine.run(ingest("loaded"))
                make("reloaded")
                with open(self.path("dump.sql")) as file:
                    reload.run([*client, "reloaded"], stdin=file)
            self.row(
                f"ingest *{os.path.basename(directory).split('-')[1]}* into MariaDB",
                f"{mine.time:.2f} s", f"{reload.time:.2f} s reload of a dump",
                f"{reload.time / mine.time:.2f} of the rate", "0.6, better 0.8")
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(data)

    def print(self):
        print("| what | census | against | ratio | goal |")
        print("|---|---|---|---|---|")
        for row in self.table:
            print("| " + " | ".join(row) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("directory", help="for corpora and databases, about 3 GB when full")
    arguments = parser.parse_args()
    os.makedirs(arguments.directory, exist_ok=True)
    benchmark = Benchmark(arguments.size, arguments.runs, arguments.directory)
    fleet, rows = benchmark.ingest("fleet")
    benchmark.growth(fleet)
    benchmark.inventory(fleet, rows)
    database, size = benchmark.names()
    benchmark.check(database, size)
    benchmark.page(database, size)
    benchmark.find(database, size)
    benchmark.ingest("history")
    benchmark.reports()
    benchmark.snap()
    benchmark.server()
    benchmark.print()


main()
