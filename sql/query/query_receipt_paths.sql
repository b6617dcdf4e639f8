-- The files passed to `census ingest`, with the executions that came from them. From a census database
-- came the executions of the files that were loaded into it.
SELECT r.Receipt_ID, r.Path, r.Absolute_path, r.SHA256, e.Execution_ID
FROM Receipts r
LEFT JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
UNION ALL
SELECT d.Receipt_ID, d.Path, d.Absolute_path, d.SHA256, e.Execution_ID
FROM Receipts d
JOIN Receipts r ON r.Database_Receipt_ID = d.Receipt_ID
JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
ORDER BY 1, 5;
