-- Report package-versions: How many servers have which version of each package.
-- Of the list: packages.
-- On the page.
-- Of the newest execution of each server.
SELECT p.Package_Type  AS "Type",
       p.Package_Name  AS "Package",
       p.Version       AS "Version",
       p.Package_Arch  AS "Arch",
       COUNT(DISTINCT e.Server_ID) AS "Servers"
FROM Executions e
JOIN PACKAGES_PER_SET x ON x.Package_Set_ID = e.Package_Set_ID
JOIN Packages p ON p.Package_ID = x.Package_ID
GROUP BY p.Package_Type, p.Package_Name, p.Version, p.Package_Arch
ORDER BY p.Package_Type, p.Package_Name, p.Version, p.Package_Arch;
