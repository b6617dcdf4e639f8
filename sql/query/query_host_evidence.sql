-- The executions of a host, with the file that each came from, and what shows that it is genuine. The
-- program appends the order of newest_first.sql.
SELECT e.Execution_ID, e.Exec_date, r.Path, r.SHA256, r.Signature, r.Signer_Key, r.Signer_Principal, r.Custody
FROM Executions e
LEFT JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID
WHERE e.Server_ID = ?;
