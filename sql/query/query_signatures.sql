-- What was said of the signatures of files that were given again after they had been loaded, and compared
-- with a known_hosts; the latest last.
SELECT SHA256, Signature FROM Receipts
WHERE Verdict = 'duplicate' AND Signature IN ('valid', 'wrong_key', 'unknown_host', 'revoked')
ORDER BY Receipt_ID;
