-- Report privileges: Who may act as an administrator or another account, per server and execution.
-- Of the list: privileges.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID         AS "Server_ID",
       e.Hostname          AS "Hostname",
       e.IP                AS "IP",
       e.Exec_date         AS "Exec_date",
       i.Subject           AS "Subject",
       i.Privilege_source  AS "Source",
       i.Privilege_rule    AS "Rule"
FROM Executions e
CROSS JOIN PRIVILEGES_PER_SET x ON x.Privilege_Set_ID = e.Privilege_Set_ID
JOIN Privileges i ON i.Privilege_ID = x.Privilege_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Subject, i.Privilege_source,
         i.Privilege_rule;
