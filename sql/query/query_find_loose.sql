-- The executions that stored procedures added. They have no snapshot, and may still get processes.
SELECT Execution_ID FROM Executions WHERE Snapshot_ID IS NULL ORDER BY Execution_ID;
