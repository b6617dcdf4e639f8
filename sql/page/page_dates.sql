-- When a server was seen. Dates that are impossible count only where no other is in the database.
SELECT e.Exec_date  AS "Exec_date"
FROM Executions e
WHERE e.Server_ID = ?
  AND e.Date_is_possible = (SELECT MAX(x.Date_is_possible) FROM Executions x)
ORDER BY e.Exec_date;
