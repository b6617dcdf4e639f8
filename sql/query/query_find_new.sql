-- The next executions that the index of `census find` lacks; the parameter is the last one it has.
SELECT Execution_ID, Snapshot_ID
FROM Executions
WHERE Execution_ID > ? AND Snapshot_ID IS NOT NULL
ORDER BY Execution_ID
LIMIT 5000;
