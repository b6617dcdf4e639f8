-- What an execution says of its host in one row, beside the columns that records declare to be
-- compared. A processor is not known, or it is missing.
SELECT e.Hostname, e.IP, o.OS_Name, o.OS_Version, p.Brand,
       e.Processes_known, e.Users_known, e.Processor_ID
FROM Executions e JOIN OS o ON o.OS_ID = e.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
WHERE e.Execution_ID = ?;
