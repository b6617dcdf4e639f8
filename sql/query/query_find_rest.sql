-- How far the index of `census find` goes after executions were deleted, and how many it has; the parameter
-- is the last one that it had.
SELECT e.Execution_ID, e.Snapshot_ID,
       (SELECT COUNT(*) FROM Executions o
        WHERE o.Execution_ID <= e.Execution_ID AND o.Snapshot_ID IS NOT NULL)
FROM Executions e
WHERE e.Execution_ID <= ? AND e.Snapshot_ID IS NOT NULL
ORDER BY e.Execution_ID DESC
LIMIT 1;
