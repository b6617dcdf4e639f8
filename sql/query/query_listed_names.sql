-- The rows that an execution has in test_3_process_names.sql.
SELECT p.Process_Name
FROM PROCESSES_PER_EXECUTION x
JOIN Processes p ON p.Process_ID = x.Process_ID
WHERE x.Execution_ID = ?
ORDER BY p.PID, p.Process_Name;
