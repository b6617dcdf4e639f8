-- The executions that `census check` compares with the rules, without processes and lists.
SELECT e.Execution_ID, e.Server_ID, s.Host_ID, e.Hostname, e.IP, e.Exec_date,
       o.OS_Name, o.OS_Version, e.Processes_known, e.Processes_hidden
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN OS o ON o.OS_ID = e.OS_ID
ORDER BY e.Server_ID, e.Exec_date, e.Snapshot_ID, e.Execution_ID;
