-- Report open-ports: Ports that listen on all addresses, and by which program and package.
-- Of the list: listeners.
-- Of the newest execution of each server.
SELECT e.Server_ID     AS "Server_ID",
       e.Hostname      AS "Hostname",
       e.IP            AS "IP",
       e.Exec_date     AS "Exec_date",
       i.Protocol      AS "Protocol",
       i.Family        AS "Family",
       i.Port          AS "Port",
       i.Interface     AS "Interface",
       i.Process_Name  AS "Process",
       i.Path          AS "Path",
       i.Package_Name  AS "Package"
FROM Executions e
CROSS JOIN LISTENING_PORTS_PER_EXECUTION x ON x.Execution_ID = e.Execution_ID
JOIN Listening_ports i ON i.Listening_Port_ID = x.Listening_Port_ID
WHERE i.Address IN ('0.0.0.0', '::', '::ffff:0.0.0.0') AND i.Protocol <> 'raw'
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, i.Port, i.Protocol, i.Family, i.Address,
         i.Interface, i.Process_Name, i.Path, i.Package_Name;
