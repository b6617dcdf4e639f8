-- Each execution, with the number of processes, and of items of each list that records declare. NULL:
-- unknown. The program replaces the comment in the SELECT clause by a column for each list.
SELECT e.Execution_ID  AS "Execution_ID",
       e.Server_ID     AS "Server_ID",
       e.Hostname      AS "Hostname",
       e.IP            AS "IP",
       e.Exec_date     AS "Exec_date",
       CASE WHEN e.Processes_known = 1
            THEN (SELECT COUNT(*)
                  FROM PROCESSES_PER_EXECUTION x
                  WHERE x.Execution_ID = e.Execution_ID)
       END AS "Processes" /* lists */,
       e.Receipt_ID    AS "Receipt_ID",
       r.Path          AS "File",
       e.Snapshot_ID   AS "Snapshot_ID"
FROM Executions e
LEFT JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID
ORDER BY e.Server_ID, e.Exec_date, e.Snapshot_ID, e.Execution_ID;
