-- The loaded snapshots.
SELECT Snapshot_ID, Exec_date, Hostname FROM Executions WHERE Snapshot_ID IS NOT NULL;
