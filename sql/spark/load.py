"""Makes the tables of a census as Parquet, and the five reports, of snapshot files that census verified.

usage: spark-submit load.py VERDICTS FILES DIRECTORY [REPORT...]

VERDICTS is what `census verify --format csv` wrote: a file, a directory of files, or a pattern.
FILES is the URL that a path in the verdicts begins with: file:///evidence/, or s3a://bucket/.
DIRECTORY, which is new, gets the tables in `tables`, and the reports in `test_1.csv` to `test_5.csv`: each
is a directory of parts, which one after the other are what census writes.
REPORT is a file with a query of your own, which becomes a report likewise.
"""

import pathlib
import re
import sys

from pyspark.sql import SparkSession

verdicts, files, directory, *more = sys.argv[1:]
scripts = pathlib.Path(__file__).resolve().parent
spark = (
    SparkSession.builder.appName("census")
    .config("spark.sql.warehouse.dir", f"{directory}/tables")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate())


def run(script):
    """Runs the statements of a script, and gives what the last one selects."""
    for statement in (scripts / script).read_text().rstrip(";\n").split(";\n"):
        result = spark.sql(statement, {"files": files})
    return result


def literally(path):
    """A pattern that only the path matches."""
    return re.sub(r"([\\\[\]{}*?])", r"\\\1", path)


spark.read.csv(verdicts, header=True, multiLine=True, escape='"').createOrReplaceTempView("verdicts")
run("spark_1_verdicts.sql")
complete = spark.sql("SELECT Path FROM verified WHERE Verdict = 'complete' AND Snapshots > 0")
paths = [literally(files + row.Path) for row in complete.toLocalIterator()]
texts = spark.read.text(paths, lineSep="\n").select("_metadata.file_path", "_metadata.file_size", "value")
texts.createOrReplaceTempView("texts")
run("spark_2_records.sql")
differences = [row.Path for row in run("spark_3_differences.sql").take(10)]
if differences:
    sys.exit("not read as census verify read them: " + ", ".join(differences))
run("spark_4_tables.sql")
run("spark_5_packages.sql")
run("spark_6_csv.sql")

# The reports of census itself. They name their columns AS "Title".
spark.conf.set("spark.sql.ansi.doubleQuotedIdentifiers", True)
reports = sorted((scripts.parent / "reports").glob("test_*.sql"))
more = [pathlib.Path(path) for path in more]
for report, name in [(r, r.stem[:6]) for r in reports] + [(r, r.stem) for r in more]:
    text = report.read_text().rstrip(";\n")
    titles = re.findall('AS "([^"]+)"', text)
    fields = ", ".join(f'csv_field("{title}")' for title in titles)
    header = spark.sql(f"SELECT '{','.join(titles)}' AS line")
    rows = spark.sql(f"SELECT CONCAT_WS(',', {fields}) AS line FROM ({text})")
    header.union(rows).write.text(f"{directory}/{name}.csv", lineSep="\r\n")
