-- Each server, as last seen.
SELECT s.Server_ID   AS "Server_ID",
       s.Hostname    AS "Hostname",
       s.IP          AS "IP",
       o.OS_Name     AS "OS_Name",
       o.OS_Version  AS "OS_Version",
       p.Brand       AS "Brand"
FROM Servers s
JOIN OS o ON o.OS_ID = s.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID
ORDER BY s.Server_ID;
