-- The executions of a host, with the file that each came from, and what shows that it is genuine.
-- Joined_from is as in list_evidence.sql. The program appends the order of newest_first.sql.
SELECT e.Execution_ID, e.Exec_date, r.Path, r.SHA256, r.Signature, r.Signer_Key, r.Signer_Principal,
       d.Path AS Joined_from, r.Encryption, r.Custody, r.Manifest, r.Manifest_SHA256, r.Manifest_Case,
       r.Manifest_Examiner, r.Manifest_Signer
FROM Executions e
LEFT JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID
LEFT JOIN Receipts d ON d.Receipt_ID = r.Database_Receipt_ID
WHERE e.Server_ID = ?;
