-- What was said of the signatures of files that were given again after they had been loaded; the latest
-- last.
SELECT SHA256, Signature, Signer_Key, Signer_Principal FROM Receipts
WHERE Verdict <> 'ingested' AND Signature IN ('signed', 'valid', 'wrong_key', 'unknown_host', 'revoked')
ORDER BY Receipt_ID;
