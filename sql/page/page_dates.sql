-- When a server was seen.
SELECT e.Exec_date  AS "Exec_date"
FROM Executions e
WHERE e.Server_ID = ?
ORDER BY e.Exec_date;
