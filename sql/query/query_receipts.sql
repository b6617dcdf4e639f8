-- The files passed to `census ingest`, one row for each time.
SELECT Receipt_ID, Path, SHA256, Verdict, Ingested_on, Absolute_path, Custody FROM Receipts
ORDER BY Receipt_ID;
