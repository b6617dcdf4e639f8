-- The files, as `census verify --format csv` judged them. The parameter verdicts is the path of its
-- output, or a pattern of several.

-- A file is numbered in the order of `census ingest` of the directory: that of the names, folder by
-- folder. In CSV a text that a spreadsheet would take for a formula begins with a ' of its own.
CREATE TABLE verified ENGINE = MergeTree ORDER BY File_ID AS
SELECT ROW_NUMBER() OVER (ORDER BY splitByChar('/', Path)) AS File_ID, *
FROM (SELECT DISTINCT
             replaceRegexpOne(v.Path, '^\'(\'*[=+\\-@\\t\\r\\n＝＋－＠])', '\\1') AS Path, Verdict,
             Reason, Size_bytes, SHA256, Snapshots
      FROM file({verdicts:String}, 'CSVWithNames', '
               Path String, Verdict String, Reason Nullable(String), Size_bytes Nullable(UInt64),
               SHA256 Nullable(String), Snapshots UInt64') v)
SETTINGS input_format_csv_trim_whitespaces = 0, format_csv_allow_single_quotes = 0;
