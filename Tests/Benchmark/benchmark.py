"""Measures census side by side with what an auditor would otherwise use, and prints the table of
the article Performance. See `make bench`.

All contenders run in turn, several times; what counts is the median. Times are of whole processes;
memory is the largest resident set of a process, as time(1) tells it."""

import argparse
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
from measurements import CENSUS, HERE, PACKAGES, SCRIPTS, SIZES, STATIC, TOOL
from questions import Questions


class Benchmark(Questions):
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
