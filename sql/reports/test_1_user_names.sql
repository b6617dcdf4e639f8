-- Test 1: User names per server and execution date.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID  AS "Server_ID",
       e.IP         AS "IP",
       e.Exec_date  AS "Exec_date",
       u.User_Name  AS "Users"
FROM Executions e
CROSS JOIN USERS_PER_EXECUTION x ON x.Execution_ID = e.Execution_ID
JOIN USERS u ON u.User_ID = x.User_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, u.User_Name;
