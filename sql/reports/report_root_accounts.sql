-- Report root-accounts: Accounts with uid 0 other than root.
-- Of the list: accounts.
-- Of the newest execution of each server.
SELECT e.Server_ID        AS "Server_ID",
       e.Hostname         AS "Hostname",
       e.IP               AS "IP",
       e.Exec_date        AS "Exec_date",
       i.Username         AS "Username",
       i.UID              AS "UID",
       i.Shell            AS "Shell",
       i.Is_enabled       AS "Enabled",
       i.Password_status  AS "Password",
       i.Last_login       AS "Last_login"
FROM Executions e
CROSS JOIN ACCOUNTS_PER_SET x ON x.Account_Set_ID = e.Account_Set_ID
JOIN Accounts i ON i.Account_ID = x.Account_ID
WHERE i.UID = 0 AND i.SID IS NULL AND i.Username <> 'root'
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Username, i.UID, i.GID, i.SID,
         i.Description, i.Home, i.Shell, i.Group_names, i.Is_enabled, i.Password_status,
         i.Hash_algorithm, i.Password_changed, i.Min_days, i.Max_days, i.Never_expires,
         i.Warning_days, i.Inactive_days, i.Expires, i.Last_login;
