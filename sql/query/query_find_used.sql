-- The names in the index of `census find` that occur in executions. The program replaces the comment by a
-- condition.
SELECT DISTINCT Name_ID FROM FIND_RUNS /* names */;
