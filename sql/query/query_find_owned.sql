-- The executions of processes by their owners. The program replaces the comment by parameters.
SELECT u.User_Name, x.Execution_ID
FROM PROCESSES_PER_EXECUTION x
JOIN USERS u ON u.User_ID = x.Owner_ID
WHERE u.User_Name IN (/* names */);
