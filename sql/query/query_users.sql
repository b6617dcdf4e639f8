-- The logged-in users of an execution. A NULL name means a missing row in USERS.
SELECT u.User_Name FROM USERS_PER_EXECUTION x
LEFT JOIN USERS u ON u.User_ID = x.User_ID
WHERE x.Execution_ID = ?
ORDER BY u.User_Name;
