-- The least and the greatest id of a process, and the number of processes.
SELECT (SELECT MIN(Process_ID) FROM Processes),
       (SELECT MAX(Process_ID) FROM Processes),
       (SELECT COUNT(*) FROM Processes);
