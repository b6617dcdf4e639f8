-- The number of executions with a snapshot: of all; of those after an execution, whose Execution_ID is the
-- parameter; and of those whose ids census would not give, from 1 to 2^32 - 2. The first is a difference
-- of counts that the engines read from indexes.
SELECT (SELECT COUNT(*) FROM Executions) - (SELECT COUNT(*) FROM Executions WHERE Snapshot_ID IS NULL),
       (SELECT COUNT(*) FROM Executions WHERE Execution_ID > ? AND Snapshot_ID IS NOT NULL),
       (SELECT COUNT(*) FROM Executions WHERE Execution_ID < 1 AND Snapshot_ID IS NOT NULL)
       + (SELECT COUNT(*) FROM Executions WHERE Execution_ID >= 4294967295 AND Snapshot_ID IS NOT NULL);
