-- Test 1: User names per server and execution date.
SELECT e.Server_ID  AS "Server_ID",
       e.IP         AS "IP",
       e.Exec_date  AS "Exec_date",
       u.User_Name  AS "Users"
FROM Executions e
JOIN USERS_PER_EXECUTION x ON x.Execution_ID = e.Execution_ID
JOIN USERS u ON u.User_ID = x.User_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, u.User_Name;
