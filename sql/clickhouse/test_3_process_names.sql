-- Test 3: Processes running per server and execution.
-- Titled in Spanish: its last column.
SELECT e.Server_ID     AS "Server_ID",
       e.Exec_date     AS "Exec_date",
       p.Process_Name  AS "Procesos Ejecutando"
FROM Executions e
JOIN PROCESSES_PER_EXECUTION x ON x.Execution_ID = e.Execution_ID
JOIN Processes p ON p.Process_ID = x.Process_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, p.PID, p.Process_Name;
