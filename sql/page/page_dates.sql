-- The times at which a server was seen. Impossible dates are included only if there are no others.
SELECT e.Exec_date  AS "Exec_date"
FROM Executions e
WHERE e.Server_ID = ?
  AND e.Date_is_possible = (SELECT MAX(x.Date_is_possible) FROM Executions x)
ORDER BY e.Exec_date;
