-- The processes of an execution. A NULL process name means a missing row in Processes. A NULL user
-- name with an Owner_ID means a missing row in USERS.
SELECT p.PID, p.Process_Name, u.User_Name, x.Owner_ID
FROM PROCESSES_PER_EXECUTION x
LEFT JOIN Processes p ON p.Process_ID = x.Process_ID
LEFT JOIN USERS u ON u.User_ID = x.Owner_ID
WHERE x.Execution_ID = ?
ORDER BY p.PID, p.Process_Name;
