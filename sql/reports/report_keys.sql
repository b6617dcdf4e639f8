-- Report keys: Public keys that may log in by SSH, per server and execution.
-- Of the list: keys.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID    AS "Server_ID",
       e.Hostname     AS "Hostname",
       e.IP           AS "IP",
       e.Exec_date    AS "Exec_date",
       i.Username     AS "Username",
       i.Algorithm    AS "Algorithm",
       i.Fingerprint  AS "Fingerprint",
       i.Key_options  AS "Options",
       i.Key_comment  AS "Comment",
       i.Key_path     AS "Path"
FROM Executions e
CROSS JOIN AUTHORIZED_KEYS_PER_SET x ON x.Authorized_Key_Set_ID = e.Authorized_Key_Set_ID
JOIN Authorized_keys i ON i.Authorized_Key_ID = x.Authorized_Key_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Username, i.Fingerprint, i.Algorithm,
         i.Key_options, i.Key_comment, i.Key_path;
