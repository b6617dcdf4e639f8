-- The files, as `census verify --format csv` judged them. The view verdicts has the rows of its output.

-- A file is numbered in the order of `census ingest` of the directory: that of the names, folder by
-- folder. In CSV a text that a spreadsheet would take for a formula begins with a ' of its own.
CREATE TABLE verified USING parquet AS
SELECT ROW_NUMBER() OVER (ORDER BY SPLIT(Path, '/')) AS File_ID, *
FROM (SELECT DISTINCT REGEXP_REPLACE(Path, r'^\x27(\x27*[=+\-@\t\r\n＝＋－＠])', '$1') AS Path, Verdict,
             Reason, CAST(Size_bytes AS BIGINT) AS Size_bytes, SHA256,
             CAST(Snapshots AS BIGINT) AS Snapshots
      FROM verdicts);
