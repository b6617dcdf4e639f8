"""The measurement of loading into a database on a server."""

import os
import shutil
import subprocess
import sys
import time

from contents import Figures, remove
from measurements import CENSUS, Measurements


class Servers(Measurements):
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

            def ingest(database, directory):
                return [CENSUS, "ingest", "--quiet", "--db",
                        f"mysql://root@/{database}?socket={data}/socket", directory]

            def counts(database):
                tables = ("OS", "Processors", "Servers", "Executions", "Processes", "USERS",
                          "PROCESSES_PER_EXECUTION", "USERS_PER_EXECUTION")
                select = ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in tables)
                return subprocess.run(
                    [*client, database, f"--execute=SELECT {select}"], check=True,
                    capture_output=True, text=True).stdout

            make("source")
            subprocess.run(ingest("source", directory), check=True)
            with open(self.path("dump.sql"), "w") as file:
                subprocess.run(
                    ["mariadb-dump", *client[1:], "source"], check=True, stdout=file)
            one, two, reload = Figures(), Figures(), Figures()
            parts = self.halves(directory)
            for _ in range(self.runs):
                make("loaded")
                one.run(ingest("loaded", directory))
                make("loaded")
                two.run_together([ingest("loaded", part) for part in parts])
                if counts("loaded") != counts("source"):
                    sys.exit("two programs have loaded something else than one")
                make("reloaded")
                with open(self.path("dump.sql")) as file:
                    reload.run([*client, "reloaded"], stdin=file)
            name = os.path.basename(directory).split("-")[1]
            for programs, figures, goal in (("", one, "1.0"), (" by two programs", two, "more than 1.0")):
                self.row(
                    f"ingest *{name}* into MariaDB{programs}", f"{figures.time:.2f} s",
                    f"{reload.time:.2f} s reload of a dump",
                    f"{reload.time / figures.time:.2f} of the rate", goal)
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(data)

    def halves(self, directory):
        """Two directories that have each second host of another one."""
        parts = [f"{directory}-half-{number}" for number in (1, 2)]
        for number, part in enumerate(parts):
            remove(part)
            os.mkdir(part)
            for name in os.listdir(directory):
                if int(name[len("host"):].split("_")[0]) % 2 == number:
                    os.link(f"{directory}/{name}", f"{part}/{name}")
        return parts
