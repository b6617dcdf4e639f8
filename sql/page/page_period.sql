-- The first and last date of the executions. Impossible dates are included only if there are no
-- others.
SELECT MIN(e.Exec_date)         AS "First",
       MAX(e.Exec_date)         AS "Last",
       MAX(e.Date_is_possible)  AS "Date_is_possible"
FROM Executions e
WHERE e.Date_is_possible = (SELECT MAX(x.Date_is_possible) FROM Executions x);
