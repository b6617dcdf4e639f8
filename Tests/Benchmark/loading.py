"""The measurements of loading, side by side with DuckDB, ClickHouse, Python and SQLite itself."""

import os
import sqlite3
import subprocess
import sys

from contents import Figures, contents, packages, remove
from measurements import CENSUS, HERE, PACKAGES, SCRIPTS, TOOL, Measurements
from progress import Progress


class Loading(Measurements):
    def ingest(self, name):
        directory = self.corpus(name, *self.sizes[name])
        databases = {
            "census": self.path("census.sqlite"), "duckdb": self.path("duckdb.duckdb"),
            "clickhouse": self.path("tables.clickhouse"), "floor": self.path("floor.sqlite"),
            "python": self.path("python.sqlite"),
        }
        rows = self.path("floor.rows")
        commands = {
            "census": [CENSUS, "ingest", "--quiet", "--db", databases["census"], directory],
            "duckdb": [sys.executable, f"{HERE}/duckdb_ingest.py", directory, databases["duckdb"]],
            "clickhouse": [sys.executable, f"{HERE}/clickhouse_ingest.py", directory,
                           databases["clickhouse"]],
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

        goal = "4" if name == "history" else "2"
        compare("against DuckDB", "duckdb", goal)
        compare("against ClickHouse", "clickhouse", goal)
        floor = figures["floor"]
        self.row(
            f"ingest *{name}* against the floor", f"{census.time:.2f} s", f"{floor.time:.2f} s",
            f"{census.time / floor.time:.2f} times the floor",
            "at most 1.5" if name == "fleet" else "")
        compare("against row-by-row Python", "python", "20")
        again = figures["again"]
        self.row(
            f"ingest *{name}* again", f"{again.time:.2f} s", f"{census.time:.2f} s the first time",
            f"{census.time / again.time:.1f} times as fast",
            "11" if name == "history" else "10")
        self.row(
            f"memory of ingest *{name}*", f"{census.memory:.0f} MB",
            f"{figures['duckdb'].memory:.0f} MB DuckDB, "
            f"{figures['clickhouse'].memory:.0f} MB ClickHouse", "", "200 MB")
        return census, count

    def growth(self, fleet):
        """Ten million rows, mostly new."""
        hosts, part = self.sizes["growth"]
        directory = self.corpus("growth", hosts, 1)
        database = self.path("growth.sqlite")
        remove(database)
        load = Progress(CENSUS, database, directory)
        self.last_part(load, 10, part)
        remove(database)
        whole = Figures()
        whole.run([CENSUS, "ingest", "--quiet", "--db", database, directory])
        self.row(
            f"memory of ingest, {load.rows / 1e6:.0f} million rows against *fleet*", f"{whole.memory:.0f} MB",
            f"{fleet.memory:.0f} MB", f"{whole.memory / fleet.memory:.2f} times",
            "200 MB at any number of rows")
        remove(database)

    def last_part(self, progress, number, part):
        """How fast the last so many rows are loaded."""
        first = progress.moment(part)
        last = progress.moment(number * part) - progress.moment((number - 1) * part)
        unit = "million" if part == 1_000_000 else f"{part:,}"
        self.row(
            f"the {'hundredth' if number == 100 else 'tenth'} {unit} rows against the first",
            f"{last:.2f} s", f"{first:.2f} s", f"{first / last:.2f} of the rate", "at least 0.75")

    def hundred(self):
        """A hundred million rows, loaded once. It takes long, so it is measured by itself."""
        hosts, part = self.sizes["hundred"]
        directory = self.corpus("hundred", hosts, 1)
        database = self.path("hundred.sqlite")
        remove(database)
        load = Progress(CENSUS, database, directory)
        what = f"ingest *hundred*, {load.rows / 1e6:.1f} million rows"
        size = os.path.getsize(database)
        self.row(
            what, f"{load.seconds:.1f} s", "", f"{load.rows / load.seconds / 1e6:.2f} million rows a second",
            "")
        self.row(
            f"memory of {what}", f"{load.megabytes:.0f} MB", "", "", "200 MB at any number of rows")
        self.row(
            "size of the database of *hundred*", f"{size / 1e6:,.0f} MB", "",
            f"{size / load.rows:.1f} bytes a row", "")
        self.last_part(load, 100, part)
        remove(database)

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

    def encrypted(self):
        """Files of *fleet* encrypted for an X25519 key by age(1), against the same in the clear."""
        fleet = self.corpus("fleet", *self.sizes["fleet"])
        directory = self.path(f"{self.size}-encrypted")
        plain, aged, key = (os.path.join(directory, name) for name in ("plain", "aged", "key.txt"))
        names = sorted(os.listdir(fleet))[:2000]
        if not os.path.exists(directory + ".complete"):
            self.say(f"encrypting {len(names)} files")
            remove(directory)
            os.makedirs(plain)
            os.makedirs(aged)
            recipient = self.age_key(key)
            for name in names:
                os.link(f"{fleet}/{name}", f"{plain}/{name}")
                subprocess.run(
                    ["age", "-r", recipient, "-o", f"{aged}/{name}.age", f"{fleet}/{name}"], check=True)
            open(directory + ".complete", "w").close()
        database = self.path("encrypted.sqlite")
        for command in (["ingest", "--quiet", "--db", database], ["verify"]):
            clear, secret = Figures(), Figures()
            loaded = []
            for _ in range(2 * self.runs + 1):
                for figures, arguments in ((clear, [plain]), (secret, ["--identity", key, aged])):
                    remove(database)
                    figures.run([CENSUS, *command, *arguments])
                    if command[0] == "ingest" and len(loaded) < 2:
                        loaded.append(contents(database))
            if command[0] == "ingest" and loaded[0] != loaded[1]:
                sys.exit("of encrypted files something else was loaded")
            self.row(
                f"{command[0]} of {len(names)} encrypted files, of the rate of plain ones",
                f"{secret.time:.2f} s", f"{clear.time:.2f} s plain",
                f"{clear.time / secret.time:.2f} of the rate", "0.8")
