-- From when to when the executions are. Dates that are impossible count only where no other is in
-- the database.
SELECT MIN(e.Exec_date)         AS "First",
       MAX(e.Exec_date)         AS "Last",
       MAX(e.Date_is_possible)  AS "Date_is_possible"
FROM Executions e
WHERE e.Date_is_possible = (SELECT MAX(x.Date_is_possible) FROM Executions x);
