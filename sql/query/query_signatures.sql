-- What was said of the signatures of files that were given again after they had been loaded, the latest
-- last.
SELECT SHA256, Signature FROM Receipts
WHERE Verdict = 'duplicate' AND Signature IS NOT NULL AND Signature <> 'unsigned'
ORDER BY Receipt_ID;
