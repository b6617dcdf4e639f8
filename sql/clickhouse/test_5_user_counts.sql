-- Test 5: How many users were logged in, per server and execution.
-- NULL: unknown, the host does not record logins. (A subquery in the place of the join gives NULL where
-- there are none.)
SELECT e.Server_ID  AS "Server_ID",
       e.IP         AS "IP",
       e.Exec_date  AS "Exec_date",
       CASE WHEN e.Users_known = 1
            THEN COALESCE(x.Users, 0) END AS "Cantidad de usuarios por servidor y ejecucion"
FROM Executions e
LEFT JOIN (SELECT Execution_ID, COUNT(*) AS Users
           FROM USERS_PER_EXECUTION
           GROUP BY Execution_ID) x ON x.Execution_ID = e.Execution_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID;
