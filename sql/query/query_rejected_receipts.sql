-- The files that were rejected, each time they were given.
SELECT Receipt_ID, Path, SHA256, Reason FROM Receipts WHERE Verdict = 'rejected'
ORDER BY Receipt_ID;
