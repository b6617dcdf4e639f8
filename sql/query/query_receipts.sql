-- The files that were given to `census ingest`, each time they were given.
SELECT Receipt_ID, Path, SHA256, Verdict FROM Receipts ORDER BY Receipt_ID;
