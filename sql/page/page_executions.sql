-- The number of processes, and of items of each list that records declare, per server and execution.
-- NULL: unknown. The program replaces the last comment of the SELECT clause by a column for each list.
SELECT e.Server_ID         AS "Server_ID",
       e.Execution_ID      AS "Execution_ID",
       e.Exec_date         AS "Exec_date",
       CASE WHEN e.Snapshot_ID IS NULL THEN 0 ELSE 1 END AS "Has_snapshot",
       e.Date_is_possible  AS "Date_is_possible",
       CASE WHEN e.Processes_known = 1
            THEN (SELECT COUNT(*)
                  FROM PROCESSES_PER_EXECUTION x
                  WHERE x.Execution_ID = e.Execution_ID)
       END AS "Processes" /* lists */
FROM Executions e
ORDER BY e.Server_ID, e.Exec_date, e.Snapshot_ID, e.Execution_ID;
