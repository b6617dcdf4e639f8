import Foundation
import TestSupport
import Testing

/// Values that census does not store, and others that a format might change: what `census export` makes of
/// a database that another program has altered.
@Suite struct ExportValuesTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let snapshots = (1...3).flatMap { number in
            SnapshotText(
                id: uuid(number), hostID: "h\(number)", hostname: "name-\(number)",
                processes: [process(1, "init"), process(2, "p\(number)")]
            ).bytes
        }
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", "x.sqlite", "-"], in: directory.path,
            input: snapshots)
        try #require(ingest.status == 0, "\(ingest.error)")
        try #require(try python(Self.alter).error == "")
    }

    private func python(_ script: String) throws -> RunResult {
        try run("python3", ["-c", script], in: directory.path)
    }

    private func export(_ format: String) throws {
        let result = try run(
            census, ["export", "out", "--format", format, "--db", "x.sqlite"], in: directory.path)
        try #require((result.status, result.output) == (0, ""), "\(result.error)")
    }

    private static let alter = #"""
        import random, sqlite3, struct
        db = sqlite3.connect("x.sqlite")
        def text(value):
            return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        texts = [
            b"\xff\xfe", b"\xfe\xff", b"a\xe9(b", b"\xed\xa0\x80", b"\xc0\x80", b"\xf0\x9f\x98", b"\xc3",
            "\ufffd", "\ufffd\ufffd", "\\xFF\\xFE", "\udcff\udcfe".encode("utf-8", "surrogateescape"),
            "a\0b", "\0", "a\0", "'", "''", "x'41'", "\\", "\\'", "\n.quit\n", "\r\n", "\r", "a\r\nb",
            "\x1a", "\x1b[2J", "\t", "--", "/*", ";", "\ufeff", "\u2028", "😀", "$(x)", "#", "\n#\n/\n;go\n",
            "=1", "'=1", "''=1", "-1", '"', ",", " ", "x" * 300_000, "1e5", "NULL", "A", "é" * 70_000,
        ]
        for number, value in enumerate(texts):
            db.execute("INSERT INTO Processes (PID, Process_Name) VALUES (?, CAST(? AS TEXT))",
                       (number + 100, text(value)))
        for number, value in enumerate([b"", b"A", b"\xff\xfe", b"\0\n'", b"NULL"]):
            db.execute("INSERT INTO Processes (PID, Process_Name) VALUES (?, ?)", (number + 1000, value))
        chance = random.Random(7)
        reals = [0.5, -0.1, 1.1, 1e300, -2.2606631148481385e-299, 5e-324, -5e-324, 1.7976931348623157e308,
                 float("inf"), float("-inf"), 9.3e18, 0.1 + 0.2, 0.3, 2.0 ** -1022]
        while len(reals) < 500:
            real = struct.unpack("d", struct.pack("Q", chance.getrandbits(64)))[0]
            # An integer would be stored as such.
            if real == real and not (abs(real) < 2 ** 63 and real.is_integer()): reals.append(real)
        for number, real in enumerate(reals):
            db.execute("INSERT INTO Processes (PID, Process_Name) VALUES (?, ?)", (real, f"real {number}"))
        for integer in [2 ** 63 - 1, -2 ** 63, 2 ** 53 + 1, 0, -1]:
            db.execute("INSERT INTO Processes (PID, Process_Name) VALUES (?, 'integer')", (integer,))
        db.execute("INSERT INTO Processes (PID, Process_Name) VALUES ('a text', X'')")
        db.execute("UPDATE Executions SET Kernel = '', Arch = NULL WHERE Execution_ID = 1")
        db.execute("UPDATE Executions SET Kernel = NULL, Arch = '' WHERE Execution_ID = 2")
        db.commit()
        """#

    /// sqlite3 makes of the script what the database has: each value with its storage class, byte by byte.
    @Test func theScriptIsExact() throws {
        try export("sql")
        let made = try run(
            "bash", ["-c", "sqlite3 copy.sqlite <out/census.sql"], in: directory.path)
        try #require((made.status, made.output, made.error) == (0, "", ""))
        let compared = try python(
            #"""
            import sqlite3
            def contents(name):
                db = sqlite3.connect(name)
                db.text_factory = bytes
                tables = [row[0].decode() for row in db.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
                found = {}
                for table in tables:
                    columns = [row[1].decode() for row in db.execute(f"PRAGMA table_info({table})")]
                    types = ", ".join(f"typeof({column}), {column}" for column in columns)
                    found[table] = sorted(map(repr, db.execute(f"SELECT {types} FROM {table}")))
                return found
            one, other = contents("x.sqlite"), contents("copy.sqlite")
            rows = sum(map(len, one.values()))
            kinds = [sum(f"b'{kind}'" in row for row in one["Processes"]) for kind in ["real", "blob"]]
            print(one == other, len(one) > 25, rows > 550, kinds)
            for table in one:
                for row in set(one[table]) ^ set(other[table]): print(table, row[:200])
            """#)
        #expect((compared.error, compared.output) == ("", "True True True [500, 6]\n"))
        // Any program can read it: it is UTF-8.
        let isUTF8 = try run(
            "iconv", ["-f", "utf-8", "-t", "utf-8", "-o", "/dev/null", "out/census.sql"],
            in: directory.path)
        #expect((isUTF8.status, isUTF8.error) == (0, ""))
    }

    /// JSON is valid, and gives the bytes again: Python has those that are not UTF-8 as it does itself.
    @Test(arguments: ["json", "jsonl"]) func jsonIsExact(_ format: String) throws {
        try export(format)
        let compared = try python(
            #"""
            import json, os, sqlite3
            if os.path.exists("out/processes.json"):
                rows = json.load(open("out/processes.json", encoding="utf-8"))
            else:
                # Python's own splitlines would also split at U+2028.
                rows = [json.loads(line) for line in
                        open("out/processes.ndjson", encoding="utf-8").read().split("\n")[:-1]]
            found = [(row["Process_ID"], row["Process_Name"].encode("utf-8", "surrogateescape"))
                     for row in rows]
            db = sqlite3.connect("x.sqlite")
            db.text_factory = bytes
            print(found == list(db.execute("SELECT Process_ID, Process_Name FROM Processes ORDER BY 1")))
            reals = dict(db.execute("SELECT Process_ID, PID FROM Processes WHERE typeof(PID) = 'real'"))
            print(all(float(row["PID"]) == reals[row["Process_ID"]]
                      for row in rows if row["Process_ID"] in reals), len(reals))
            """#)
        #expect((compared.error, compared.output) == ("", "True\nTrue 500\n"))
    }

    /// CSV gives the bytes again, after a `'` is removed as documented, and NULL is no empty text.
    @Test func csvIsExact() throws {
        try export("csv")
        let compared = try python(
            #"""
            import csv, re, sqlite3, sys
            csv.field_size_limit(1 << 30)
            def rows(table):
                file = open(f"out/{table}.csv", newline="", encoding="utf-8", errors="surrogateescape")
                return list(csv.DictReader(file, strict=True))
            def restored(text):
                is_escaped = re.match("'+[=+\\-@\t\r\n＝＋－＠]", text)
                return (text[1:] if is_escaped else text).encode("utf-8", "surrogateescape")
            found = [(int(row["Process_ID"]), restored(row["Process_Name"])) for row in rows("processes")]
            db = sqlite3.connect("x.sqlite")
            db.text_factory = bytes
            print(found == list(db.execute("SELECT Process_ID, Process_Name FROM Processes ORDER BY 1")))
            columns = rows("executions")[0].keys()
            kernel = list(columns).index("Kernel")
            print(list(columns)[kernel + 1])
            for line in open("out/executions.csv").read().splitlines()[1:3]:
                print(line.split(",")[kernel:kernel + 2])
            """#)
        #expect(
            (compared.error, compared.output)
                == ("", "True\nArch\n['\"\"', '']\n['', '\"\"']\n"))
    }
}
