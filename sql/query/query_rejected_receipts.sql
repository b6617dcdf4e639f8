-- The rejected files, one row for each time they were passed to `census ingest`.
SELECT Receipt_ID, Path, SHA256, Reason, Ingested_on, Absolute_path, Custody, Cause FROM Receipts
WHERE Verdict = 'rejected'
ORDER BY Receipt_ID;
