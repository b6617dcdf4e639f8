-- Report hardware: Hardware per server and execution.
SELECT e.Server_ID        AS "Server_ID",
       e.Hostname         AS "Hostname",
       e.IP               AS "IP",
       e.Exec_date        AS "Exec_date",
       e.Hardware_vendor  AS "Vendor",
       e.Hardware_model   AS "Model",
       e.Hardware_serial  AS "Serial",
       e.Hardware_UUID    AS "UUID",
       e.Virtualization   AS "Virtualization",
       p.Brand            AS "Processor",
       e.Number_of_cores  AS "Cores",
       e.Physical_memory  AS "Memory_bytes",
       e.Interfaces       AS "Interfaces"
FROM Executions e
LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID;
