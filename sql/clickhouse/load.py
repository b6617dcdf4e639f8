"""Makes the tables of a census, and the five reports, of snapshot files that census verified.

usage: load.py VERDICTS FILES DIRECTORY [REPORT...]

VERDICTS is what `census verify --format csv` wrote: a file, or a pattern of files.
FILES is the absolute path that a path in the verdicts begins with: /evidence/.
DIRECTORY, which is new, gets the tables in `tables`, and the reports as `test_1.csv` to `test_5.csv`.
REPORT is a file with a query of your own, which becomes a report likewise.
"""

import pathlib
import re
import sys

from chdb import session

verdicts, files, directory, *more = sys.argv[1:]
scripts = pathlib.Path(__file__).resolve().parent
database = session.Session(f"{directory}/tables")


def run(script):
    """Runs the statements of a script, and gives what the last one selects."""
    for statement in (scripts / script).read_text().rstrip(";\n").split(";\n"):
        result = database.query(statement, "TSVRaw")
    return result.bytes().decode()


def literal(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


database.query("CREATE DATABASE census")
database.query("USE census")
database.query(f"SET param_verdicts = {literal(verdicts)}, param_files = {literal(files)}")
# NULL where an outer join has nothing; any number of days; a report keeps its order.
database.query(
    "SET join_use_nulls = 1, max_partitions_per_insert_block = 0, "
    "query_plan_remove_redundant_sorting = 0")
run("clickhouse_1_verdicts.sql")
run("clickhouse_2_records.sql")
if differences := run("clickhouse_3_differences.sql"):
    sys.exit("not read as census verify read them: " + ", ".join(differences.split("\n")[:-1][:10]))
run("clickhouse_4_tables.sql")
run("clickhouse_5_packages.sql")
run("clickhouse_6_csv.sql")

# The reports of census itself, but for those that ClickHouse does not read so. They name their columns
# AS "Title".
reports = sorted((scripts.parent / "reports").glob("test_*.sql"))
reports = [own if (own := scripts / report.name).exists() else report for report in reports]
more = [pathlib.Path(path) for path in more]
for report, name in [(r, r.stem[:6]) for r in reports] + [(r, r.stem) for r in more]:
    text = report.read_text().rstrip(";\n")
    titles = re.findall('AS "([^"]+)"', text)
    fields = ", ',', ".join(f'csv_field("{title}")' for title in titles)
    output = pathlib.Path(directory, f"{name}.csv")
    output.write_text(",".join(titles) + "\r\n")
    database.query(
        f"SELECT concat({fields}, '\\r\\n') FROM ({text}) "
        f"INTO OUTFILE {literal(str(output))} APPEND FORMAT RawBLOB")
