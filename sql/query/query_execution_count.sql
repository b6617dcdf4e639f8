-- The number of executions.
SELECT COUNT(*) FROM Executions;
