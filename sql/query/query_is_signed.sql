-- A file with a signature, if there is one.
SELECT 1 FROM Receipts WHERE Signature <> 'unsigned' LIMIT 1;
