-- The executions of processes by their names. The program replaces the comment by parameters.
SELECT p.Process_Name, x.Execution_ID
FROM PROCESSES_PER_EXECUTION x
JOIN Processes p ON p.Process_ID = x.Process_ID
WHERE p.Process_Name IN (/* names */);
