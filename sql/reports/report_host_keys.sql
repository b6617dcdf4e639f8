-- Report host-keys: Public keys of the SSH server per server and execution.
-- Of the list: host keys.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID    AS "Server_ID",
       e.Hostname     AS "Hostname",
       e.IP           AS "IP",
       e.Exec_date    AS "Exec_date",
       i.Algorithm    AS "Algorithm",
       i.Fingerprint  AS "Fingerprint"
FROM Executions e
CROSS JOIN SSH_HOST_KEYS_PER_SET x ON x.SSH_Host_Key_Set_ID = e.SSH_Host_Key_Set_ID
JOIN SSH_host_keys i ON i.SSH_Host_Key_ID = x.SSH_Host_Key_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Algorithm, i.Fingerprint;
