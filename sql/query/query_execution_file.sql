-- The file that an execution came from.
SELECT r.Path, r.SHA256
FROM Executions e
JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID
WHERE e.Execution_ID = ?;
