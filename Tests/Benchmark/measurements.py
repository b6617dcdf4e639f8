"""What all measurements share: the programs, the corpora, and the table of results."""

import glob
import os
import re
import shutil
import subprocess
import sys

from contents import remove

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "Tests/Benchmark")
CENSUS = os.path.join(ROOT, ".build/release/census")
STATIC = os.path.join(ROOT, "dist/census")
COLLECTORS = [os.path.join(ROOT, "dist/collectors", name) for name in ("linux-x86_64", "linux-i686")]
TOOL = os.path.join(ROOT, ".build/release/benchmark")
SCRIPTS = sorted(glob.glob(os.path.join(ROOT, "sql/sqlite/sqlite_schema_*.sql")),
                 key=lambda path: int(re.search(r"(\d+)\.sql$", path).group(1)))
REPORTS = ["1_user_names", "2_os_and_processor", "3_process_names", "4_process_counts",
           "5_user_counts"]
SIZES = {
    # hosts and executions of each corpus; for names, hosts and names of processes; for growth and
    # hundred, hosts, and a tenth and a hundredth of their rows (small ones are less than a batch: that they
    # are measured shows that it can be, and no more)
    "small": {"fleet": (1000, 1), "history": (100, 20), "growth": (3400, 100_000),
              "hundred": (3400, 10_000), "inventory": (250, 4), "names": (1000, 20_000)},
    "full": {"fleet": (10_000, 1), "history": (500, 40), "growth": (33_400, 1_000_000),
             "hundred": (333_400, 1_000_000), "inventory": (10_000, 4), "names": (33_400, 200_000)},
}
PACKAGES = 1200  # of each host of *inventory*


class Measurements:
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

    def age_key(self, path):
        """Makes a key of age(1) in a new file, and gives its recipient."""
        remove(path)
        subprocess.run(["age-keygen", "-o", path], check=True, stderr=subprocess.DEVNULL)
        return subprocess.run(
            ["age-keygen", "-y", path], check=True, capture_output=True, text=True).stdout.strip()

    def print(self):
        print("| what | census | against | ratio | goal |")
        print("|---|---|---|---|---|")
        for row in self.table:
            print("| " + " | ".join(row) + " |")
