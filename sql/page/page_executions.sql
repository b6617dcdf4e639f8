-- The numbers of processes and logged-in users, per server and execution. NULL: unknown.
SELECT e.Server_ID         AS "Server_ID",
       e.Execution_ID      AS "Execution_ID",
       e.Exec_date         AS "Exec_date",
       CASE WHEN e.Processes_known = 1
            THEN (SELECT COUNT(*)
                  FROM PROCESSES_PER_EXECUTION x
                  WHERE x.Execution_ID = e.Execution_ID)
       END AS "Processes",
       CASE WHEN e.Users_known = 1
            THEN (SELECT COUNT(*)
                  FROM USERS_PER_EXECUTION x
                  WHERE x.Execution_ID = e.Execution_ID)
       END AS "Users",
       CASE WHEN e.Snapshot_ID IS NULL THEN 0 ELSE 1 END AS "Has_snapshot",
       e.Date_is_possible  AS "Date_is_possible"
FROM Executions e
ORDER BY e.Server_ID, e.Exec_date, e.Snapshot_ID, e.Execution_ID;
