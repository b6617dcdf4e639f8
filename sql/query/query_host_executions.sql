-- The executions of a host up to a moment, the newest first.
SELECT Execution_ID, Server_ID, Exec_date, Date_is_possible FROM Executions
WHERE Server_ID = ? AND Exec_date <= ?
ORDER BY Date_is_possible DESC, Exec_date DESC, Snapshot_ID DESC, Execution_ID DESC;
