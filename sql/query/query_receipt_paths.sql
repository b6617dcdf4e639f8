-- The files passed to `census ingest`, with the executions that came from them. From a census database
-- came the executions of the files that were loaded into it, and into those that were added to it.
SELECT r.Receipt_ID, r.Path, r.Absolute_path, r.SHA256, e.Execution_ID
FROM Receipts r
LEFT JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
UNION ALL
SELECT d.Receipt_ID, d.Path, d.Absolute_path, d.SHA256, e.Execution_ID
FROM (
    WITH RECURSIVE Origins (Origin_ID, Receipt_ID) AS (
        SELECT Database_Receipt_ID, Receipt_ID FROM Receipts WHERE Database_Receipt_ID IS NOT NULL
        UNION
        SELECT r.Database_Receipt_ID, o.Receipt_ID
        FROM Origins o
        JOIN Receipts r ON r.Receipt_ID = o.Origin_ID
        WHERE r.Database_Receipt_ID IS NOT NULL)
    SELECT Origin_ID, Receipt_ID FROM Origins) o
JOIN Receipts d ON d.Receipt_ID = o.Origin_ID
JOIN Executions e ON e.Receipt_ID = o.Receipt_ID
ORDER BY 1, 5;
