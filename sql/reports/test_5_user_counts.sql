-- Test 5: How many users were logged in, per server and execution.
-- Titled in Spanish: its last column.
-- NULL: unknown, the host does not record logins.
SELECT e.Server_ID  AS "Server_ID",
       e.IP         AS "IP",
       e.Exec_date  AS "Exec_date",
       CASE WHEN e.Users_known = 1
            THEN (SELECT COUNT(*)
                  FROM USERS_PER_EXECUTION x
                  WHERE x.Execution_ID = e.Execution_ID)
       END AS "Cantidad de usuarios por servidor y ejecucion"
FROM Executions e
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID;
