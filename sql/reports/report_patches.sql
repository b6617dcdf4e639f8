-- Report patches: Updates of Windows per server and execution.
-- Of the list: patches.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID     AS "Server_ID",
       e.Hostname      AS "Hostname",
       e.IP            AS "IP",
       e.Exec_date     AS "Exec_date",
       i.Hotfix_ID     AS "Hotfix_ID",
       i.Description   AS "Description",
       i.Installed_on  AS "Installed_on"
FROM Executions e
CROSS JOIN PATCHES_PER_SET x ON x.Patch_Set_ID = e.Patch_Set_ID
JOIN Patches i ON i.Patch_ID = x.Patch_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Hotfix_ID, i.Description, i.Installed_on;
