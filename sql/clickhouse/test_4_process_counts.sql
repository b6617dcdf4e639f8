-- Test 4: How many processes ran, per server and execution.
-- NULL: unknown, the collector could not see any processes. (A subquery in the place of the join gives
-- NULL where there are none.)
SELECT e.Server_ID  AS "Server_ID",
       e.IP         AS "IP",
       e.Exec_date  AS "Exec_date",
       CASE WHEN e.Processes_known = 1
            THEN COALESCE(x.Processes, 0) END AS "Cantidad de Procesos Ejecutando"
FROM Executions e
LEFT JOIN (SELECT Execution_ID, COUNT(*) AS Processes
           FROM PROCESSES_PER_EXECUTION
           GROUP BY Execution_ID) x ON x.Execution_ID = e.Execution_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID;
