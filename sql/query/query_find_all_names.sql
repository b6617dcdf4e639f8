-- All names of processes, for `census find` without its index.
SELECT DISTINCT Process_Name FROM Processes;
