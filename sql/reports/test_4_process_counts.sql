-- Test 4: How many processes ran, per server and execution.
-- Titled in Spanish: its last column.
-- NULL: unknown, the collector could not see any processes.
SELECT e.Server_ID  AS "Server_ID",
       e.IP         AS "IP",
       e.Exec_date  AS "Exec_date",
       CASE WHEN e.Processes_known = 1
            THEN (SELECT COUNT(*)
                  FROM PROCESSES_PER_EXECUTION x
                  WHERE x.Execution_ID = e.Execution_ID)
       END AS "Cantidad de Procesos Ejecutando"
FROM Executions e
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID;
