-- The names and owners of the processes of a range of executions; the parameters are its first and its
-- last Execution_ID.
SELECT x.Execution_ID, p.Process_Name, u.User_Name
FROM PROCESSES_PER_EXECUTION x
LEFT JOIN Processes p ON p.Process_ID = x.Process_ID
LEFT JOIN USERS u ON u.User_ID = x.Owner_ID
WHERE x.Execution_ID BETWEEN ? AND ?
ORDER BY x.Execution_ID;
