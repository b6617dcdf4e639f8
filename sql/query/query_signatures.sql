-- What was said of the signatures of files, each time that they were given; the latest last.
SELECT SHA256, Signature, Signer_Key, Signer_Principal FROM Receipts
WHERE Signature IN ('signed', 'valid', 'wrong_key', 'unknown_host', 'revoked')
ORDER BY Received_at, Receipt_ID;
