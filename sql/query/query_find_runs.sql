-- The executions of each name in the index of `census find`. The program replaces the comment by a
-- condition.
SELECT Name_ID, First_Execution_ID, Last_Execution_ID
FROM FIND_RUNS /* names */
ORDER BY Name_ID, First_Execution_ID;
