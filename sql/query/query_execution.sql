-- An execution by its id.
SELECT Execution_ID, Server_ID, Exec_date, Date_is_possible FROM Executions
WHERE Execution_ID = ?;
