-- The facts of an execution in one row, besides the columns that records declare as compared. A NULL
-- brand means an unknown processor or, with a Processor_ID, a missing row in Processors.
SELECT e.Hostname, e.IP, o.OS_Name, o.OS_Version, p.Brand,
       e.Processes_known, e.Processor_ID
FROM Executions e JOIN OS o ON o.OS_ID = e.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
WHERE e.Execution_ID = ?;
