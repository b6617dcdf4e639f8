"""Measures census side by side with what an auditor would otherwise use, and prints the table of
the article Performance. See `make bench`.

All contenders run in turn, several times; what counts is the median. Times are of whole processes;
memory is the largest resident set of a process, as time(1) tells it."""

import argparse
import os

from hosts import Hosts
from loading import Loading
from measurements import SIZES
from questions import Questions
from servers import Servers


class Benchmark(Loading, Questions, Hosts, Servers):
    def measure(self):
        fleet, rows = self.ingest("fleet")
        self.growth(fleet)
        self.encrypted()
        self.inventory(fleet, rows)
        database, size = self.names()
        self.check(database, size)
        self.page(database, size)
        self.find(database, size)
        self.ingest("history")
        self.reports()
        self.snap()
        self.protection()
        self.server()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--hundred", action="store_true", help="only load a hundred million rows, once")
    parser.add_argument(
        "directory", help="for corpora and databases, about 4 GB when full, 8 GB with --hundred")
    arguments = parser.parse_args()
    os.makedirs(arguments.directory, exist_ok=True)
    benchmark = Benchmark(arguments.size, arguments.runs, arguments.directory)
    if arguments.hundred:
        benchmark.hundred()
    else:
        benchmark.measure()
    benchmark.print()


main()
