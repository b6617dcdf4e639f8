-- The users who were logged in at an execution. A name that is NULL is missing from USERS.
SELECT u.User_Name FROM USERS_PER_EXECUTION x
LEFT JOIN USERS u ON u.User_ID = x.User_ID
WHERE x.Execution_ID = ?
ORDER BY u.User_Name;
