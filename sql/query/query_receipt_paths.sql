-- The files passed to `census ingest`, with the executions that came from them.
SELECT r.Receipt_ID, r.Path, r.Absolute_path, r.SHA256, e.Execution_ID
FROM Receipts r
LEFT JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
ORDER BY r.Receipt_ID, e.Execution_ID;
