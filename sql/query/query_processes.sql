-- The processes of an execution. A process's name that is NULL is missing from Processes; so is
-- from USERS that of an owner whose id is not NULL.
SELECT p.PID, p.Process_Name, u.User_Name, x.Owner_ID
FROM PROCESSES_PER_EXECUTION x
LEFT JOIN Processes p ON p.Process_ID = x.Process_ID
LEFT JOIN USERS u ON u.User_ID = x.Owner_ID
WHERE x.Execution_ID = ?
ORDER BY p.PID, p.Process_Name;
