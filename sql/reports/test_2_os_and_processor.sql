-- Test 2: Operating system and processor of each server.
SELECT s.IP       AS "IP",
       o.OS_Name  AS "OS_Name",
       p.Brand    AS "Brand"
FROM Servers s
JOIN OS o ON o.OS_ID = s.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID
ORDER BY s.Server_ID;
