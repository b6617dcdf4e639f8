-- The number of servers per operating system, as last seen.
SELECT o.OS_Name     AS "OS_Name",
       o.OS_Version  AS "OS_Version",
       COUNT(*)      AS "Servers"
FROM Servers s
JOIN OS o ON o.OS_ID = s.OS_ID
GROUP BY o.OS_ID, o.OS_Name, o.OS_Version
ORDER BY COUNT(*) DESC, o.OS_Name, o.OS_Version;
