-- The number of rows that an execution has in test_3_process_names.sql.
SELECT COUNT(*)
FROM PROCESSES_PER_EXECUTION x
JOIN Processes p ON p.Process_ID = x.Process_ID
WHERE x.Execution_ID = ?;
