-- What an execution says of its host in single values, apart from those that `census diff` compares and
-- that have a row of their own in `census show`.
SELECT e.Host_ID_source, o.OS_Name, o.OS_Version, e.Codename, e.Kernel, e.Arch,
       p.Brand, e.Sockets, e.Number_of_cores, e.Logical_processors,
       e.Container, e.Hardware_vendor, e.Hardware_model, e.Hardware_serial,
       e.Hardware_UUID, e.Physical_memory, e.Interfaces, e.Boot_time, e.Generator,
       e.Collector_euid, e.Collector_elevated, e.Processes_hidden, e.Processes_known,
       e.Unread_files
FROM Executions e
JOIN OS o ON o.OS_ID = e.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
WHERE e.Execution_ID = ?;
