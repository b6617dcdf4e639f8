-- Report accounts: Accounts per server and execution.
-- Of the list: accounts.
-- On the page.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID         AS "Server_ID",
       e.Hostname          AS "Hostname",
       e.IP                AS "IP",
       e.Exec_date         AS "Exec_date",
       i.Username          AS "Username",
       i.UID               AS "UID",
       i.GID               AS "GID",
       i.SID               AS "SID",
       i.Description       AS "Description",
       i.Home              AS "Home",
       i.Shell             AS "Shell",
       i.Group_names       AS "Groups",
       i.Is_enabled        AS "Enabled",
       i.Password_status   AS "Password",
       i.Hash_algorithm    AS "Hash_algorithm",
       i.Password_changed  AS "Password_changed",
       i.Max_days          AS "Max_days",
       i.Never_expires     AS "Never_expires",
       i.Expires           AS "Expires",
       i.Last_login        AS "Last_login"
FROM Executions e
CROSS JOIN ACCOUNTS_PER_SET x ON x.Account_Set_ID = e.Account_Set_ID
JOIN Accounts i ON i.Account_ID = x.Account_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Username, i.UID, i.GID, i.SID,
         i.Description, i.Home, i.Shell, i.Group_names, i.Is_enabled, i.Password_status,
         i.Hash_algorithm, i.Password_changed, i.Min_days, i.Max_days, i.Never_expires,
         i.Warning_days, i.Inactive_days, i.Expires, i.Last_login;
