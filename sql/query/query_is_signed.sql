-- A file with a signature, or of a host that known_hosts has a key of, if there is one.
SELECT 1 FROM Receipts WHERE Signature <> 'unsigned' OR Signer_Principal IS NOT NULL LIMIT 1;
