-- How far the index of `census find` goes, and the snapshot that its last execution has now.
SELECT u.Last_Execution_ID, u.Last_Snapshot_ID, u.Executions, e.Snapshot_ID
FROM FIND_UPDATES u
LEFT JOIN Executions e ON e.Execution_ID = u.Last_Execution_ID
ORDER BY u.Last_Execution_ID DESC
LIMIT 1;
