-- The executions from an id on: those that the index of `census find` lacks, or all.
SELECT Execution_ID FROM Executions WHERE Execution_ID >= ? ORDER BY Execution_ID;
