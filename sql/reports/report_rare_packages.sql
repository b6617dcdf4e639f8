-- Report rare-packages: Packages that only one server has, in any version.
-- Of the list: packages.
-- Of the newest execution of each server.
SELECT s.Server_ID     AS "Server_ID",
       s.Hostname      AS "Hostname",
       s.IP            AS "IP",
       r.Package_Type  AS "Type",
       r.Package_Name  AS "Package"
FROM (
    SELECT p.Package_Type, p.Package_Name, MIN(e.Server_ID) AS Server_ID
    FROM Executions e
    JOIN PACKAGES_PER_SET x ON x.Package_Set_ID = e.Package_Set_ID
    JOIN Packages p ON p.Package_ID = x.Package_ID
    GROUP BY p.Package_Type, p.Package_Name
    HAVING MIN(e.Server_ID) = MAX(e.Server_ID)) r
JOIN Servers s ON s.Server_ID = r.Server_ID
ORDER BY r.Package_Type, r.Package_Name;
