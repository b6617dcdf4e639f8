-- Report packages: Installed packages per server and execution.
-- Of the list: packages.
-- CROSS JOIN fixes the order of the loops on SQLite: execution by execution, so that only the rows
-- of one execution are sorted at a time.
SELECT e.Server_ID       AS "Server_ID",
       e.Hostname        AS "Hostname",
       e.IP              AS "IP",
       e.Exec_date       AS "Exec_date",
       p.Package_Type    AS "Type",
       p.Package_Name    AS "Package",
       p.Version         AS "Version",
       p.Package_Arch    AS "Arch",
       p.Source          AS "Source",
       p.Source_version  AS "Source_version",
       p.Publisher       AS "Publisher"
FROM Executions e
CROSS JOIN PACKAGES_PER_SET x ON x.Package_Set_ID = e.Package_Set_ID
JOIN Packages p ON p.Package_ID = x.Package_ID
ORDER BY e.Server_ID, e.Exec_date, e.Execution_ID, p.Package_Type, p.Package_Name, p.Version,
         p.Package_Arch, p.Source, p.Source_version, p.Publisher;
