-- From when to when the executions are.
SELECT MIN(e.Exec_date)  AS "First",
       MAX(e.Exec_date)  AS "Last"
FROM Executions e;
