-- The executions of a host.
SELECT Execution_ID FROM Executions WHERE Server_ID = ? ORDER BY Execution_ID;
