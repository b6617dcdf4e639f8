-- Each server with its first and last visit. Impossible dates count only if there are no others.
SELECT s.Server_ID,
       s.Hostname,
       s.IP,
       s.Host_ID,
       o.OS_Name,
       o.OS_Version,
       COALESCE(MIN(CASE WHEN e.Date_is_possible = 1 THEN e.Exec_date END), MIN(e.Exec_date)),
       COALESCE(MAX(CASE WHEN e.Date_is_possible = 1 THEN e.Exec_date END), MAX(e.Exec_date)),
       COUNT(*)
FROM Servers s
JOIN OS o ON o.OS_ID = s.OS_ID
JOIN Executions e ON e.Server_ID = s.Server_ID
GROUP BY s.Server_ID, s.Hostname, s.IP, s.Host_ID, o.OS_Name, o.OS_Version
ORDER BY s.Server_ID;
