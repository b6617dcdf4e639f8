-- The number of executions with impossible dates.
SELECT COUNT(*) FROM Executions WHERE Date_is_possible = 0;
