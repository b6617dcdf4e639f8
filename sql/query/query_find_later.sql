-- The executions after one, for `census find` without its index.
SELECT Execution_ID FROM Executions WHERE Execution_ID > ? ORDER BY Execution_ID;
