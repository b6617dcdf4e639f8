"""Loads the packages of a directory of snapshot files into a DuckDB file, into the tables of a census.

What a data engineer would write: read_json over the directory, then SQL over sets. It checks
nothing, and loads no processes.
"""

import sys

import duckdb

directory, database = sys.argv[1:]
connection = duckdb.connect(database)
connection.execute("SET preserve_insertion_order = false")
connection.execute(
    """
    CREATE TEMP TABLE line AS
    SELECT filename, record, id, type, name, version, arch, source, source_version, publisher
    FROM read_json(?, format = 'newline_delimited', filename = true, columns = {
        record: 'VARCHAR', id: 'VARCHAR', type: 'VARCHAR', name: 'VARCHAR', version: 'VARCHAR',
        arch: 'VARCHAR', source: 'VARCHAR', source_version: 'VARCHAR', publisher: 'VARCHAR'})
    WHERE record IN ('snapshot', 'package')
    """,
    [f"{directory}/*.jsonl.gz"],
)
connection.execute(
    """
    CREATE TABLE Packages (Package_ID INTEGER, Package_Type VARCHAR, Package_Name VARCHAR,
                           Version VARCHAR, Package_Arch VARCHAR, Source VARCHAR,
                           Source_version VARCHAR, Publisher VARCHAR);
    CREATE TABLE PACKAGE_SETS (Package_Set_ID INTEGER PRIMARY KEY, Set_MD5 VARCHAR UNIQUE,
                               Item_count INTEGER);
    CREATE TABLE PACKAGES_PER_SET (Package_Set_ID INTEGER, Package_ID INTEGER);
    CREATE TABLE Executions (Execution_ID INTEGER PRIMARY KEY, Snapshot_ID VARCHAR UNIQUE,
                             Package_Set_ID INTEGER);

    INSERT INTO Packages
    SELECT row_number() OVER (), type, name, version, arch, source, source_version, publisher
    FROM (SELECT DISTINCT type, name, version, arch, source, source_version, publisher
          FROM line WHERE record = 'package');

    CREATE TEMP TABLE list AS
    SELECT l.filename, md5(string_agg(CAST(p.Package_ID AS VARCHAR), ',' ORDER BY p.Package_ID)) AS digest,
           COUNT(DISTINCT p.Package_ID) AS items
    FROM line l
    JOIN Packages p ON p.Package_Name = l.name AND p.Package_Type = l.type
         AND p.Version IS NOT DISTINCT FROM l.version AND p.Package_Arch IS NOT DISTINCT FROM l.arch
         AND p.Source IS NOT DISTINCT FROM l.source
         AND p.Source_version IS NOT DISTINCT FROM l.source_version
         AND p.Publisher IS NOT DISTINCT FROM l.publisher
    WHERE l.record = 'package'
    GROUP BY l.filename;

    INSERT INTO PACKAGE_SETS
    SELECT row_number() OVER (), digest, any_value(items) FROM list GROUP BY digest;
    INSERT INTO Executions
    SELECT row_number() OVER (), s.id, k.Package_Set_ID
    FROM line s
    LEFT JOIN list t ON t.filename = s.filename
    LEFT JOIN PACKAGE_SETS k ON k.Set_MD5 = t.digest
    WHERE s.record = 'snapshot';

    INSERT INTO PACKAGES_PER_SET
    SELECT DISTINCT k.Package_Set_ID, p.Package_ID
    FROM (SELECT digest, any_value(filename) AS filename FROM list GROUP BY digest) t
    JOIN PACKAGE_SETS k ON k.Set_MD5 = t.digest
    JOIN line l ON l.filename = t.filename AND l.record = 'package'
    JOIN Packages p ON p.Package_Name = l.name AND p.Package_Type = l.type
         AND p.Version IS NOT DISTINCT FROM l.version AND p.Package_Arch IS NOT DISTINCT FROM l.arch
         AND p.Source IS NOT DISTINCT FROM l.source
         AND p.Source_version IS NOT DISTINCT FROM l.source_version
         AND p.Publisher IS NOT DISTINCT FROM l.publisher;
    """
)
connection.close()
