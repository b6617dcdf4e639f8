-- One row if there is any execution.
SELECT Execution_ID FROM Executions LIMIT 1;
