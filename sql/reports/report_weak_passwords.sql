-- Report weak-passwords: Accounts with an empty password, or one that never expires.
-- Of the list: accounts.
-- By the column: Password_status.
-- Of the newest execution of each server.
SELECT e.Server_ID         AS "Server_ID",
       e.Hostname          AS "Hostname",
       e.IP                AS "IP",
       e.Exec_date         AS "Exec_date",
       i.Username          AS "Username",
       i.Is_enabled        AS "Enabled",
       i.Password_status   AS "Password",
       i.Password_changed  AS "Password_changed",
       i.Max_days          AS "Max_days",
       i.Never_expires     AS "Never_expires",
       i.Last_login        AS "Last_login"
FROM Executions e
CROSS JOIN ACCOUNTS_PER_SET x ON x.Account_Set_ID = e.Account_Set_ID
JOIN Accounts i ON i.Account_ID = x.Account_ID
WHERE (i.Is_enabled IS NULL OR i.Is_enabled = 1)
  AND (i.Password_status = 'empty'
       OR i.Never_expires = 1 AND (i.Password_status IS NULL OR i.Password_status <> 'none'))
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Username, i.UID, i.GID, i.SID,
         i.Description, i.Home, i.Shell, i.Group_names, i.Is_enabled, i.Password_status,
         i.Hash_algorithm, i.Password_changed, i.Min_days, i.Max_days, i.Never_expires,
         i.Warning_days, i.Inactive_days, i.Expires, i.Last_login;
