-- Report listening: Listening ports per server and execution.
-- Of the list: listeners.
-- On the page.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID     AS "Server_ID",
       e.Hostname      AS "Hostname",
       e.IP            AS "IP",
       e.Exec_date     AS "Exec_date",
       i.Protocol      AS "Protocol",
       i.Family        AS "Family",
       i.Address       AS "Address",
       i.Port          AS "Port",
       i.Interface     AS "Interface",
       i.Process_Name  AS "Process",
       i.Path          AS "Path",
       i.Package_Name  AS "Package"
FROM Executions e
CROSS JOIN LISTENING_PORTS_PER_EXECUTION x ON x.Execution_ID = e.Execution_ID
JOIN Listening_ports i ON i.Listening_Port_ID = x.Listening_Port_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Port, i.Protocol, i.Family, i.Address,
         i.Interface, i.Process_Name, i.Path, i.Package_Name;
