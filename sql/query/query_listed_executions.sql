-- The executions in the order of test_3_process_names.sql.
SELECT e.Execution_ID, e.Server_ID, e.Exec_date
FROM Executions e
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID;
